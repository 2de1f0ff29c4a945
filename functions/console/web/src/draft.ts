// Permissions while they are edited.
import type { Grant, Permissions, Violation } from "./api";
import { ALL, emptyRow, KINDS, kindOf, type Role, type Row, rowErrors, toGrant, toRow } from "./permissions";

/** The state of the permissions form. It keeps the grants while super admin is selected, so that switching back loses nothing. */
export interface Draft {
  superAdmin: boolean;
  rows: Row[];
  /** Grants that the deployment's vocabulary does not describe. They are sent back unchanged. */
  unknown: Grant[];
}

export function toDraft(permissions: Permissions): Draft {
  if (permissions.type === "superAdmin") return { superAdmin: true, rows: [], unknown: [] };
  const { grants } = permissions;
  const rows = grants.map(toRow);
  return {
    superAdmin: false,
    rows: rows.filter((row) => row !== null),
    unknown: grants.filter((_, index) => rows[index] === null),
  };
}

export const isComplete = (row: Row) => Object.keys(rowErrors(row)).length === 0;

export const EMPTY: Draft = { superAdmin: false, rows: [], unknown: [] };

export function toPermissions(draft: Draft): Permissions {
  if (draft.superAdmin) return { type: "superAdmin" };
  return { type: "specific", grants: [...draft.rows.map(toGrant), ...draft.unknown] };
}

/** Returns permissions as text, to compare them. */
export const textOf = (draft: Draft) => JSON.stringify(toPermissions(draft));

/**
 * Returns the keys of the rows. The form stores these keys when the user tries to send it. From then on, it marks only these
 * rows as incomplete, and not rows that are added later.
 */
export const rowKeys = (draft: Draft): ReadonlySet<number> => new Set(draft.rows.map(({ key }) => key));

/** Returns an error message if the draft cannot be sent, or null. Only the rows with these keys are checked; by default, all. */
export function draftError(draft: Draft, keys: ReadonlySet<number> = rowKeys(draft)): string | null {
  if (draft.superAdmin) return null;
  if (draft.rows.length + draft.unknown.length === 0) {
    return "Add at least one permission. Without one, the token has no access.";
  }
  const incomplete = draft.rows
    .filter((row) => keys.has(row.key) && !isComplete(row))
    .map((row) => kindOf(row.resource)?.label ?? row.resource);
  return incomplete.length > 0
    ? `Complete the permissions under ${new Intl.ListFormat("en").format(new Set(incomplete))}.`
    : null;
}

/**
 * Returns messages for the server's violations in the grant with this index, by the name of the field. Messages about the
 * whole grant have an empty name. A message about one value of a list names the value.
 */
export function violationsOf(
  draft: Draft,
  index: number,
  violations: readonly Violation[],
): Partial<Record<string, string>> {
  const row = draft.rows[index];
  const grant = row && toGrant(row);
  const found: Record<string, string> = {};
  for (const { pointer, detail } of violations) {
    const [, permissions, grants, at, field = "", item] = pointer.split("/");
    if (permissions !== "permissions" || grants !== "grants" || at !== String(index)) continue;
    const value = item === undefined ? undefined : grant?.[field]?.[Number(item)];
    const message = value === undefined ? detail : `“${value}”: ${detail}`;
    found[field] = found[field] === undefined ? message : `${found[field]}; ${message}`;
  }
  return found;
}

/** A starting point for the permissions of a new token. */
export interface Template {
  label: string;
  about: string;
  draft: Draft;
}

/** Returns a row for each kind of grant that has a role for which `isChosen` is true. The row grants this role on everything. */
function everything(isChosen: (role: Role) => boolean): Row[] {
  return KINDS.flatMap((kind) => {
    const role = kind.roles.find(isChosen);
    const values = Object.fromEntries(kind.fields.map((field) => [field.name, [ALL]]));
    return role === undefined ? [] : [{ ...emptyRow(kind), role: role.name, values }];
  });
}

/** Returns the templates for which the deployment has roles. */
export function templates(): Template[] {
  const routes = kindOf("routes");
  const reading = routes ? [{ ...emptyRow(routes), values: { methods: ["GET"], paths: ["/**"] } }] : [];
  const trigger = everything(({ name }) => name === "trigger");
  const get = everything(({ actions }) => actions.every((action) => action === "get"));
  return [
    { label: "Read-only CI", about: "Read every route of your API", draft: { ...EMPTY, rows: reading } },
    { label: "Deployer", about: "The trigger role on everything", draft: { ...EMPTY, rows: trigger } },
    {
      label: "Auditor",
      about: "Read every route and everything else",
      draft: { ...EMPTY, rows: [...reading, ...get] },
    },
  ].filter(({ draft }) => draft.rows.length > 0);
}
