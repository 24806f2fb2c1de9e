"""An issuer of tokens for tests: signs them, and serves its keys over HTTP as Microsoft's does."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import jwt
from aiohttp import web
from aiohttp.test_utils import TestServer
from cryptography.hazmat.primitives.asymmetric import rsa

from adapters.teams.tokens import ISSUER

APP_ID = "11111111-2222-3333-4444-555555555555"
TENANT = "tenant-1"


def new_key() -> rsa.RSAPrivateKey:
    """Return a key to sign with."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@dataclass
class Issuer:
    """Signs with `keys`, by name; `served` are the names it tells of, and what each may speak for."""

    keys: dict[str, rsa.RSAPrivateKey] = field(default_factory=lambda: {"first": new_key()})
    served: dict[str, list[str]] = field(default_factory=lambda: {"first": ["msteams"]})
    url: str = ""
    looked: int = 0
    is_down: bool = False

    @property
    def metadata(self) -> str:
        """Where its metadata is."""
        return f"{self.url}metadata"

    def token(self, service_url: str, *, key: str = "first", algorithm: str = "RS256", **claims: Any) -> str:
        """Return a good token, but for what `claims` make of it (None takes a claim away)."""
        now = int(time.time())
        said = {"iss": ISSUER, "aud": APP_ID, "exp": now + 3600, "nbf": now - 60, "serviceurl": service_url, **claims}
        said = {name: value for name, value in said.items() if value is not None}
        signer: Any = self.keys[key] if algorithm.startswith("RS") else ("x" * 64 if algorithm != "none" else None)
        return jwt.encode(said, signer, algorithm=algorithm, headers={"kid": key})

    async def _metadata(self, _request: web.Request) -> web.Response:
        self.looked += 1
        if self.is_down:
            return web.Response(status=503)
        return web.json_response({"issuer": ISSUER, "jwks_uri": f"{self.url}keys"})

    async def _keys(self, _request: web.Request) -> web.Response:
        found = []
        for name, endorsements in self.served.items():
            public = jwt.algorithms.RSAAlgorithm.to_jwk(self.keys[name].public_key(), as_dict=True)
            found.append({**public, "kid": name, "use": "sig", "endorsements": endorsements})
        return web.json_response({"keys": found})


@asynccontextmanager
async def issuer() -> AsyncIterator[Issuer]:
    """Serve an issuer for the length of a block."""
    made = Issuer()
    app = web.Application()
    app.add_routes([web.get("/metadata", made._metadata), web.get("/keys", made._keys)])
    server = TestServer(app)
    await server.start_server()
    made.url = str(server.make_url("/"))
    try:
        yield made
    finally:
        await server.close()
