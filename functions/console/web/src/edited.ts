// What the form of a token contains, and what it changes.
import { addressesError, addressesOf, toAllowedIps } from "./addresses";
import type { Change, TokenRecord } from "./api";
import { type Draft, draftError, EMPTY, toDraft, toPermissions } from "./draft";
import { descriptionError, ownerError } from "./fields";
import type { FieldValue } from "./values";

/** What the user can change in the form, of a new token and of an existing one. */
export interface Edited {
  description: string;
  owner: string;
  addresses: FieldValue;
  selfRegenerate: boolean;
  draft: Draft;
}

export const EMPTY_FORM: Edited = {
  description: "",
  owner: "",
  addresses: addressesOf(null),
  selfRegenerate: false,
  draft: EMPTY,
};

/** Returns what the form shows of a record. */
export const editedOf = (record: TokenRecord): Edited => ({
  description: record.description ?? "",
  owner: record.owner ?? "",
  addresses: addressesOf(record.allowedIps),
  selfRegenerate: record.selfRegenerate,
  draft: toDraft(record.permissions),
});

/** Returns the members as the API accepts them. */
export const toMembers = ({ description, owner, addresses, selfRegenerate, draft }: Edited): Required<Change> => ({
  description: description === "" ? null : description,
  owner: owner === "" ? null : owner,
  allowedIps: toAllowedIps(addresses),
  selfRegenerate,
  permissions: toPermissions(draft),
});

/** Returns the members of `after` that differ from those of `before`. */
export function difference(before: Edited, after: Edited): Change {
  const membersBefore: Record<string, unknown> = toMembers(before);
  const changed = Object.entries(toMembers(after)).filter(
    ([member, value]) => JSON.stringify(value) !== JSON.stringify(membersBefore[member]),
  );
  return Object.fromEntries(changed);
}

/** Returns what the form changes in the record. */
export const changeOf = (record: TokenRecord, edited: Edited): Change => difference(editedOf(record), edited);

/** Returns an error message for a form that cannot be sent, or null. */
export function formError({ description, owner, addresses, draft }: Edited): string | null {
  return descriptionError(description) ?? ownerError(owner) ?? addressesError(addresses) ?? draftError(draft);
}
