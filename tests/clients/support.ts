// Shared by the tests of both TypeScript clients.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

function variable(name: string): string {
  const value = process.env[name];
  assert.ok(value, `${name} is not set`);
  return value;
}

export const GATEWAY = variable("GATEWAY_URL");
/** The same API over a table that throttles every write. */
export const THROTTLED = variable("THROTTLED_URL");
export const ADMIN = readFileSync(variable("ADMIN_TOKEN_FILE"), "utf8").trim();

type Grants = { resource: string; [member: string]: string | string[] }[];

/** One grant of each kind. */
export const GRANTS: Grants = [
  { resource: "devtronApps", project: "payments", environments: ["prod", "staging"], applications: ["*"], role: "trigger" },
  { resource: "helmApps", project: "payments", environments: ["edge/*", "default_cluster/web"], applications: ["redis"], role: "edit" },
  { resource: "jobs", project: "*", environments: ["*"], jobs: ["nightly"], workflows: ["*"], role: "trigger" },
  { resource: "kubernetes", cluster: "production", namespaces: ["web"], apiGroups: ["apps", "core"], kinds: ["Pod"], names: ["*"], role: "view" },
  { resource: "chartGroups", names: ["team-charts"], role: "edit" },
  { resource: "routes", methods: ["GET"], paths: ["/orders/**", "/*"] },
];
/** The grants of the token `later-release`, of which this release knows only the last one. */
export const LATER_GRANTS: Grants = [
  { resource: "spaceships", names: ["enterprise", "*"], captain: "picard", role: "fly" },
  { resource: "routes", methods: ["GET"], paths: ["/orders/**"] },
];
/** Grants that are invalid for the server although they fit the schema, and the pointers to what is wrong. */
export const INVALID_GRANTS: Grants = [
  { resource: "devtronApps", project: "payments", environments: ["prod"], applications: ["*"], role: "captain" },
  { resource: "spaceships", names: ["*"], role: "fly" },
  { resource: "routes", methods: ["GET"], paths: ["orders", "/orders"] },
];
export const INVALID_POINTERS = ["/permissions/grants/0/role", "/permissions/grants/1/resource", "/permissions/grants/2/paths/0"];

/** Returns the time in this many days, in whole seconds. */
export function inDays(days: number): Date {
  return new Date(Math.floor(Date.now() / 1000 + days * 86_400) * 1000);
}

/** Requests a protected route with this token, and returns the status. */
export async function use(token: string): Promise<number> {
  return (await fetch(`${GATEWAY}/orders/7`, { headers: { Authorization: `Bearer ${token}` } })).status;
}

/** Asserts that two values are the same JSON. */
export function assertSame(read: unknown, written: unknown): void {
  // The last use may change between two reads, although no client writes it.
  const withoutLastUse = (value: unknown) => ({ ...JSON.parse(JSON.stringify(value)), lastUsed: null });
  assert.deepEqual(withoutLastUse(read), withoutLastUse(written));
}

/** Asserts that a failure is this problem. */
export function assertProblem(failure: { type: string; status: number } | { message: string } | undefined, status: number, code: string): void {
  assert.ok(failure && "type" in failure, JSON.stringify(failure));
  assert.deepEqual([failure.status, failure.type], [status, `urn:tokenward:problem:${code}`]);
}
