// Tests the client that openapi-generator generates with its generator `typescript-fetch`.
import assert from "node:assert/strict";
import { Configuration, FailureFromJSON, PageToJSON, PermissionsToJSON, ProblemFromJSON, ResponseError, TokenRecordToJSON, TokensApi, ValidationProblemFromJSON } from "generated/typescript-fetch";
import type { Page, Permissions, TokenRecord, UnreadableRecord } from "generated/typescript-fetch";
import { ADMIN, GATEWAY, GRANTS, INVALID_GRANTS, INVALID_POINTERS, LATER_GRANTS, THROTTLED, assertProblem, assertSame, inDays, use } from "./support";

const connect = (basePath: string, accessToken: string) => new TokensApi(new Configuration({ basePath, accessToken }));
const api = connect(GATEWAY, ADMIN);

/** Returns the response of a call, which must fail. */
async function failure(call: Promise<unknown>): Promise<Response> {
  const error: unknown = await call.then(() => undefined, (cause: unknown) => cause);
  assert.ok(error instanceof ResponseError, String(error));
  return error.response;
}

/** Asserts that a call fails with this problem, and returns the pointers of its violations. */
async function violations(call: Promise<unknown>, status: number, code: string): Promise<string[]> {
  const problem = ValidationProblemFromJSON(await (await failure(call)).json());
  assertProblem(problem, status, code);
  return problem.errors.map(({ pointer }) => pointer);
}

async function assertFails(call: Promise<unknown>, status: number, code: string): Promise<void> {
  assertProblem(ProblemFromJSON(await (await failure(call)).json()), status, code);
}

const isUnreadable = (one: TokenRecord | UnreadableRecord): one is UnreadableRecord => "unreadable" in one;

async function list(): Promise<Page["tokens"]> {
  const tokens: Page["tokens"] = [];
  let cursor: string | undefined;
  do {
    const page = await api.listTokens({ limit: 2, cursor });
    tokens.push(...page.tokens);
    cursor = page.nextCursor ?? undefined;
  } while (cursor);
  return tokens;
}

// Generate and use.
const name = "typescript-fetch";
const permissions: Permissions = { type: "specific", grants: GRANTS };
const generateRequest = { name, description: "Zoë’s\nscript", expiresAt: inDays(60), permissions };
const generated = await api.generateTokenRaw({ generateRequest });
const { token, ...record } = await generated.value();
const { id } = record;
assert.equal(generated.raw.headers.get("location"), `/v1/tokens/${id}`);
assert.deepEqual([record.description, record.expiresAt], [generateRequest.description, generateRequest.expiresAt]);
assertSame(PermissionsToJSON(record.permissions), permissions);
assert.equal(await use(token), 200);

// Get and list, with records that cannot be read and grants of a later release.
assertSame(TokenRecordToJSON(await api.getToken({ id })), TokenRecordToJSON(record));
const tokens = await list();
const entry = (wanted: string) => tokens.find((one) => one.name === wanted);
assertSame(entry(name), record);
const unreadable = entry("unreadable");
assert.ok(unreadable && isUnreadable(unreadable) && unreadable.id);
assertSame(entry("unreadable-id"), { id: null, name: "unreadable-id", unreadable: true });
assertSame(PageToJSON({ tokens: [unreadable], nextCursor: null }).tokens, [unreadable]);
const later = entry("later-release");
assert.ok(later && !isUnreadable(later) && later.permissions.type === "specific");
assertSame(later.permissions.grants, LATER_GRANTS);

// A grant of a later release is sent back as it was read.
assertSame(PermissionsToJSON(later.permissions), { type: "specific", grants: LATER_GRANTS });
const echoed = await violations(api.updateToken({ id, updateRequest: { permissions: later.permissions } }), 422, "validation-failed");
assert.deepEqual(echoed, ["/permissions/grants/0/resource"]);

// Update the record, and then write back the permissions that were read.
const ifMatch = generated.raw.headers.get("etag") ?? "";
const changed: Permissions = { type: "specific", grants: GRANTS.toReversed() };
const second = await api.updateToken({ id, ifMatch, updateRequest: { description: null, permissions: changed } });
assert.deepEqual([second.version, second.description], [2, null]);
assertSame(PermissionsToJSON(second.permissions), changed);
const writtenBack = await api.updateToken({ id, updateRequest: { permissions: second.permissions } });
assertSame(PermissionsToJSON(writtenBack.permissions), changed);

// Conflicts and violations.
await assertFails(api.updateToken({ id, ifMatch, updateRequest: { description: "late" } }), 412, "version-conflict");
assert.deepEqual(await violations(api.generateToken({ generateRequest }), 409, "name-taken"), ["/name"]);
const invalid: Permissions = { type: "specific", grants: INVALID_GRANTS };
const rejected = api.generateToken({ generateRequest: { name: "invalid", permissions: invalid } });
assert.deepEqual(await violations(rejected, 422, "validation-failed"), INVALID_POINTERS);

// Failures of a function and of API Gateway.
await assertFails(api.getToken({ id: unreadable.id }), 500, "internal");
const denied = await failure(connect(GATEWAY, token).listTokens());
assert.equal(denied.status, 403);
assert.deepEqual(FailureFromJSON(await denied.json()), { message: "Forbidden" });
const throttled = await failure(connect(THROTTLED, ADMIN).generateToken({ generateRequest: { name: "throttled", permissions } }));
assert.ok(Number(throttled.headers.get("retry-after")) >= 1);
assertProblem(FailureFromJSON(await throttled.json()), 429, "throttled");

// Simulate.
assert.equal((await api.simulateRequest({ id, simulateRequest: { method: "GET", path: "/orders/7" } })).allowed, true);
const draft = await api.simulateDraft({ simulateDraftRequest: { permissions, method: "GET", path: "/v1/tokens" } });
assert.deepEqual([draft.allowed, draft.grantedBy], [false, null]);

// Regenerate, without a body and with one.
const regenerated = await api.regenerateToken({ id });
assert.deepEqual([await use(token), await use(regenerated.token)], [403, 200]);
const again = await api.regenerateToken({ id, regenerateRequest: { expiresAt: null } });
assert.equal(again.expiresAt, null);
assertSame(PermissionsToJSON(again.permissions), changed);

// Delete.
await assertFails(api.deleteToken({ id, ifMatch }), 412, "version-conflict");
await api.deleteToken({ id });
assert.equal(await use(again.token), 403);
await assertFails(api.getToken({ id }), 404, "token-not-found");
