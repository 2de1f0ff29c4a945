// The values with which the form of a new token starts. They are parameters of the form's address, so that a link can fill in
// the form, and so that a token can be duplicated.
import { addressesOf, toAllowedIps } from "./addresses";
import type { Grant, Permissions } from "./api";
import { EMPTY, toDraft, toPermissions } from "./draft";
import type { Edited } from "./edited";
import { type ExpirationChoice, formatChoice, parseChoice } from "./expiration";
import { parseValues } from "./permissions";

export interface Start {
  name: string;
  /** The expiration. */
  choice: ExpirationChoice;
  edited: Edited;
  /** Whether the address filled in anything. */
  isFilled: boolean;
}

export function parseStart(parameters: URLSearchParams): Start {
  const permissions = parsePermissions(parameters.get("permissions"));
  const addresses = parseValues(parameters.get("addresses") ?? "");
  return {
    name: parameters.get("name") ?? "",
    choice: parseChoice(parameters.get("expires")),
    edited: {
      description: parameters.get("description") ?? "",
      owner: parameters.get("owner") ?? "",
      addresses: addressesOf(addresses.length > 0 ? addresses : null),
      selfRegenerate: parameters.has("self"),
      draft: permissions === null ? EMPTY : toDraft(permissions),
    },
    isFilled: parameters.size > 0,
  };
}

export function formatStart({ name, choice, edited }: Omit<Start, "isFilled">): string {
  const parameters = new URLSearchParams();
  const addresses = toAllowedIps(edited.addresses);
  if (name !== "") parameters.set("name", name);
  if (edited.description !== "") parameters.set("description", edited.description);
  if (edited.owner !== "") parameters.set("owner", edited.owner);
  if (addresses !== null) parameters.set("addresses", addresses.join());
  if (edited.selfRegenerate) parameters.set("self", "regenerates");
  parameters.set("expires", formatChoice(choice));
  parameters.set("permissions", JSON.stringify(toPermissions(edited.draft)));
  return `#/generate?${parameters}`;
}

/**
 * Parses the permissions in an address, or returns null if they are malformed. Anybody can make a link with any text in it. The
 * server validates the permissions too.
 */
function parsePermissions(text: string | null): Permissions | null {
  if (text === null) return null;
  try {
    const value: unknown = JSON.parse(text);
    if (!isObject(value)) return null;
    if (value.type === "superAdmin") return { type: "superAdmin" };
    if (value.type !== "specific" || !Array.isArray(value.grants)) return null;
    return { type: "specific", grants: value.grants.filter(isGrant) };
  } catch {
    return null;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isGrant(value: unknown): value is Grant {
  if (!isObject(value) || typeof value.resource !== "string") return false;
  const isText = (one: unknown) => typeof one === "string";
  return Object.values(value).every((member) => isText(member) || (Array.isArray(member) && member.every(isText)));
}
