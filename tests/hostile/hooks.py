"""Makes requests valid where a schema cannot say what is valid: timestamps lie ahead, cursors were given out, and grants
are of a kind that exists."""

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
        # Also in a request that is invalid elsewhere, so that it is rejected for that alone.
        case.body = case.body | {"permissions": with_grants_that_exist(case)}
    # What was made to be refused goes out as it is.
    if not case.meta.generation.mode.is_positive:
        return
    if isinstance(case.body, dict) and isinstance(case.body.get("expiresAt"), str):
        case.body = case.body | {"expiresAt": ahead(case.body["expiresAt"])}
    if case.operation.label == "GET /v1/tokens" and "cursor" in case.query:
        query = {name: value for name, value in case.query.items() if name != "cursor"}
        cursor = given_out(case, query)
        case.query = query | ({"cursor": cursor} if cursor else {})


# The kinds in docs/API.md: their lists of names, and their roles. A kind in SINGLE has one name beside them.
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


def with_grants_that_exist(case):
    """The permissions, with a grant that exists in place of each one that fits the schema."""
    permissions = case.body["permissions"]
    if not isinstance(permissions.get("grants"), list):
        return permissions
    schema = case.operation.schema.raw_schema["components"]["schemas"]["Grant"]
    fits = validator_for(schema).is_valid
    return permissions | {"grants": [existing(grant) if fits(grant) else grant for grant in permissions["grants"]]}


def existing(drawn):
    """A grant that exists. The drawn one decides which, so that a failure can be repeated."""
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
    """A name without white space at its ends, and not `.` or `..`."""
    drawn = "".join(draw.choices(CHARACTERS, k=draw.randint(1, 8)))
    return drawn.strip(" .") or "name"


def ahead(moment):
    """The same moment of the year after next: neither past nor more than 3650 days ahead, and that year has no leap day."""
    year = date.today().year + 2
    year += year % 4 == 0
    return f"{year:04}{moment[4:]}".replace("-02-29", "-02-28")


def given_out(case, query):
    """The cursor that the list gives out for these filters, if it has a second page."""
    answer = requests.get(f"{case.operation.base_url}/v1/tokens", params=query | {"limit": 1}, headers=case.headers)
    return answer.json()["nextCursor"]
