// What the form of a new token starts with, as an address says it: for a link to a draft, and to duplicate a token.
import type { Grant, Permissions } from "./api";
import { type Draft, EMPTY, toDraft, toPermissions } from "./draft";
import { type Choice, choiceOf, formatChoice } from "./expiration";

export interface Start {
  name: string;
  description: string;
  owner: string;
  choice: Choice;
  draft: Draft;
  /** Whether the address filled in anything. */
  isFilled: boolean;
}

export function parseStart(parameters: URLSearchParams): Start {
  const permissions = parsePermissions(parameters.get("permissions"));
  return {
    name: parameters.get("name") ?? "",
    description: parameters.get("description") ?? "",
    owner: parameters.get("owner") ?? "",
    choice: choiceOf(parameters.get("expires")),
    draft: permissions === null ? EMPTY : toDraft(permissions),
    isFilled: parameters.size > 0,
  };
}

export function formatStart(start: Omit<Start, "isFilled">): string {
  const parameters = new URLSearchParams();
  if (start.name !== "") parameters.set("name", start.name);
  if (start.description !== "") parameters.set("description", start.description);
  if (start.owner !== "") parameters.set("owner", start.owner);
  parameters.set("expires", formatChoice(start.choice));
  parameters.set("permissions", JSON.stringify(toPermissions(start.draft)));
  return `#/generate?${parameters}`;
}

/** Parses permissions of a link, which may be anything; null if they are malformed. The server validates them too. */
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
