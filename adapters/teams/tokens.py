"""Lets in only what Teams has signed for this bot: signature, issuer, audience, expiry, service URL and tenant.

The check is our own, because botbuilder's fetches keys on the event loop, never finds a key that was added after its
first look, and fails with errors that are no refusals (tests/teams/test_microsofts_library.py).
"""

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Collection
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

import jwt

from adapters.teams.keys import Key, Keys, UnknownKey

ISSUER: Final = "https://api.botframework.com"
ALGORITHMS: Final = ("RS256", "RS384", "RS512")
# Clocks differ; Microsoft's own libraries allow as much ("Bot Connector Authentication").
LEEWAY_SECONDS: Final = 300
MOST_REMEMBERED: Final = 512
# A token of theirs has about 1,500 characters.
LONGEST_TOKEN: Final = 8_000


class NotLetIn(Exception):
    """The request is not from Teams, or not for us. `status` is 401 or 403; `why` is for the log."""

    def __init__(self, status: HTTPStatus, why: str) -> None:
        """Keep what the door answers, and why."""
        super().__init__(why)
        self.status = status
        self.why = why


@dataclass(frozen=True, slots=True)
class Pass:
    """What a verified token says: until when it holds, and for which service URL and channels."""

    expires_at: float
    service_url: str
    endorsements: tuple[str, ...]


class TokenCheck:
    """Verifies tokens, and remembers a bounded number of verified ones until they expire."""

    def __init__(self, app_id: str, tenant: str | None, keys: Keys, time: Callable[[], float]) -> None:
        """Let in what is for `app_id`, and with `tenant` only from there. `time` is the real time, never moved."""
        self._app_id = app_id
        self._tenant = tenant
        self._keys = keys
        self._time = time
        self._remembered: OrderedDict[bytes, Pass] = OrderedDict()

    async def verify(self, header: str | None) -> Pass:
        """Return what the token of an Authorization header says.

        Raises NotLetIn, and keys.KeysUnavailable when nobody can tell.
        """
        token = _token(header)
        known_by = hashlib.sha256(token.encode()).digest()
        remembered = self._remembered.get(known_by)
        if remembered is not None:
            if remembered.expires_at + LEEWAY_SECONDS <= self._time():
                del self._remembered[known_by]
                raise NotLetIn(HTTPStatus.UNAUTHORIZED, "expired")
            self._remembered.move_to_end(known_by)
            return remembered
        verified = await self._verify(token)
        self._remembered[known_by] = verified
        if len(self._remembered) > MOST_REMEMBERED:
            self._remembered.popitem(last=False)
        return verified

    def allow(self, verified: Pass, service_url: str, channel_id: str, tenants: Collection[str | None]) -> None:
        """Make sure that the token was made for an activity that says this of itself.

        Raises NotLetIn.
        """
        if verified.service_url.rstrip("/") != service_url.rstrip("/"):
            raise NotLetIn(HTTPStatus.FORBIDDEN, "service URL")
        if verified.endorsements and channel_id not in verified.endorsements:
            raise NotLetIn(HTTPStatus.FORBIDDEN, "channel")
        if self._tenant is None:
            return
        if {tenant for tenant in tenants if tenant is not None} != {self._tenant}:
            raise NotLetIn(HTTPStatus.FORBIDDEN, "tenant")

    async def _verify(self, token: str) -> Pass:
        try:
            head = jwt.get_unverified_header(token)
        except jwt.PyJWTError as broken:
            raise NotLetIn(HTTPStatus.UNAUTHORIZED, "malformed") from broken
        if head.get("alg") not in ALGORITHMS:
            raise NotLetIn(HTTPStatus.UNAUTHORIZED, "algorithm")
        try:
            key = await self._keys.find(str(head.get("kid", "")))
        except UnknownKey as unknown:
            raise NotLetIn(HTTPStatus.UNAUTHORIZED, "key") from unknown
        return self._read(token, key)

    def _read(self, token: str, key: Key) -> Pass:
        try:
            claims: dict[str, Any] = jwt.decode(
                token,
                key.public,
                algorithms=list(ALGORITHMS),
                audience=self._app_id,
                issuer=ISSUER,
                # The expiry is looked at below, by the time that was passed in.
                options={
                    "require": ["exp", "iss", "aud"],
                    "verify_exp": False,
                    "verify_nbf": False,
                    "verify_iat": False,
                },
            )
            expires_at, not_before = float(claims["exp"]), float(claims.get("nbf", 0))
        except (jwt.InvalidIssuerError, jwt.InvalidAudienceError) as other:
            raise NotLetIn(HTTPStatus.FORBIDDEN, type(other).__name__) from other
        except (jwt.PyJWTError, TypeError, ValueError) as broken:
            raise NotLetIn(HTTPStatus.UNAUTHORIZED, type(broken).__name__) from broken
        now = self._time()
        if not not_before - LEEWAY_SECONDS <= now < expires_at + LEEWAY_SECONDS:
            raise NotLetIn(HTTPStatus.UNAUTHORIZED, "expired")
        service_url = claims.get("serviceurl")
        if not isinstance(service_url, str) or not service_url:
            raise NotLetIn(HTTPStatus.FORBIDDEN, "no service URL")
        return Pass(expires_at, service_url, key.endorsements)


def _token(header: str | None) -> str:
    scheme, _, token = (header or "").partition(" ")
    token = token.strip()
    if scheme.lower() != "bearer" or not token or not token.isascii() or len(token) > LONGEST_TOKEN:
        raise NotLetIn(HTTPStatus.UNAUTHORIZED, "no token")
    return token
