"""A stand-in for Microsoft's side of Teams: the Bot Connector, which takes everything, and the issuer of its tokens."""

import asyncio
import itertools
import time

import jwt
import orjson
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import rsa

from adapters.teams.tokens import ISSUER
from benchmarks.floors.serving import opened
from benchmarks.processes import tell_parent
from benchmarks.requests import APP_ID

KEY = "first"


async def main() -> None:
    """Serve until the process is ended; says the port, and a token that is good for an hour."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    public = jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key(), as_dict=True)
    numbers = itertools.count(1_700_000_000_001)
    found: dict[str, int] = {}

    def answered(what: object, status: int = 200) -> web.Response:
        return web.Response(body=orjson.dumps(what), status=status, content_type="application/json")

    async def metadata(_request: web.Request) -> web.Response:
        return answered({"issuer": ISSUER, "jwks_uri": f"http://127.0.0.1:{found['port']}/keys"})

    async def keys(_request: web.Request) -> web.Response:
        return answered({"keys": [{**public, "kid": KEY, "use": "sig", "endorsements": ["msteams"]}]})

    async def take(request: web.Request) -> web.Response:
        orjson.loads(await request.read())
        return answered({"id": str(next(numbers))}, 201)

    app = web.Application()
    app.add_routes(
        [
            web.get("/metadata", metadata),
            web.get("/keys", keys),
            web.post("/v3/conversations/{id}/activities", take),
            web.post("/v3/conversations/{id}/activities/{key}", take),
        ]
    )
    found["port"] = await opened(app)
    url, now = f"http://127.0.0.1:{found['port']}/", int(time.time())
    claims = {"iss": ISSUER, "aud": APP_ID, "exp": now + 3600, "nbf": now - 60, "serviceurl": url}
    tell_parent({"url": url, "token": jwt.encode(claims, key, algorithm="RS256", headers={"kid": KEY})})
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())
