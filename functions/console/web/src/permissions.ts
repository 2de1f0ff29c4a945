// The kinds of grants with their fields and roles, as docs/API.md lists them, and permissions in plain language.
import type { Grant, Permissions } from "./api";

export const ALL = "*";

export interface GrantField {
  name: string;
  label: string;
  /** Whether it is a list of values. */
  isList: boolean;
  /** The format of a value, where the example is not enough. */
  hint?: string;
  example: string;
  /** The label of `*`; empty if the field does not allow it. */
  allLabel: string;
  /** The values to choose from, if they are fixed. */
  options?: readonly string[];
}

export interface Kind {
  resource: string;
  label: string;
  about: string;
  fields: readonly GrantField[];
  /** Each role and what it allows; none for routes. */
  roles: readonly (readonly [role: string, allows: string])[];
}

const project: GrantField = {
  name: "project",
  label: "Project",
  isList: false,
  example: "payments",
  allLabel: "All projects",
};
const environments: GrantField = {
  name: "environments",
  label: "Environments",
  isList: true,
  example: "prod",
  allLabel: "All environments",
};
const applications: GrantField = {
  name: "applications",
  label: "Applications",
  isList: true,
  example: "checkout",
  allLabel: "All applications",
};

/** Every kind of the API, which tests/api/console.rs checks. */
const BY_RESOURCE: Record<string, Omit<Kind, "resource">> = {
  routes: {
    label: "Routes",
    about: "Requests to routes of your own API, by method and path.",
    fields: [
      {
        name: "methods",
        label: "Methods",
        isList: true,
        example: "GET",
        allLabel: "All methods",
        options: ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"],
      },
      {
        name: "paths",
        label: "Paths",
        isList: true,
        hint: "Start with /. * matches one segment, ** at the end matches the rest",
        example: "/orders/**",
        allLabel: "",
      },
    ],
    roles: [],
  },
  devtronApps: {
    label: "Devtron apps",
    about: "Applications that Devtron builds and deploys.",
    fields: [project, environments, applications],
    roles: [
      ["view", "View applications, environments and the project"],
      ["trigger", "View, and start builds and deployments"],
      ["admin", "Full access to the applications and environments"],
      ["manager", "Admin, and manage the project, its users and notifications"],
    ],
  },
  helmApps: {
    label: "Helm apps",
    about: "Applications installed from Helm charts.",
    fields: [
      project,
      { ...environments, hint: "Use cluster/namespace, or cluster/* for a whole cluster", example: "production/web" },
      applications,
    ],
    roles: [
      ["view", "View Helm applications and the project"],
      ["edit", "View, and change Helm applications"],
      ["admin", "Full access to the Helm applications"],
    ],
  },
  jobs: {
    label: "Jobs",
    about: "Jobs and their workflows.",
    fields: [
      project,
      environments,
      { name: "jobs", label: "Jobs", isList: true, example: "nightly-report", allLabel: "All jobs" },
      { name: "workflows", label: "Workflows", isList: true, example: "build", allLabel: "All workflows" },
    ],
    roles: [
      ["view", "View jobs, their workflows and the project"],
      ["trigger", "View, and run jobs"],
      ["admin", "Full access to the jobs and workflows"],
    ],
  },
  kubernetes: {
    label: "Kubernetes",
    about: "Objects in clusters, by namespace, API group, kind and name.",
    fields: [
      { name: "cluster", label: "Cluster", isList: false, example: "production", allLabel: "All clusters" },
      {
        name: "namespaces",
        label: "Namespaces",
        isList: true,
        hint: "Use _cluster for objects without a namespace",
        example: "web",
        allLabel: "All namespaces",
      },
      {
        name: "apiGroups",
        label: "API groups",
        isList: true,
        hint: "Use core for pods, services and other core objects",
        example: "apps",
        allLabel: "All API groups",
      },
      { name: "kinds", label: "Kinds", isList: true, example: "Deployment", allLabel: "All kinds" },
      { name: "names", label: "Objects", isList: true, example: "api", allLabel: "All objects" },
    ],
    roles: [
      ["view", "View the objects"],
      ["edit", "Create, change and delete the objects"],
      ["admin", "Edit, and manage the users of the cluster and namespaces"],
    ],
  },
  chartGroups: {
    label: "Chart groups",
    about: "Groups of charts. The roles view and admin apply to all groups; edit can be limited to some.",
    fields: [
      { name: "names", label: "Chart groups", isList: true, example: "databases", allLabel: "All chart groups" },
    ],
    roles: [
      ["view", "View all chart groups"],
      ["edit", "View all chart groups, and change the listed ones"],
      ["admin", "Full access to all chart groups"],
    ],
  },
};
export const KINDS: readonly Kind[] = Object.entries(BY_RESOURCE).map(([resource, kind]) => ({ resource, ...kind }));

