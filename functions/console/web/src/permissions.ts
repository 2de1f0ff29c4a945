// What each kind of grant is made of, in the words of docs/API.md, and permissions told in plain language.
import type { Grant, Permissions, StoredPermissions } from "./api";

export type Resource = Grant["resource"];
export const ALL = "*";

export interface Member {
  name: string;
  label: string;
  /** Takes a list of values, or one. */
  many: boolean;
  hint: string;
  example: string;
  /** What `*` means here. */
  all: string;
  /** The only values there are, where they are few. */
  options?: readonly string[];
}

export interface Kind {
  resource: Resource;
  label: string;
  about: string;
  members: readonly Member[];
  /** Role and what it allows; none for routes. */
  roles: readonly (readonly [role: string, allows: string])[];
}

const project: Member = { name: "project", label: "Project", many: false, hint: "One project", example: "payments", all: "Every project" };
const environments: Member = { name: "environments", label: "Environments", many: true, hint: "Names of environments", example: "prod", all: "All environments" };
const applications: Member = { name: "applications", label: "Applications", many: true, hint: "Names of applications", example: "checkout", all: "All applications" };

/** One of each kind that the API has: the compiler sees to it. */
const BY_RESOURCE: Record<Resource, Omit<Kind, "resource">> = {
  devtronApps: {
    label: "Devtron apps",
    about: "Applications that Devtron builds and deploys.",
    members: [project, environments, applications],
    roles: [
      ["view", "See applications, environments and the project"],
      ["trigger", "View, and start builds and deployments"],
      ["admin", "Everything on the applications and environments"],
      ["manager", "Admin, and manage the project, its users and notifications"],
    ],
  },
  helmApps: {
    label: "Helm apps",
    about: "Applications that were installed from Helm charts.",
    members: [
      project,
      { ...environments, hint: "cluster/namespace, or cluster/* for a whole cluster", example: "production/web" },
      applications,
    ],
    roles: [
      ["view", "See Helm applications and the project"],
      ["edit", "View, and change Helm applications"],
      ["admin", "Everything on the Helm applications"],
    ],
  },
  jobs: {
    label: "Jobs",
    about: "Jobs and their workflows.",
    members: [
      project,
      environments,
      { name: "jobs", label: "Jobs", many: true, hint: "Names of jobs", example: "nightly-report", all: "All jobs" },
      { name: "workflows", label: "Workflows", many: true, hint: "Names of workflows", example: "build", all: "All workflows" },
    ],
    roles: [
      ["view", "See jobs, their workflows and the project"],
      ["trigger", "View, and run jobs"],
      ["admin", "Everything on the jobs and workflows"],
    ],
  },
  kubernetes: {
    label: "Kubernetes",
    about: "Objects in clusters, by namespace, API group, kind and name.",
    members: [
      { name: "cluster", label: "Cluster", many: false, hint: "One cluster", example: "production", all: "Every cluster" },
      { name: "namespaces", label: "Namespaces", many: true, hint: "Names of namespaces; _cluster for objects that have none", example: "web", all: "All namespaces" },
      { name: "apiGroups", label: "API groups", many: true, hint: "API groups; core for pods, services and the like", example: "apps", all: "All API groups" },
      { name: "kinds", label: "Kinds", many: true, hint: "Kinds of objects", example: "Deployment", all: "All kinds" },
      { name: "names", label: "Objects", many: true, hint: "Names of objects", example: "api", all: "All objects" },
    ],
    roles: [
      ["view", "See the objects"],
      ["edit", "Create, change and delete the objects"],
      ["admin", "Edit, and manage the users of the cluster and namespaces"],
    ],
  },
  chartGroups: {
    label: "Chart groups",
    about: "Groups of charts. View and admin cover all groups; edit can be limited to some.",
    members: [{ name: "names", label: "Chart groups", many: true, hint: "Names of chart groups", example: "databases", all: "All chart groups" }],
    roles: [
      ["view", "See all chart groups"],
      ["edit", "View, and change these chart groups"],
      ["admin", "Everything on all chart groups"],
    ],
  },
  routes: {
    label: "Routes",
    about: "Requests to routes of your own API, by method and path.",
    members: [
      {
        name: "methods",
        label: "Methods",
        many: true,
        hint: "HTTP methods",
        example: "GET",
        all: "All methods",
        options: ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"],
      },
      { name: "paths", label: "Paths", many: true, hint: "Begin with /. * is one segment, a last ** all that follow", example: "/orders/**", all: "" },
    ],
    roles: [],
  },
};
export const KINDS: readonly Kind[] = Object.entries(BY_RESOURCE).map(([resource, kind]) => ({ resource: resource as Resource, ...kind }));

/** A grant as the form has it: every member a list, a single value a list of one. */
export interface Row {
  key: number;
  resource: Resource;
  values: Record<string, string[]>;
  role: string;
}

let lastKey = 0;

export function kindOf(resource: string): Kind | undefined {
  return KINDS.find((kind) => kind.resource === resource);
}

export function emptyRow(kind: Kind): Row {
  const values = Object.fromEntries(kind.members.map((member) => [member.name, [] as string[]]));
  const role = kind.roles[0]?.[0] ?? "";
  if (kind.resource === "chartGroups") values.names = [ALL];
  return { key: ++lastKey, resource: kind.resource, values, role };
}

