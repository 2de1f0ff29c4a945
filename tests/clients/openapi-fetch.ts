// Tests the client openapi-fetch with the types that openapi-typescript generates.
import assert from "node:assert/strict";
import createClient from "openapi-fetch";
import type { components, paths } from "generated/openapi-fetch/schema";
import { ADMIN, GATEWAY, GRANTS, INVALID_GRANTS, INVALID_POINTERS, LATER_GRANTS, THROTTLED, assertProblem, assertSame, inDays, use } from "./support";

type Schemas = components["schemas"];

const connect = (baseUrl: string, token: string) => createClient<paths>({ baseUrl, headers: { Authorization: `Bearer ${token}` } });
const client = connect(GATEWAY, ADMIN);

/** Returns the body of a response, which must have this status. */
function data<T>(result: { data?: T; error?: unknown; response: Response }, status: number): T {
  assert.equal(result.response.status, status, JSON.stringify(result.error));
  return result.data as T;
}

async function list(): Promise<Schemas["Page"]["tokens"]> {
  const tokens: Schemas["Page"]["tokens"] = [];
  let cursor: string | undefined;
  do {
    const page = data(await client.GET("/v1/tokens", { params: { query: { limit: 2, ...(cursor && { cursor }) } } }), 200);
    tokens.push(...page.tokens);
    cursor = page.nextCursor ?? undefined;
  } while (cursor);
  return tokens;
}

// Generate and use.
const name = "openapi-fetch";
const permissions: Schemas["Permissions"] = { type: "specific", grants: GRANTS };
const expiresAt = inDays(60);
const body = { name, description: "Zoë’s\nscript", expiresAt: expiresAt.toISOString(), permissions };
const generated = await client.POST("/v1/tokens", { body });
const { token, ...record } = data(generated, 201);
const path = { id: record.id };
assert.equal(generated.response.headers.get("location"), `/v1/tokens/${record.id}`);
assert.deepEqual([record.description, Date.parse(record.expiresAt ?? "")], [body.description, expiresAt.getTime()]);
assertSame(record.permissions, permissions);
assert.equal(await use(token), 200);

// Get and list, with records that cannot be read and grants of a later release.
assertSame(data(await client.GET("/v1/tokens/{id}", { params: { path } }), 200), record);
const tokens = await list();
const entry = (wanted: string) => tokens.find((one) => one.name === wanted);
assertSame(entry(name), record);
const unreadable = entry("unreadable");
assert.ok(unreadable && "unreadable" in unreadable && unreadable.id);
assertSame(entry("unreadable-id"), { id: null, name: "unreadable-id", unreadable: true });
const later = entry("later-release");
assert.ok(later && !("unreadable" in later) && later.permissions.type === "specific");
assertSame(later.permissions.grants, LATER_GRANTS);

// A grant of a later release is sent back as it was read.
const echoed = await client.PATCH("/v1/tokens/{id}", { params: { path }, body: { permissions: later.permissions } });
assertProblem(echoed.error, 422, "validation-failed");
assert.ok(echoed.error && "errors" in echoed.error);
assert.deepEqual(echoed.error.errors.map(({ pointer }) => pointer), ["/permissions/grants/0/resource"]);

// Update the record, and then write back the permissions that were read.
const header = { "If-Match": generated.response.headers.get("etag") ?? "" };
const changed: Schemas["Permissions"] = { type: "specific", grants: GRANTS.toReversed() };
const updated = await client.PATCH("/v1/tokens/{id}", { params: { path, header }, body: { description: null, permissions: changed } });
const second = data(updated, 200);
assert.deepEqual([second.version, second.description], [2, null]);
assertSame(second.permissions, changed);
const writtenBack = data(await client.PATCH("/v1/tokens/{id}", { params: { path }, body: { permissions: second.permissions } }), 200);
assertSame(writtenBack.permissions, changed);

// Conflicts and violations.
const stale = await client.PATCH("/v1/tokens/{id}", { params: { path, header }, body: { description: "late" } });
assertProblem(stale.error, 412, "version-conflict");
const taken = await client.POST("/v1/tokens", { body });
assertProblem(taken.error, 409, "name-taken");
assert.ok(taken.error && "errors" in taken.error);
assert.deepEqual(taken.error.errors?.map(({ pointer }) => pointer), ["/name"]);
const invalid = await client.POST("/v1/tokens", { body: { name: "invalid", permissions: { type: "specific", grants: INVALID_GRANTS } } });
assertProblem(invalid.error, 422, "validation-failed");
assert.ok(invalid.error && "errors" in invalid.error);
assert.deepEqual(invalid.error.errors?.map(({ pointer }) => pointer), INVALID_POINTERS);

// Failures of a function and of API Gateway.
assertProblem((await client.GET("/v1/tokens/{id}", { params: { path: { id: unreadable.id } } })).error, 500, "internal");
const denied = await connect(GATEWAY, token).GET("/v1/tokens");
assert.equal(denied.response.status, 403);
assert.ok(denied.error && "message" in denied.error && denied.error.message === "Forbidden");
const throttled = await connect(THROTTLED, ADMIN).POST("/v1/tokens", { body: { name: "throttled", permissions } });
assertProblem(throttled.error, 429, "throttled");
assert.ok(Number(throttled.response.headers.get("retry-after")) >= 1);

// Simulate.
const request = { method: "GET", path: "/orders/7" } as const;
assert.equal(data(await client.POST("/v1/tokens/{id}/simulate", { params: { path }, body: request }), 200).allowed, true);
const draft = data(await client.POST("/v1/simulate", { body: { permissions, ...request, path: "/v1/tokens" } }), 200);
assert.deepEqual([draft.allowed, draft.grantedBy], [false, null]);

// Regenerate, without a body and with one.
const regenerated = data(await client.POST("/v1/tokens/{id}/regenerate", { params: { path } }), 200);
assert.deepEqual([await use(token), await use(regenerated.token)], [403, 200]);
const again = data(await client.POST("/v1/tokens/{id}/regenerate", { params: { path }, body: { expiresAt: null } }), 200);
assert.equal(again.expiresAt, null);
assertSame(again.permissions, changed);

// Delete.
assertProblem((await client.DELETE("/v1/tokens/{id}", { params: { path, header } })).error, 412, "version-conflict");
data(await client.DELETE("/v1/tokens/{id}", { params: { path } }), 204);
assert.equal(await use(again.token), 403);
assertProblem((await client.GET("/v1/tokens/{id}", { params: { path } })).error, 404, "token-not-found");
