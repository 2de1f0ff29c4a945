"""Tests the client that openapi-python-client generates."""

from http import HTTPStatus

from support import ADMIN, DESCRIPTION, GATEWAY, GRANTS, INVALID_GRANTS, INVALID_POINTERS, LATER_GRANTS, THROTTLED, assert_problem, assert_same, in_days, use
from tokenward_openapi_python_client import AuthenticatedClient
from tokenward_openapi_python_client.api.tokens import (
    delete_token,
    generate_token,
    get_token,
    list_tokens,
    regenerate_token,
    simulate_draft,
    simulate_request,
    update_token,
)
from tokenward_openapi_python_client.models import (
    GatewayMessage,
    GenerateRequest,
    RegenerateRequest,
    SimulateDraftRequest,
    SimulateRequest,
    SpecificPermissions,
    TokenRecord,
    UnreadableRecord,
    UpdateRequest,
)
from tokenward_openapi_python_client.types import UNSET


def connect(url, token):
    return AuthenticatedClient(base_url=url, token=token, raise_on_unexpected_status=True)


def permissions_of(grants):
    return SpecificPermissions.from_dict({"type": "specific", "grants": grants})


def success(response, status=HTTPStatus.OK):
    """Returns the body of a response, which must have this status."""
    assert response.status_code == status, response
    return response.parsed


def pointers(response, status, code):
    """Returns the pointers of the violations in a response, which must be this problem."""
    assert_problem(response.parsed, status, code)
    return [violation.pointer for violation in response.parsed.errors]


def listed():
    cursor = UNSET
    while True:
        page = success(list_tokens.sync_detailed(client=client, limit=2, cursor=cursor))
        yield from page.tokens
        cursor = page.next_cursor
        if cursor is None:
            return


client = connect(GATEWAY, ADMIN)

# Generate and use.
name = "openapi-python-client"
permissions = permissions_of(GRANTS)
expires_at = in_days(60)
body = GenerateRequest(name=name, description=DESCRIPTION, expires_at=expires_at, permissions=permissions)
generated = generate_token.sync_detailed(client=client, body=body)
issued = success(generated, HTTPStatus.CREATED)
token, record = issued.token, issued.to_dict()
del record["token"]
id = record["id"]
assert_same(generated.headers["Location"], f"/v1/tokens/{id}")
assert_same((issued.description, issued.expires_at), (DESCRIPTION, expires_at))
assert_same(issued.permissions.to_dict(), {"type": "specific", "grants": GRANTS})
assert_same(use(token), 200)

# Get and list, with records that cannot be read and grants of a later release.
assert_same(success(get_token.sync_detailed(id, client=client)).to_dict(), record)
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
echoed = update_token.sync_detailed(id, client=client, body=echo)
assert_same(pointers(echoed, 422, "validation-failed"), ["/permissions/grants/0/resource"])

# Update the record, and then write back the permissions that were read.
if_match = generated.headers["ETag"]
changed = GRANTS[::-1]
update = UpdateRequest(description=None, permissions=permissions_of(changed))
second = success(update_token.sync_detailed(id, client=client, body=update, if_match=if_match))
assert_same((second.version, second.description), (2, None))
assert_same(second.permissions.to_dict()["grants"], changed)
update = UpdateRequest(permissions=second.permissions)
written_back = success(update_token.sync_detailed(id, client=client, body=update))
assert_same(written_back.permissions.to_dict()["grants"], changed)

# Conflicts and violations.
late = UpdateRequest(description="late")
stale = update_token.sync_detailed(id, client=client, body=late, if_match=if_match)
assert_problem(stale.parsed, 412, "version-conflict")
assert_same(pointers(generate_token.sync_detailed(client=client, body=body), 409, "name-taken"), ["/name"])
invalid = GenerateRequest(name="invalid", permissions=permissions_of(INVALID_GRANTS))
rejected = generate_token.sync_detailed(client=client, body=invalid)
assert_same(pointers(rejected, 422, "validation-failed"), INVALID_POINTERS)

# Failures of a function and of API Gateway.
assert_problem(get_token.sync(tokens["unreadable"].id, client=client), 500, "internal")
denied = list_tokens.sync_detailed(client=connect(GATEWAY, token))
assert isinstance(denied.parsed, GatewayMessage)
assert_same((denied.status_code, denied.parsed.message), (403, "Forbidden"))
request = GenerateRequest(name="throttled", permissions=permissions)
throttled = generate_token.sync_detailed(client=connect(THROTTLED, ADMIN), body=request)
assert_problem(throttled.parsed, 429, "throttled")
assert int(throttled.headers["Retry-After"]) >= 1

# Simulate.
simulate = SimulateRequest(method="GET", path="/orders/7")
assert success(simulate_request.sync_detailed(id, client=client, body=simulate)).allowed
draft = SimulateDraftRequest(permissions=permissions, method="GET", path="/v1/tokens")
simulation = success(simulate_draft.sync_detailed(client=client, body=draft))
assert_same((simulation.allowed, simulation.granted_by), (False, None))

# Regenerate, without a body and with one.
regenerated = success(regenerate_token.sync_detailed(id, client=client))
assert_same([use(token), use(regenerated.token)], [403, 200])
forever = RegenerateRequest(expires_at=None)
again = success(regenerate_token.sync_detailed(id, client=client, body=forever))
assert again.expires_at is None
assert_same(again.permissions.to_dict()["grants"], changed)

# Delete.
assert_problem(delete_token.sync(id, client=client, if_match=if_match), 412, "version-conflict")
success(delete_token.sync_detailed(id, client=client), HTTPStatus.NO_CONTENT)
assert_same(use(again.token), 403)
assert_problem(get_token.sync(id, client=client), 404, "token-not-found")