/** A grant in the form. Every field is a list; a single value is a list of one. */
export interface Row {
  key: number;
  resource: string;
  values: Record<string, string[]>;
  /** Text in the control of a list that is not a value yet, by field. It counts as if it were. */
  typed: Record<string, string>;
  role: string;
}

/** Returns the values in a text that separates them with commas or line breaks, without those that are known. */
export function parseValues(text: string, known: readonly string[] = []): string[] {
  const values = text.split(/[,\n]/).map((value) => value.trim());
  return [...new Set(values)].filter((value) => value !== "" && !known.includes(value));
}

/** Returns the values of a field, with those that are still being typed. */
export function valuesOf(row: Row, field: string): string[] {
  const values = row.values[field] ?? [];
  return [...values, ...parseValues(row.typed[field] ?? "", values)];
}

let lastKey = 0;

export function kindOf(resource: string): Kind | undefined {
  return KINDS.find((kind) => kind.resource === resource);
}

export function emptyRow(kind: Kind): Row {
  const values = Object.fromEntries(kind.fields.map((field) => [field.name, [] as string[]]));
  const role = kind.roles[0]?.[0] ?? "";
  if (kind.resource === "chartGroups") values.names = [ALL];
  return { key: ++lastKey, resource: kind.resource, values, typed: {}, role };
}

/** Converts a grant for the form; null if this release does not know it, so that the form keeps it unchanged. */
export function toRow(grant: Grant): Row | null {
  const kind = kindOf(grant.resource);
  if (!kind || kind.fields.some((field) => grant[field.name] === undefined)) return null;
  if (kind.roles.length > 0 && !kind.roles.some(([role]) => role === grant.role)) return null;
  const values = Object.fromEntries(kind.fields.map((field) => [field.name, [grant[field.name] ?? []].flat()]));
  return { key: ++lastKey, resource: kind.resource, values, typed: {}, role: grant.role ?? "" };
}

export function toGrant(row: Row): Grant {
  const fields = kindOf(row.resource)?.fields ?? [];
  const values = fields.map((field) => {
    const given = valuesOf(row, field.name);
    return [field.name, field.isList ? given : (given[0] ?? "")] as const;
  });
  return { resource: row.resource, ...Object.fromEntries(values), ...(row.role === "" ? {} : { role: row.role }) };
}

/** Returns error messages by field. The server validates more strictly. */
export function rowErrors(row: Row): Record<string, string> {
  const found: Record<string, string> = {};
  for (const field of kindOf(row.resource)?.fields ?? []) {
    const values = valuesOf(row, field.name);
    if (values.length === 0) found[field.name] = missing(field);
    else if (row.resource === "routes" && field.name === "paths" && values.some((path) => !path.startsWith("/"))) {
      const wrong = values.find((path) => !path.startsWith("/"));
      found[field.name] = `Start each path with /, unlike “${wrong}”`;
    }
  }
  const all = row.values.names?.[0] === ALL;
  if (row.resource === "chartGroups" && row.role !== "edit" && !all) {
    found.names = `Select “All chart groups”: the role ${row.role} applies to all of them`;
  }
  return found;
}

