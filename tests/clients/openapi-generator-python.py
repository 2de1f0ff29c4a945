"""The client of openapi-generator, `python`."""

from support import ADMIN, DESCRIPTION, GATEWAY, GRANTS, INVALID_GRANTS, INVALID_POINTERS, LATER_GRANTS, THROTTLED, in_days, is_problem, same, use
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
    """The exception of a call that fails."""
    try:
        call(**arguments)
    except ApiException as error:
        return error
    raise AssertionError(f"{call.__name__} succeeded")


def pointers(call, status, code, **arguments):
    """The pointers of the violations with which a call fails."""
    problem = failure(call, **arguments).data
    is_problem(problem, status, code)
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
same(generated.headers["location"], f"/v1/tokens/{id}")
same((generated.data.description, generated.data.expires_at), (DESCRIPTION, expires_at))
same(generated.data.permissions.to_dict(), {"type": "specific", "grants": GRANTS})
same(use(token), 200)

# Get and list, with records that cannot be read and grants of a later release.
same(api.get_token(id=id).to_dict(), record)
tokens = {one.name: one for one in listed()}
same(tokens[name].to_dict(), record)
assert isinstance(tokens["unreadable"], UnreadableRecord)
same(tokens["unreadable-id"].to_dict(), {"id": None, "name": "unreadable-id", "unreadable": True})
later = tokens["later-release"]
assert isinstance(later, TokenRecord)
same(later.permissions.to_dict(), {"type": "specific", "grants": LATER_GRANTS})

# A grant of a later release is sent back as it was read.
echo = UpdateRequest(permissions=later.permissions)
same(echo.to_dict(), {"permissions": {"type": "specific", "grants": LATER_GRANTS}})
echoed = pointers(api.update_token, 422, "validation-failed", id=id, update_request=echo)
same(echoed, ["/permissions/grants/0/resource"])

# Update what was read, and write it back.
if_match = generated.headers["etag"]
changed = GRANTS[::-1]
update = UpdateRequest(description=None, permissions=permissions_of(changed))
second = api.update_token(id=id, if_match=if_match, update_request=update)
same((second.version, second.description), (2, None))
same(second.permissions.to_dict()["grants"], changed)
written_back = api.update_token(id=id, update_request=UpdateRequest(permissions=second.permissions))
same(written_back.permissions.to_dict()["grants"], changed)

# Conflicts and violations.
late = UpdateRequest(description="late")
is_problem(failure(api.update_token, id=id, if_match=if_match, update_request=late).data, 412, "version-conflict")
same(pointers(api.generate_token, 409, "name-taken", generate_request=body), ["/name"])
invalid = GenerateRequest(name="invalid", permissions=permissions_of(INVALID_GRANTS))
same(pointers(api.generate_token, 422, "validation-failed", generate_request=invalid), INVALID_POINTERS)

# Failures of a function and of API Gateway.
internal = failure(api.get_token, id=tokens["unreadable"].id)
is_problem(internal.data.actual_instance, 500, "internal")
denied = failure(connect(GATEWAY, token).list_tokens)
same((denied.status, denied.data.actual_instance.message), (403, "Forbidden"))
request = GenerateRequest(name="throttled", permissions=permissions)
throttled = failure(connect(THROTTLED, ADMIN).generate_token, generate_request=request)
is_problem(throttled.data.actual_instance, 429, "throttled")
assert int(throttled.headers["Retry-After"]) >= 1

# Simulate.
simulate = SimulateRequest(method="GET", path="/orders/7")
assert api.simulate_request(id=id, simulate_request=simulate).allowed
draft = SimulateDraftRequest(permissions=permissions, method="GET", path="/v1/tokens")
simulation = api.simulate_draft(simulate_draft_request=draft)
same((simulation.allowed, simulation.granted_by), (False, None))

# Regenerate, without a body and with one.
regenerated = api.regenerate_token(id=id)
same([use(token), use(regenerated.token)], [403, 200])
again = api.regenerate_token(id=id, regenerate_request=RegenerateRequest(expires_at=None))
assert again.expires_at is None
same(again.permissions.to_dict()["grants"], changed)

# Delete.
is_problem(failure(api.delete_token, id=id, if_match=if_match).data, 412, "version-conflict")
api.delete_token(id=id)
same(use(again.token), 403)
is_problem(failure(api.get_token, id=id).data, 404, "token-not-found")
