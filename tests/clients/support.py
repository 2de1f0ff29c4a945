"""Shared by the tests of both Python clients."""

import os
from datetime import UTC, datetime, timedelta
from urllib.error import HTTPError
from urllib.request import Request, urlopen

GATEWAY = os.environ["GATEWAY_URL"]
# The same API over a table that throttles every write.
THROTTLED = os.environ["THROTTLED_URL"]
with open(os.environ["ADMIN_TOKEN_FILE"]) as file:
    ADMIN = file.read().strip()

# One grant of each kind.
GRANTS = [
    {"resource": "devtronApps", "project": "payments", "environments": ["prod", "staging"], "applications": ["*"], "role": "trigger"},
    {"resource": "helmApps", "project": "payments", "environments": ["edge/*", "default_cluster/web"], "applications": ["redis"], "role": "edit"},
    {"resource": "jobs", "project": "*", "environments": ["*"], "jobs": ["nightly"], "workflows": ["*"], "role": "trigger"},
    {"resource": "kubernetes", "cluster": "production", "namespaces": ["web"], "apiGroups": ["apps", "core"], "kinds": ["Pod"], "names": ["*"], "role": "view"},
    {"resource": "chartGroups", "names": ["team-charts"], "role": "edit"},
    {"resource": "routes", "methods": ["GET"], "paths": ["/orders/**", "/*"]},
]
# The grants of the token `later-release`, of which this release knows only the last one.
LATER_GRANTS = [
    {"resource": "spaceships", "names": ["enterprise", "*"], "captain": "picard", "role": "fly"},
    {"resource": "routes", "methods": ["GET"], "paths": ["/orders/**"]},
]
# Grants that are invalid for the server although they fit the schema, and the pointers to what is wrong.
INVALID_GRANTS = [
    {"resource": "devtronApps", "project": "payments", "environments": ["prod"], "applications": ["*"], "role": "captain"},
    {"resource": "spaceships", "names": ["*"], "role": "fly"},
    {"resource": "routes", "methods": ["GET"], "paths": ["orders", "/orders"]},
]
INVALID_POINTERS = ["/permissions/grants/0/role", "/permissions/grants/1/resource", "/permissions/grants/2/paths/0"]

DESCRIPTION = "Zoë’s\nscript"


def in_days(days):
    """Returns the time in this many days, in whole seconds."""
    return (datetime.now(UTC) + timedelta(days=days)).replace(microsecond=0)


def use(token):
    """Requests a protected route with this token, and returns the status."""
    try:
        with urlopen(Request(f"{GATEWAY}/orders/7", headers={"Authorization": f"Bearer {token}"})) as response:
            return response.status
    except HTTPError as error:
        return error.code


def assert_same(read, written):
    """Asserts that two values are the same."""
    if isinstance(read, dict) and "lastUsed" in read:
        # The last use may change between two reads, although no client writes it.
        read, written = read | {"lastUsed": None}, written | {"lastUsed": None}
    assert read == written, f"\nread    {read}\nwritten {written}"


def assert_problem(problem, status, code):
    """Asserts that a failure is this problem."""
    # The two clients name the member `type` differently.
    kind = problem.type_ if hasattr(problem, "type_") else problem.type
    assert_same((problem.status, kind), (status, f"urn:tokenward:problem:{code}"))
