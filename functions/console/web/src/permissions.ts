// The kinds of grants that the deployment defines, with their fields and roles. Grants of these kinds are converted to rows
// of the form and back, and described in plain language.
import type { Grant, Permissions } from "./api";

export const ALL = "*";

/** A field of a grant, or another one that has the same kind of control. */
export interface ValuesField {
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
  fields: readonly ValuesField[];
  /** Empty for routes. */
  roles: readonly Role[];
}

export interface Role {
  name: string;
  /** What it allows, in words; may be empty. */
  description: string;
  /** The names of the fields that limit it. All others must be `*`. */
  limits: readonly string[];
  actions: readonly string[];
}

/** Grants on methods and paths, which every deployment has. */
const ROUTES: Kind = {
  resource: "routes",
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
};

/** The kinds of the deployment, in the order of their tabs. */
export let KINDS: readonly Kind[] = [ROUTES];

/** The kinds as the server describes them. */
export interface Vocabulary {
  kinds: {
    resource: string;
    title: string;
    description: string;
    members: { name: string; title: string; example: string; hint: string; single: boolean }[];
    /** `allows` lists `resource:action:object`, in which `{name}` is a member. */
    roles: { name: string; description: string; allows: string[] }[];
  }[];
}

/** Loads the kinds of the deployment. The page is rendered afterwards. */
export async function loadKinds(): Promise<void> {
  // The URL is relative to the page, because both may be served under a base path.
  const response = await fetch(new URL("console/permissions.json", document.baseURI), { credentials: "omit" });
  if (!response.ok) throw new Error(`status ${response.status}`);
  setVocabulary((await response.json()) as Vocabulary);
}

export function setVocabulary({ kinds }: Vocabulary): void {
  const own = kinds.map(({ resource, title, description, members, roles }): Kind => {
    const names = members.map(({ name }) => name);
    return {
      resource,
      label: title,
      about: description,
      fields: members.map(({ name, title, example, hint, single }) => ({
        name,
        label: title,
        isList: !single,
        hint,
        example,
        allLabel: `${single ? "Any" : "All"} ${inSentence(title)}`,
      })),
      roles: roles.map(({ name, description, allows }) => ({
        name,
        description,
        limits: names.filter((member) => allows.some((access) => access.includes(`{${member}}`))),
        actions: allows.map((access) => access.split(":")[1] ?? ""),
      })),
    };
  });
  KINDS = [ROUTES, ...own];
}

/** Returns a label as it is written within a sentence. Abbreviations such as API stay in capitals. */
function inSentence(label: string): string {
  return label.replace(/^[A-Z](?=[a-z])/, (letter) => letter.toLowerCase());
}

/** A grant in the form. Every field is a list; a single value is a list of one. */
export interface Row {
  key: number;
  resource: string;
  values: Record<string, string[]>;
  /** For each field with a list, the text in its input that the user has not yet made a value. It counts as values too. */
  typed: Record<string, string>;
  role: string;
}

/** Returns the values in a text, between commas or line breaks, without those in `known`. */
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

/** Returns a row to fill in, with the first role of its kind. Fields that do not limit this role already match everything. */
export function emptyRow(kind: Kind): Row {
  const role = kind.roles[0];
  const values = kind.fields.map(({ name }) => [name, !role || role.limits.includes(name) ? [] : [ALL]] as const);
  return {
    key: ++lastKey,
    resource: kind.resource,
    values: Object.fromEntries(values),
    typed: {},
    role: role?.name ?? "",
  };
}

/** Returns whether a grant has exactly the fields, and a role, that the deployment defines. Otherwise it allows nothing. */
function isDescribed(grant: Grant, kind: Kind): boolean {
  const role = kind.roles.find(({ name }) => name === grant.role);
  const otherKeys = kind.roles.length > 0 ? ["resource", "role"] : ["resource"];
  return (
    Object.keys(grant).length === kind.fields.length + otherKeys.length &&
    kind.fields.every(({ name, isList }) => grant[name] !== undefined && Array.isArray(grant[name]) === isList) &&
    (kind.roles.length === 0 ||
      (role !== undefined && kind.fields.every(({ name }) => role.limits.includes(name) || isAll(grant[name]))))
  );
}

function isAll(values: string | string[] | undefined): boolean {
  return [values ?? []].flat()[0] === ALL;
}

/** Converts a grant for the form; null if the deployment does not define it, so that the form keeps it unchanged. */
export function toRow(grant: Grant): Row | null {
  const kind = kindOf(grant.resource);
  if (!kind || !isDescribed(grant, kind)) return null;
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
  const kind = kindOf(row.resource);
  const role = kind?.roles.find(({ name }) => name === row.role);
  for (const field of kind?.fields ?? []) {
    const values = valuesOf(row, field.name);
    if (values.length === 0) found[field.name] = missing(field);
    else if (role && !role.limits.includes(field.name) && !isAll(values)) {
      found[field.name] = `Select “${field.allLabel}”: the role ${role.name} applies to all of them`;
    } else if (row.resource === "routes" && field.name === "paths" && values.some((path) => !path.startsWith("/"))) {
      const wrong = values.find((path) => !path.startsWith("/"));
      found[field.name] = `Start each path with /, unlike “${wrong}”`;
    }
  }
  return found;
}

function missing(field: ValuesField): string {
  const label = inSentence(field.label);
  const action = field.options ? "Select" : "Enter";
  const article = /^[aeiou]/i.test(label) ? "an" : "a";
  const values = field.isList ? `one or more ${label}` : `${article} ${label}`;
  return `${action} ${values}${field.allLabel ? `, or select “${field.allLabel}”` : ""}`;
}

function listed(values: string | string[] | undefined): string {
  const list = [values ?? []].flat();
  const shown = list.length > 4 ? [...list.slice(0, 3), `${list.length - 3} more`] : list;
  return new Intl.ListFormat("en", { type: "conjunction" }).format(shown);
}

/** Returns a grant in plain language, as a sentence without a full stop. */
export function describeGrant(grant: Grant): string {
  const kind = kindOf(grant.resource);
  // If the deployment does not define the kind or the role, there are no words for it, so the grant is shown as JSON.
  if (!kind || !isDescribed(grant, kind)) return `Unknown grant (${grant.resource}): ${JSON.stringify(grant)}`;
  if (kind === ROUTES) {
    const methods = isAll(grant.methods) ? "any method" : [grant.methods ?? []].flat().join(", ");
    return `Send ${methods} to ${[grant.paths ?? []].flat().join(", ")}`;
  }
  const role = kind.roles.find(({ name }) => name === grant.role);
  const where = kind.fields
    .filter(({ name }) => role?.limits.includes(name))
    .map(({ name, label, allLabel }) => inSentence(isAll(grant[name]) ? allLabel : `${label} ${listed(grant[name])}`));
  const what = `${kind.label}: ${inSentence(role?.description || role?.name || "")}`;
  return where.length > 0 ? `${what}, for ${where.join("; ")}` : what;
}

/** Returns permissions in a few words, for the list. */
export function describePermissions(permissions: Permissions): string {
  if (permissions.type === "superAdmin") return "Super admin: full access";
  const { grants } = permissions;
  const first = grants[0] ? describeGrant(grants[0]) : "No access";
  return grants.length > 1 ? `${first}, and ${grants.length - 1} more` : first;
}
