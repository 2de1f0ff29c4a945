"""Tests the client that openapi-generator generates with its generator `python`."""

from support import ADMIN, DESCRIPTION, GATEWAY, GRANTS, INVALID_GRANTS, INVALID_POINTERS, LATER_GRANTS, THROTTLED, assert_problem, assert_same, in_days, use
from tokenward_openapi_generator import (
    ApiClient,
    ApiException,
    Configuration,
    GenerateRequest,
    Grant,
    Permissions,
    RegenerateRequest,
    SimulateDraftRequest,
    SimulateRequest,
    SpecificPermissions,
    TokenRecord,
    TokensApi,
    UnreadableRecord,
    UpdateRequest,
)


def connect(url, token):
    return TokensApi(ApiClient(Configuration(host=url, access_token=token)))


def permissions_of(grants):
    grants = [Grant.from_dict(grant) for grant in grants]
    return Permissions(SpecificPermissions(type="specific", grants=grants))


def failure(call, **arguments):
    """Returns the exception of a call, which must fail."""
    try:
        call(**arguments)
    except ApiException as error:
        return error
    raise AssertionError(f"{call.__name__} succeeded")


def pointers(call, status, code, **arguments):
    """Returns the pointers of the violations of a call, which must fail with this problem."""
    problem = failure(call, **arguments).data
    assert_problem(problem, status, code)
    return [violation.pointer for violation in problem.errors]


def listed():
    cursor = None
    while True:
        page = api.list_tokens(limit=2, cursor=cursor)
        yield from (one.actual_instance for one in page.tokens)
        cursor = page.next_cursor
        if cursor is None:
            return


api = connect(GATEWAY, ADMIN)

# Generate and use. This client keeps the names of headers as they are sent, in lower case.
name = "openapi-generator-python"
permissions = permissions_of(GRANTS)
expires_at = in_days(60)
body = GenerateRequest(name=name, description=DESCRIPTION, expires_at=expires_at, permissions=permissions)
generated = api.generate_token_with_http_info(generate_request=body)
token, record = generated.data.token, generated.data.to_dict()
del record["token"]
id = record["id"]
assert_same(generated.headers["location"], f"/v1/tokens/{id}")
assert_same((generated.data.description, generated.data.expires_at), (DESCRIPTION, expires_at))
assert_same(generated.data.permissions.to_dict(), {"type": "specific", "grants": GRANTS})
assert_same(use(token), 200)

# Get and list, with records that cannot be read and grants of a later release.
assert_same(api.get_token(id=id).to_dict(), record)
tokens = {one.name: one for one in listed()}
assert_same(tokens[name].to_dict(), record)
assert isinstance(tokens["unreadable"], UnreadableRecord)
assert_same(tokens["unreadable-id"].to_dict(), {"id": None, "name": "unreadable-id", "unreadable": True})
later = tokens["later-release"]
assert isinstance(later, TokenRecord)
assert_same(later.permissions.to_dict(), {"type": "specific", "grants": LATER_GRANTS})

# A grant of a later release is sent back as it was read.
echo = UpdateRequest(permissions=later.permissions)
assert_same(echo.to_dict(), {"permissions": {"type": "specific", "grants": LATER_GRANTS}})
echoed = pointers(api.update_token, 422, "validation-failed", id=id, update_request=echo)
assert_same(echoed, ["/permissions/grants/0/resource"])

# Update the record, and then write back the permissions that were read.
if_match = generated.headers["etag"]
changed = GRANTS[::-1]
update = UpdateRequest(description=None, permissions=permissions_of(changed))
second = api.update_token(id=id, if_match=if_match, update_request=update)
assert_same((second.version, second.description), (2, None))
assert_same(second.permissions.to_dict()["grants"], changed)
written_back = api.update_token(id=id, update_request=UpdateRequest(permissions=second.permissions))
assert_same(written_back.permissions.to_dict()["grants"], changed)

# Conflicts and violations.
late = UpdateRequest(description="late")
assert_problem(failure(api.update_token, id=id, if_match=if_match, update_request=late).data, 412, "version-conflict")
assert_same(pointers(api.generate_token, 409, "name-taken", generate_request=body), ["/name"])
invalid = GenerateRequest(name="invalid", permissions=permissions_of(INVALID_GRANTS))
assert_same(pointers(api.generate_token, 422, "validation-failed", generate_request=invalid), INVALID_POINTERS)

# Failures of a function and of API Gateway.
internal = failure(api.get_token, id=tokens["unreadable"].id)
assert_problem(internal.data.actual_instance, 500, "internal")
denied = failure(connect(GATEWAY, token).list_tokens)
assert_same((denied.status, denied.data.actual_instance.message), (403, "Forbidden"))
request = GenerateRequest(name="throttled", permissions=permissions)
throttled = failure(connect(THROTTLED, ADMIN).generate_token, generate_request=request)
assert_problem(throttled.data.actual_instance, 429, "throttled")
assert int(throttled.headers["Retry-After"]) >= 1

# Simulate.
simulate = SimulateRequest(method="GET", path="/orders/7")
assert api.simulate_request(id=id, simulate_request=simulate).allowed
draft = SimulateDraftRequest(permissions=permissions, method="GET", path="/v1/tokens")
simulation = api.simulate_draft(simulate_draft_request=draft)
assert_same((simulation.allowed, simulation.granted_by), (False, None))

# Regenerate, without a body and with one.
regenerated = api.regenerate_token(id=id)
assert_same([use(token), use(regenerated.token)], [403, 200])
again = api.regenerate_token(id=id, regenerate_request=RegenerateRequest(expires_at=None))
assert again.expires_at is None
assert_same(again.permissions.to_dict()["grants"], changed)

# Delete.
assert_problem(failure(api.delete_token, id=id, if_match=if_match).data, 412, "version-conflict")
api.delete_token(id=id)
assert_same(use(again.token), 403)
assert_problem(failure(api.get_token, id=id).data, 404, "token-not-found")
