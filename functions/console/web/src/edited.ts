// What the form of a token changes.
import type { Change, TokenRecord } from "./api";
import { type Draft, textOf, toDraft, toPermissions } from "./draft";

/** What the user can change in the form. */
export interface Edited {
  description: string;
  owner: string;
  draft: Draft;
}

/** Returns what the form shows of a record. */
export const editedOf = (record: TokenRecord): Edited => ({
  description: record.description ?? "",
  owner: record.owner ?? "",
  draft: toDraft(record.permissions),
});

/** Returns what differs from the record. */
export function changeOf(record: TokenRecord, edited: Edited): Change {
  const { description, owner, draft } = edited;
  return {
    ...(description === (record.description ?? "") ? {} : { description: description === "" ? null : description }),
    ...(owner === (record.owner ?? "") ? {} : { owner: owner === "" ? null : owner }),
    ...(textOf(draft) === textOf(toDraft(record.permissions)) ? {} : { permissions: toPermissions(draft) }),
  };
}