function missing(field: GrantField): string {
  // Keep abbreviations such as API in capitals.
  const label = field.label.replace(/^[A-Z](?=[a-z])/, (letter) => letter.toLowerCase());
  const action = field.options ? "Select" : "Enter";
  const values = field.isList ? `one or more ${label}` : `a ${label}`;
  return `${action} ${values}${field.allLabel ? `, or select “${field.allLabel}”` : ""}`;
}

function listed(values: string | string[] | undefined, one: string, many: string): string {
  const list = [values ?? []].flat();
  if (list.length === 1 && list[0] === ALL) return `all ${many}`;
  const shown = list.length > 4 ? [...list.slice(0, 3), `${list.length - 3} more`] : list;
  return `${list.length === 1 ? one : many} ${new Intl.ListFormat("en", { type: "conjunction" }).format(shown)}`;
}

/** Returns a grant in plain language, as a sentence without a full stop. */
export function describeGrant(grant: Grant): string {
  const of = (name: string, one: string, many: string) => listed(grant[name], one, many);
  const role = grant.role ?? "";
  const inProject = grant.project === ALL ? "all projects" : `project ${String(grant.project)}`;
  switch (grant.resource) {
    case "devtronApps": {
      const verbs: Record<string, string> = {
        view: "View",
        trigger: "View, build and deploy",
        admin: "Full access to",
        manager: "Full access to",
      };
      const more = role === "manager" ? `; manage ${inProject} with users and notifications` : "";
      return `${verbs[role] ?? role} ${of("applications", "application", "applications")} of ${inProject}, in ${of("environments", "environment", "environments")}${more}`;
    }
    case "helmApps": {
      const verbs: Record<string, string> = { view: "View", edit: "View and change", admin: "Full access to" };
      return `${verbs[role] ?? role} ${of("applications", "Helm application", "Helm applications")} of ${inProject}, in ${of("environments", "environment", "environments")}`;
    }
    case "jobs": {
      const verbs: Record<string, string> = { view: "View", trigger: "View and run", admin: "Full access to" };
      return `${verbs[role] ?? role} ${of("jobs", "job", "jobs")} of ${inProject}, ${of("workflows", "workflow", "workflows")}, in ${of("environments", "environment", "environments")}`;
    }
    case "kubernetes": {
      const verbs: Record<string, string> = { view: "View", edit: "Full access to", admin: "Full access to" };
      const more = role === "admin" ? "; manage their users" : "";
      const where = grant.cluster === ALL ? "all clusters" : `cluster ${String(grant.cluster)}`;
      const group = of("apiGroups", "API group", "API groups");
      return `${verbs[role] ?? role} ${of("kinds", "kind", "kinds")}, ${of("names", "object", "objects")}, in ${of("namespaces", "namespace", "namespaces")} of ${where} (${group})${more}`;
    }
    case "chartGroups": {
      const verbs: Record<string, string> = {
        view: "View",
        edit: "View all chart groups, and change",
        admin: "Full access to",
      };
      return `${verbs[role] ?? role} ${of("names", "chart group", "chart groups")}`;
    }
    case "routes": {
      const methods = grant.methods?.[0] === ALL ? "any method" : [grant.methods ?? []].flat().join(", ");
      return `Send ${methods} to ${[grant.paths ?? []].flat().join(", ")}`;
    }
    default:
      return `Unknown grant (${grant.resource}), which allows nothing in this release`;
  }
}

/** Returns permissions in a few words, for the list. */
export function describePermissions(permissions: Permissions): string {
  if (permissions.type === "superAdmin") return "Super admin: full access";
  const { grants } = permissions;
  const first = grants[0] ? describeGrant(grants[0]) : "No access";
  return grants.length > 1 ? `${first}, and ${grants.length - 1} more` : first;
}
