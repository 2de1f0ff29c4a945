"""A Lambda authorizer in Python that reads tokenward's items, written like AWS's samples. For each request it sends one
consistent get_item and compares hashes in constant time. It checks tokens and their expiration, but no permissions."""

import hashlib
import hmac
import json
import os
import time

import boto3
from contender import RUNTIME_API, compete, serve

# The rest of a token's last part is its checksum.
SECRET_LENGTH = 43

table = boto3.resource("dynamodb").Table(os.environ["TABLE_NAME"])


def handler(event):
    denied = {"isAuthorized": False}
    value = event["headers"].get("authorization", "")
    parts = value[7:].split("_") if value[:7].lower() == "bearer " else []
    if len(parts) != 3 or parts[0] != "twd":
        return denied
    _, token_id, secret = parts
    key = {"pk": f"TOKEN#{token_id}", "sk": "TOKEN"}
    item = table.get_item(Key=key, ConsistentRead=True).get("Item")
    if item is None:
        return denied
    digest = hashlib.sha256(f"tokenward/v1:{token_id}:{secret[:SECRET_LENGTH]}".encode()).digest()
    if not hmac.compare_digest(digest, item["secretHash"].value):
        return denied
    if "expiresAt" in item and item["expiresAt"] <= time.time():
        return denied
    return {"isAuthorized": True, "context": {"tokenId": token_id, "tokenName": item["name"]}}


def verify(line):
    answer = handler(json.loads(line))
    # Lambda's runtime serialises the response too, so this belongs to the measured time.
    json.dumps(answer)
    return answer["isAuthorized"]


if RUNTIME_API:
    serve(handler)

# This contender reads tokenward's authorizer events, so it has no credentials of its own to print.
print("{}", flush=True)
compete(verify)
