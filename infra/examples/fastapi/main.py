"""A service whose routes are protected by tokenward, except `/health`.

    uvicorn main:app --no-proxy-headers

Behind a proxy, replace `--no-proxy-headers` with `--forwarded-allow-ips ADDRESS`, the proxy's address.
Both options prevent other clients from choosing their source address with `X-Forwarded-For`.
If that proxy removes a prefix from paths, set `--root-path PREFIX`, and not `FastAPI(root_path=…)`.
"""

import os

from fastapi import FastAPI, Request
from tokenward import Protect, Tokenward


def number(name: str, default: float) -> float:
    """Reads a number of the default's type from the environment."""
    try:
        return type(default)(os.environ.get(name, default))
    except ValueError:
        raise ValueError(f"`{name}` must be a number such as {default}") from None


tokenward = Tokenward(
    url=os.environ["TOKENWARD_URL"],
    # A token with a `routes` grant for `POST /v1/introspect`.
    credential=os.environ["TOKENWARD_CREDENTIAL"].strip(),
    cache_seconds=number("TOKENWARD_CACHE_SECONDS", 10.0),
    cache_entries=number("TOKENWARD_CACHE_ENTRIES", 10_000),
)

app = FastAPI()
app.add_middleware(Protect, tokenward=tokenward, public={"/health"})


@app.get("/health")
async def health():
    return {"status": "ok"}


@app.get("/reports/{report}")
async def read_report(report: str, request: Request):
    return {"report": report, "readBy": request.state.caller.token_name}


@app.delete("/reports/{report}")
async def delete_report(report: str, request: Request):
    return {"report": report, "deletedBy": request.state.caller.token_name}
