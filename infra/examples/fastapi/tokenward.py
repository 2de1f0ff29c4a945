"""Protects a FastAPI service with tokenward, which decides on each request by token introspection (RFC 7662)."""

import asyncio
import logging
import math
import time
from collections.abc import Set
from dataclasses import dataclass
from hashlib import sha256
from urllib.parse import urlencode

import httpx
from fastapi import HTTPException
from starlette.requests import HTTPConnection
from starlette.responses import JSONResponse

log = logging.getLogger("tokenward")


@dataclass(frozen=True)
class Caller:
    """The token that sent a request."""

    token_id: str
    token_name: str
    owner: str | None
    is_super_admin: bool


class Protect:
    """Middleware that permits a request if tokenward does, and sets `request.state.caller`.

    Unlike a dependency, it runs before the body is read, and for every path that is not in `public`.
    """

    def __init__(self, app, tokenward: "Tokenward", public: Set[str] = frozenset()):
        self.app, self.tokenward, self.public = app, tokenward, public

    async def __call__(self, scope, receive, send):
        if scope["type"] != "lifespan" and scope["path"] not in self.public:
            try:
                caller = await self.tokenward.authorize(HTTPConnection(scope))
            except HTTPException as denial:
                response = JSONResponse({"detail": denial.detail}, denial.status_code, denial.headers)
                return await response(scope, receive, send)
            scope.setdefault("state", {})["caller"] = caller
        await self.app(scope, receive, send)


class Tokenward:
    """A client that introspects tokens, and caches the answers about active ones.

    A revocation applies after at most `cache_seconds`; 0 asks tokenward about every request.
    A connection that stays open, such as a WebSocket or a stream, is checked only when it is opened.
    """

    def __init__(
        self,
        url: str,
        credential: str,
        cache_seconds: float = 10,
        cache_entries: int = 10_000,
        timeout_seconds: float = 2,
    ):
        for name, value in {"cache_seconds": cache_seconds, "cache_entries": cache_entries}.items():
            if not (math.isfinite(value) and value >= 0):
                raise ValueError(f"`{name}` must be a finite number of at least 0, such as 10")
        self.http = httpx.AsyncClient(base_url=url, headers={"Authorization": f"Bearer {credential}"})
        self.timeout_seconds = timeout_seconds
        self.cache = Cache(cache_seconds, cache_entries)

    async def authorize(self, request: HTTPConnection) -> Caller:
        """Returns the request's caller, or raises 401, 403, or 503 if tokenward cannot decide."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise HTTPException(401, headers={"WWW-Authenticate": "Bearer"})
        question = {
            "token": token.strip(),
            # A WebSocket starts with a GET.
            "method": request.scope.get("method", "GET"),
            "path": sent_path(request),
        }
        if request.client is not None:
            # tokenward rejects an address with a zone, such as `%eth0`.
            question["source_ip"] = request.client.host.partition("%")[0]
        answer = await self.introspect(urlencode(question).encode())
        if answer["active"] is not True:
            raise HTTPException(401, headers={"WWW-Authenticate": 'Bearer error="invalid_token"'})
        if answer["allowed"] is not True:
            raise HTTPException(403)
        return Caller(answer["sub"], answer["username"], answer["owner"], answer["super_admin"])

    async def introspect(self, form: bytes) -> dict:
        """Returns tokenward's answer, from the cache if it is there."""
        if (kept := self.cache.get(form)) is not None:
            return kept
        # The age of an answer counts from its question, because the token may change before the answer arrives.
        asked_at, asked_at_clock = time.time(), time.monotonic()
        try:
            async with asyncio.timeout(self.timeout_seconds):
                response = await self.http.post(
                    "/v1/introspect",
                    content=form,
                    headers={"Content-Type": "application/x-www-form-urlencoded"},
                )
            # This method, path or address is invalid or too long, so tokenward would never allow the request.
            if response.status_code in (400, 413):
                raise HTTPException(403)
            answer = response.raise_for_status().json()
        except (httpx.HTTPError, TimeoutError, ValueError) as error:
            # Log only the kind of the error: its message may quote a header.
            status = getattr(getattr(error, "response", None), "status_code", None)
            log.error("introspection failed: %s, status %s", type(error).__name__, status)
            raise HTTPException(503) from None
        if answer["active"]:
            self.cache.put(form, answer, asked_at_clock, answer.get("exp", float("inf")) - asked_at)
        return answer


def sent_path(request: HTTPConnection) -> bytes:
    """Returns the path as it was sent: percent-encoded, and without the query.

    If a root path is set, FastAPI serves each route with and without it. Only paths with it are permitted, because a
    rule for one of the two does not apply to the other. If the server sets the root path, it adds it to every path.
    """
    path, root = request.scope["raw_path"], request.scope.get("root_path", "")
    if root and not path.startswith(f"{root}/".encode()):
        raise HTTPException(403)
    return path


class Cache:
    """A bounded number of answers, each for a bounded time."""

    def __init__(self, seconds: float, max_entries: int):
        self.seconds, self.max_entries = seconds, max_entries
        self.entries: dict[bytes, tuple[float, dict]] = {}

    def get(self, form: bytes) -> dict | None:
        """Returns the answer to this form, if it may still be used."""
        valid_until, answer = self.entries.get(self.key(form), (0.0, None))
        return answer if time.monotonic() < valid_until else None

    def put(self, form: bytes, answer: dict, asked_at: float, expires_in: float) -> None:
        """Stores an answer until it is too old or the token expires. Removes the oldest one if the cache is full."""
        key = self.key(form)
        self.entries.pop(key, None)
        self.entries[key] = (asked_at + min(self.seconds, expires_in), answer)
        if len(self.entries) > self.max_entries:
            del self.entries[next(iter(self.entries))]

    @staticmethod
    def key(form: bytes) -> bytes:
        """Hashes token, method, path and address, so that the cache contains no token."""
        return sha256(form).digest()
