"""The public keys that Teams' tokens are signed with: fetched, kept for a day, and fetched again for a new one."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

import aiohttp
import jwt
import structlog

log = structlog.get_logger()

METADATA: Final = "https://login.botframework.com/v1/.well-known/openidconfiguration"
KEPT_FOR: Final = timedelta(days=1)
# A token that names a key we do not know makes us look, but whoever makes names up cannot make us look all the time.
LOOKED_AT_MOST_EVERY: Final = timedelta(minutes=5)
FETCHED_WITHIN: Final = aiohttp.ClientTimeout(total=10)


class UnknownKey(Exception):
    """No key of theirs has this name."""


class KeysUnavailable(Exception):
    """The keys could not be fetched, so nobody can tell who is asking; Teams is to try again."""


@dataclass(frozen=True, slots=True)
class Key:
    """One public key, and the channels it may speak for."""

    public: Any
    endorsements: tuple[str, ...]


class Keys:
    """Knows the keys of one issuer, by name."""

    def __init__(
        self, fetch: Callable[[str], Awaitable[Any]], machine: Callable[[], float], metadata: str = METADATA
    ) -> None:
        """Fetch JSON by `fetch(address)`, `metadata` first; `machine` is monotonic time, in seconds."""
        self._metadata = metadata
        self._fetch = fetch
        self._machine = machine
        self._keys: Mapping[str, Key] = {}
        self._fetched_at: float | None = None
        self._looked_at: float | None = None
        self._fetching = asyncio.Lock()

    async def find(self, name: str) -> Key:
        """Return the key of this name.

        Raises UnknownKey, and KeysUnavailable when there are no keys to look in.
        """
        if self._is_old() or (name not in self._keys and self._may_look()):
            async with self._fetching:
                # Whoever waited here may find that it has been done.
                if self._is_old() or (name not in self._keys and self._may_look()):
                    await self._refresh()
        if name in self._keys:
            return self._keys[name]
        if self._fetched_at is None:
            raise KeysUnavailable
        raise UnknownKey(name)

    def _is_old(self) -> bool:
        is_old = self._fetched_at is None or self._machine() - self._fetched_at > KEPT_FOR.total_seconds()
        # Old keys are better than none while their place does not answer.
        return is_old and (not self._keys or self._may_look())

    def _may_look(self) -> bool:
        return self._looked_at is None or self._machine() - self._looked_at > LOOKED_AT_MOST_EVERY.total_seconds()

    async def _refresh(self) -> None:
        try:
            metadata = await self._fetch(self._metadata)
            found = await self._fetch(metadata["jwks_uri"])
            self._keys = {key["kid"]: _key(key) for key in found["keys"] if key.get("kty") == "RSA"}
        except (aiohttp.ClientError, TimeoutError, jwt.PyJWTError, KeyError, TypeError, ValueError) as failure:
            log.warning("teams.keys_not_fetched", reason=type(failure).__name__)
            # The first keys are asked for again by the next request.
            self._looked_at = self._machine() if self._keys else None
            return
        self._fetched_at = self._looked_at = self._machine()


def _key(found: Mapping[str, Any]) -> Key:
    return Key(jwt.PyJWK.from_dict(dict(found), "RS256").key, tuple(found.get("endorsements", ())))
