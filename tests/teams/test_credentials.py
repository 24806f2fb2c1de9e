"""The bot's own tokens: by secret, certificate or managed identity, kept while they hold."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from cryptography.x509.oid import NameOID
from pydantic import SecretStr

from adapters.teams.config import AppType, TeamsConfig
from adapters.teams.connector import NotReached
from adapters.teams.credentials import AppCredentials, credentials_of
from tests.teams.conftest import app_config
from tests.teams.issuer import APP_ID, TENANT, new_key
from tests.teams.login import Login


async def test_a_secret_is_sent_to_the_tenants_own_login() -> None:
    """For the Bot Framework's resource, and nothing else."""
    login = Login()

    token = await credentials_of(app_config(), login).token()

    [sent] = login.sent
    assert token == "ours"
    assert any(f"/{TENANT}/" in url for url in login.asked)
    assert sent["scope"].split()[0] == "https://api.botframework.com/.default"
    assert (sent["client_id"], sent["client_secret"]) == (APP_ID, "secret")


async def test_a_certificate_signs_instead_of_a_secret(tmp_path: Path) -> None:
    """From a PFX file, with its password."""
    path = tmp_path / "samlas.pfx"
    path.write_bytes(pfx(b"of the file"))
    config = TeamsConfig(
        app_id=APP_ID,
        app_tenant_id=TENANT,
        app_certificate_path=path,
        app_password=SecretStr("of the file"),
    )
    login = Login()

    token = await credentials_of(config, login).token()

    [sent] = login.sent
    assert token == "ours"
    assert "client_secret" not in sent
    assert sent["client_assertion"]


def pfx(password: bytes) -> bytes:
    """Return a certificate with its key."""
    key = new_key()
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "samlas")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now)
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    return pkcs12.serialize_key_and_certificates(b"samlas", key, certificate, None, BestAvailableEncryption(password))


async def test_a_managed_identity_asks_azure() -> None:
    """Without any secret of ours."""
    config = TeamsConfig(app_id=APP_ID, app_tenant_id=TENANT, app_type=AppType.MANAGED_IDENTITY)
    login = Login()

    token = await credentials_of(config, login).token()

    [sent] = login.sent
    assert token == "ours"
    assert sent["client_id"] == APP_ID
    assert sent["resource"] == "https://api.botframework.com"


async def test_a_refused_secret_sends_nothing() -> None:
    """What Microsoft says of it is a failure that may pass, once somebody has put it right."""
    login = Login(refusal={"error": "invalid_client", "error_description": "AADSTS7000215", "error_codes": [7000215]})

    with pytest.raises(NotReached):
        await credentials_of(app_config(), login).token()


async def test_without_an_app_id_there_is_no_token() -> None:
    """The local test client asks for none."""
    assert await credentials_of(TeamsConfig()).token() is None


async def test_a_token_is_fetched_anew_before_it_expires() -> None:
    """Five minutes early."""
    now = 0.0
    given = iter(["first", "second"])
    credentials = AppCredentials(lambda: {"access_token": next(given), "expires_in": 3600}, lambda: now)
    first = await credentials.token()
    now = 3299.0
    same = await credentials.token()
    now = 3301.0

    assert (first, same, await credentials.token()) == ("first", "first", "second")
