"""Corrects generated requests where the schema permits more than tokenward accepts: expirations, addresses, cursors, days
and grants."""

import json
import random
from datetime import date

import requests
import schemathesis
from jsonschema_rs import validator_for


@schemathesis.hook
def before_call(context, case, kwargs):
    if case.meta is None:
        return
    if isinstance(case.body, dict) and isinstance(case.body.get("permissions"), dict):
        # Grants are corrected even in a request that is meant to be invalid, so that nothing else makes it invalid.
        case.body = case.body | {"permissions": with_valid_grants(case)}
    # Everything else is corrected only in a request that is meant to be valid.
    if not case.meta.generation.mode.is_positive:
        return
    if isinstance(case.body, dict) and isinstance(case.body.get("expiresAt"), str):
        case.body = case.body | {"expiresAt": in_the_future(case.body["expiresAt"])}
    if isinstance(case.body, dict) and isinstance(case.body.get("allowedIps"), list):
        case.body = case.body | {"allowedIps": [f"2001:db8:{index}::/48" for index in range(len(case.body["allowedIps"]))]}
    for name in ("sourceIp", "source_ip"):
        if isinstance(case.body, dict) and isinstance(case.body.get(name), str):
            case.body = case.body | {name: "203.0.113.7"}
    if case.operation.label == "GET /v1/tokens" and "cursor" in case.query:
        query = {name: value for name, value in case.query.items() if name != "cursor"}
        cursor = cursor_of(case, query)
        case.query = query | ({"cursor": cursor} if cursor else {})
    if case.operation.label.endswith("/events"):
        # The first page, and a range that is only today: `from` must not be later than `to`, and a cursor is for one list.
        query = {name: value for name, value in case.query.items() if name not in ("cursor", "from", "to")}
        days = {name: date.today().isoformat() for name in ("from", "to") if name in case.query}
        case.query = query | (days if len(days) == 2 else {})


# The kinds of grants in docs/API.md, with their fields that are lists of names, and their roles. Two roles of `chartGroups`
# are left out, because they accept no names but `*`. Kinds in SINGLE also have a field with a single name.
KINDS = {
    "devtronApps": (["environments", "applications"], ["view", "trigger", "admin", "manager"]),
    "helmApps": (["environments", "applications"], ["view", "edit", "admin"]),
    "jobs": (["environments", "jobs", "workflows"], ["view", "trigger", "admin"]),
    "kubernetes": (["namespaces", "apiGroups", "kinds", "names"], ["view", "edit", "admin"]),
    "chartGroups": (["names"], ["edit"]),
}
SINGLE = {"devtronApps": "project", "helmApps": "project", "jobs": "project", "kubernetes": "cluster"}
METHODS = ["CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "TRACE"]
CHARACTERS = "abcXYZ019._-~!$&'()+,=@\"<>|^`[] äßéЖ字🚀"


def with_valid_grants(case):
    """Returns the permissions, with each grant that matches the schema replaced by a valid grant."""
    permissions = case.body["permissions"]
    if not isinstance(permissions.get("grants"), list):
        return permissions
    schema = case.operation.schema.raw_schema["components"]["schemas"]["Grant"]
    fits = validator_for(schema).is_valid
    return permissions | {"grants": [valid_grant(grant) if fits(grant) else grant for grant in permissions["grants"]]}


def valid_grant(drawn):
    """Returns a valid grant. It depends only on the generated one, so that a failure can be repeated."""
    draw = random.Random(json.dumps(drawn, sort_keys=True))
    kind = draw.choice([*KINDS, "routes"])
    if kind == "routes":
        methods = draw.choice([["*"], draw.sample(METHODS, draw.randint(1, len(METHODS)))])
        path = "/" + "/".join(draw.choice(["*", name(draw)]) for _ in range(draw.randint(1, 3)))
        return {"resource": kind, "methods": methods, "paths": [path, f"{path}/**"]}
    members, roles = KINDS[kind]
    grant = {"resource": kind, "role": draw.choice(roles)}
    if kind in SINGLE:
        grant[SINGLE[kind]] = draw.choice(["*", name(draw)])
    for member in members:
        grant[member] = draw.choice([["*"], sorted({name(draw) for _ in range(3)})])
    if kind == "helmApps" and grant["environments"] != ["*"]:
        grant["environments"] = [f"{environment}/{draw.choice(['*', 'web'])}" for environment in grant["environments"]]
    return grant


def name(draw):
    """Returns a name that is not `.` or `..`, without white space at its ends."""
    drawn = "".join(draw.choices(CHARACTERS, k=draw.randint(1, 8)))
    return drawn.strip(" .") or "name"


def in_the_future(timestamp):
    """Returns the timestamp in another year, two or three years from now, which is not a leap year."""
    year = date.today().year + 2
    year += year % 4 == 0
    return f"{year:04}{timestamp[4:]}".replace("-02-29", "-02-28")


def cursor_of(case, query):
    """Returns a cursor for these filters, or `None` if the list has only one page."""
    response = requests.get(f"{case.operation.base_url}/v1/tokens", params=query | {"limit": 1}, headers=case.headers)
    return response.json()["nextCursor"]
