// The members of a token's JSON object in words: what they are called, and what their values mean.
import type { Permissions } from "./api";
import { describeGrant } from "./permissions";
import { formatDateTime } from "./time";

const NAMES: Readonly<Record<string, string>> = {
  permissions: "permissions",
  allowedIps: "allowed addresses",
  selfRegenerate: "right to regenerate itself",
  expiresAt: "expiration",
  regeneratedAt: "last regenerate",
  previousSecret: "previous secret",
};

/** Returns what a member is called in a sentence. A later release of the API may add members. */
export const describeMember = (member: string): string => NAMES[member] ?? member;

/** Returns words as a list in a sentence. */
export function joined(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}

/** Returns the value of a member as lines of text. A value that is not known here is shown as it is. */
export function describeValue(member: string, value: unknown): string[] {
  if (member === "permissions") return describeAll(value as Permissions);
  if (member === "selfRegenerate") return [value === true ? "Yes" : "No"];
  if (member === "allowedIps") return value === null ? ["Any address"] : (value as string[]);
  if (value === null || value === undefined) return [member === "expiresAt" ? "Never" : "None"];
  if (member === "previousSecret")
    return [`Works until ${formatDateTime((value as { validUntil: string }).validUntil)}`];
  if (typeof value !== "string") return [JSON.stringify(value)];
  return [member.endsWith("At") ? formatDateTime(value) : value];
}

/** Returns a sentence for each grant, or one for a super admin. */
export function describeAll(permissions: Permissions): string[] {
  if (permissions.type === "superAdmin") return ["Super admin: full access, including managing tokens."];
  return permissions.grants.map((grant) => `${describeGrant(grant)}.`);
}

/** Shows a value: one line as text, and several as a list. */
export function Value(props: { member: string; value: unknown }) {
  const lines = describeValue(props.member, props.value);
  return lines.length === 1 ? <span>{lines[0]}</span> : <Bullets lines={lines} />;
}

export function Bullets({ lines }: { lines: readonly string[] }) {
  return (
    <ul>
      {lines.map((line, index) => (
        <li key={index}>{line}</li>
      ))}
    </ul>
  );
}
