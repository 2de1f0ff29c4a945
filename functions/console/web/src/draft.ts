// Permissions while they are edited.
import type { Grant, Permissions } from "./api";
import { kindOf, type Row, rowErrors, toGrant, toRow } from "./permissions";

/** The state of the form. It keeps the grants while super admin is selected, so that switching back loses nothing. */
export interface Draft {
  superAdmin: boolean;
  rows: Row[];
  /** Grants that this release does not know. They are sent back unchanged. */
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

/** Returns an error message for a draft that cannot be sent, or null. */
export function draftError(draft: Draft): string | null {
  if (draft.superAdmin) return null;
  if (draft.rows.length + draft.unknown.length === 0)
    return "Add at least one permission. Without one, the token has no access.";
  const incomplete = draft.rows
    .filter((row) => !isComplete(row))
    .map((row) => kindOf(row.resource)?.label ?? row.resource);
  return incomplete.length > 0
    ? `Complete the permissions under ${new Intl.ListFormat("en").format(new Set(incomplete))}.`
    : null;
}