/** Null for a grant of a newer release, which the form leaves alone. */
export function toRow(grant: object): Row | null {
  const given = grant as Record<string, string | string[]>;
  const kind = kindOf(String(given.resource));
  if (!kind || kind.members.some((member) => given[member.name] === undefined)) return null;
  if (kind.roles.length > 0 && !kind.roles.some(([role]) => role === given.role)) return null;
  const values = Object.fromEntries(kind.members.map((member) => [member.name, [given[member.name] ?? []].flat()]));
  return { key: ++lastKey, resource: kind.resource, values, role: typeof given.role === "string" ? given.role : "" };
}

export function toGrant(row: Row): Grant {
  const members = kindOf(row.resource)?.members ?? [];
  const values = members.map((member) => {
    const given = row.values[member.name] ?? [];
    return [member.name, member.many ? given : (given[0] ?? "")] as const;
  });
  const grant: Record<string, unknown> = { resource: row.resource, ...Object.fromEntries(values) };
  if (row.role !== "") grant.role = row.role;
  return grant as unknown as Grant;
}

/** What is wrong with a row, by member; the server's own rules are finer. */
export function rowErrors(row: Row): Record<string, string> {
  const found: Record<string, string> = {};
  for (const member of kindOf(row.resource)?.members ?? []) {
    const values = row.values[member.name] ?? [];
    if (values.length === 0) found[member.name] = member.all ? `Name at least one, or choose “${member.all}”` : "Name at least one";
    else if (row.resource === "routes" && member.name === "paths" && values.some((path) => !path.startsWith("/"))) {
      found[member.name] = "A path begins with /";
    }
  }
  const all = row.values.names?.[0] === ALL;
  if (row.resource === "chartGroups" && row.role !== "edit" && !all) {
    found.names = `The role ${row.role} covers all chart groups; only edit can be limited`;
  }
  return found;
}

function listed(values: string | string[] | undefined, one: string, many: string): string {
  const list = [values ?? []].flat();
  if (list.length === 1 && list[0] === ALL) return `all ${many}`;
  const shown = list.length > 4 ? [...list.slice(0, 3), `${list.length - 3} more`] : list;
  return `${list.length === 1 ? one : many} ${new Intl.ListFormat("en", { type: "conjunction" }).format(shown)}`;
}

/** One grant in plain language, as a sentence without its full stop. */
export function describeGrant(grant: object): string {
  const given = grant as Record<string, string | string[]>;
  const of = (name: string, one: string, many: string) => listed(given[name], one, many);
  const role = String(given.role ?? "");
  const inProject = given.project === ALL ? "every project" : `project ${String(given.project)}`;
  switch (given.resource) {
    case "devtronApps": {
      const verbs: Record<string, string> = {
        view: "See",
        trigger: "See, build and deploy",
        admin: "Do everything with",
        manager: "Do everything with",
      };
      const more = role === "manager" ? `, and manage users and notifications of ${inProject}` : "";
      return `${verbs[role] ?? role} ${of("applications", "application", "applications")} of ${inProject}, in ${of("environments", "environment", "environments")}${more}`;
    }
    case "helmApps": {
      const verbs: Record<string, string> = { view: "See", edit: "See and change", admin: "Do everything with" };
      return `${verbs[role] ?? role} ${of("applications", "Helm application", "Helm applications")} of ${inProject}, in ${of("environments", "environment", "environments")}`;
    }
    case "jobs": {
      const verbs: Record<string, string> = { view: "See", trigger: "See and run", admin: "Do everything with" };
      return `${verbs[role] ?? role} ${of("jobs", "job", "jobs")} of ${inProject}, ${of("workflows", "workflow", "workflows")}, in ${of("environments", "environment", "environments")}`;
    }
    case "kubernetes": {
      const verbs: Record<string, string> = { view: "See", edit: "Create, change and delete", admin: "Do everything with, and manage the users of," };
      const where = given.cluster === ALL ? "every cluster" : `cluster ${String(given.cluster)}`;
      const group = of("apiGroups", "API group", "API groups");
      return `${verbs[role] ?? role} ${of("kinds", "kind", "kinds")}, ${of("names", "object", "objects")}, in ${of("namespaces", "namespace", "namespaces")} of ${where} (${group})`;
    }
    case "chartGroups": {
      const verbs: Record<string, string> = { view: "See", edit: "See all chart groups, and change", admin: "Do everything with" };
      return `${verbs[role] ?? role} ${of("names", "chart group", "chart groups")}`;
    }
    case "routes": {
      const methods = given.methods?.[0] === ALL ? "any method" : [given.methods ?? []].flat().join(", ");
      return `Send ${methods} to ${[given.paths ?? []].flat().join(", ")}`;
    }
    default:
      return `Something of a newer release (${String(given.resource)}), which allows nothing here`;
  }
}

/** Permissions in a few words, for the list. */
export function describePermissions(permissions: StoredPermissions | Permissions): string {
  if (permissions.type === "superAdmin") return "Super admin: everything";
  const grants = permissions.grants as object[];
  const first = grants[0] ? describeGrant(grants[0]) : "Nothing";
  return grants.length > 1 ? `${first}, and ${grants.length - 1} more` : first;
}
