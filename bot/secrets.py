"""Secrets at rest: tokens are encrypted before they reach the database, under keys from the environment."""

from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from bot.errors import ConfigurationError
from bot.texts import text


class SecretLost(Exception):
    """A stored secret was encrypted under a key that is no longer in SAMLAS_SECRET_KEY."""


class Vault:
    """Encrypts under the first key and reads under any of them (Fernet: AES-128-CBC with HMAC-SHA256)."""

    def __init__(self, keys: Sequence[str]) -> None:
        """Take the keys, newest first.

        Raises ConfigurationError for none, and for one that is not a key.
        """
        try:
            self._fernet = MultiFernet([Fernet(key) for key in keys])
        except ValueError as malformed:
            raise ConfigurationError(
                text(
                    "SAMLAS_SECRET_KEY: it takes keys of 32 bytes in URL-safe base64, separated by commas, and one of"
                    " these is not. Make one with: openssl rand -base64 32 | tr '+/' '-_'"
                )
            ) from malformed

    def lock(self, secret: str) -> str:
        """Return a secret encrypted, as it may be stored."""
        return self._fernet.encrypt(secret.encode()).decode()

    def unlock(self, stored: str) -> str:
        """Return what was stored.

        Raises SecretLost when none of the keys fits.
        """
        try:
            return self._fernet.decrypt(stored.encode()).decode()
        except InvalidToken as no_key:
            raise SecretLost from no_key

    def lock_anew(self, stored: str) -> str:
        """Return a stored secret encrypted under the first key.

        Raises SecretLost when none of the keys fits.
        """
        try:
            return self._fernet.rotate(stored.encode()).decode()
        except InvalidToken as no_key:
            raise SecretLost from no_key


def keys_of(secret_key: str | None) -> tuple[str, ...]:
    """Return the keys that SAMLAS_SECRET_KEY holds, separated by commas."""
    return tuple(key.strip() for key in (secret_key or "").split(",") if key.strip())


def vault_of(secret_key: str | None) -> Vault:
    """Return the vault under SAMLAS_SECRET_KEY.

    Raises ConfigurationError when there is no key in it.
    """
    keys = keys_of(secret_key)
    if not keys:
        raise ConfigurationError(
            text(
                "SAMLAS_SECRET_KEY is missing: tokens are kept encrypted, and this is the key."
                " Make one with: openssl rand -base64 32 | tr '+/' '-_'"
            )
        )
    return Vault(keys)
