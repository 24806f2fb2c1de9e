"""`samlas teams-package`: a zip that Teams takes, from the app id and the base URL alone."""

import io
import json
import struct
import subprocess
import zipfile
from pathlib import Path

import pytest

from tests.command_line import CommandLine
from tests.tools import require_node, require_node_package

APP_ID = "11111111-2222-3333-4444-555555555555"
SCHEMAS = Path("build") / "json-schemas" / "teams" / "v1.25"
VALIDATE = Path(__file__).parents[1] / "node" / "validate.js"


@pytest.fixture
def samlas(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> CommandLine:
    """Return the command, where no database and no `.env` is."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MICROSOFT_APP_ID", APP_ID)
    monkeypatch.setenv("SAMLAS_BASE_URL", "https://samlas.example.org/")
    monkeypatch.delenv("SAMLAS_DATABASE_URL", raising=False)
    return CommandLine(capsys)


def complaints(document: bytes, schema: str) -> list[str]:
    """Return what is wrong with a document by one of Microsoft's own schemas."""
    node = require_node()
    path = Path(require_node_package("@microsoft/app-manifest")) / SCHEMAS / schema
    ran = subprocess.run([node, VALIDATE, path], input=document, capture_output=True, check=True, timeout=60)
    found: list[str] = json.loads(ran.stdout)
    return found


def written(samlas: CommandLine, tmp_path: Path) -> zipfile.ZipFile:
    """Write the package and open it."""
    ran = samlas("teams-package", "--out", tmp_path)
    assert ran.status == 0, ran.err
    return zipfile.ZipFile(io.BytesIO((tmp_path / "samlas-teams.zip").read_bytes()))


def test_the_package_is_what_microsofts_schema_asks_for(samlas: CommandLine, tmp_path: Path) -> None:
    """Its manifest, and its texts in Swedish."""
    package = written(samlas, tmp_path)

    assert complaints(package.read("manifest.json"), "MicrosoftTeams.schema.json") == []
    assert complaints(package.read("sv.json"), "MicrosoftTeams.Localization.schema.json") == []


def test_the_schema_finds_what_is_wrong(samlas: CommandLine, tmp_path: Path) -> None:
    """So that finding nothing means something."""
    manifest = json.loads(written(samlas, tmp_path).read("manifest.json"))
    manifest["name"]["short"] = "x" * 31

    assert complaints(json.dumps(manifest).encode(), "MicrosoftTeams.schema.json")


def test_the_package_holds_what_people_need(samlas: CommandLine, tmp_path: Path) -> None:
    """The bot in three scopes with its words, the message extensions, the permission, and every text in Swedish."""
    package = written(samlas, tmp_path)
    manifest, swedish = (json.loads(package.read(name)) for name in ("manifest.json", "sv.json"))

    [bot] = manifest["bots"]
    assert bot["botId"] == APP_ID
    assert bot["scopes"] == ["personal", "team", "groupChat"]
    assert {"announce", "news", "help"} <= {found["title"] for found in bot["commandLists"][0]["commands"]}
    assert [found["id"] for found in manifest["composeExtensions"][0]["commands"]] == ["announceThis", "inviteIn"]
    [permission] = manifest["authorization"]["permissions"]["resourceSpecific"]
    assert permission["name"] == "ChannelMessage.Read.Group"
    assert manifest["validDomains"] == ["samlas.example.org"]
    assert "meddela" in swedish.values()
    assert swedish["composeExtensions[0].commands[0].title"] == "Gör om till ett meddelande"


@pytest.mark.parametrize(("name", "size"), [("color.png", 192), ("outline.png", 32)])
def test_the_icons_have_teams_sizes(samlas: CommandLine, tmp_path: Path, name: str, size: int) -> None:
    """A PNG of the right width and height; the outline is transparent."""
    icon = written(samlas, tmp_path).read(name)

    width, height, _, kind = struct.unpack(">IIBB", icon[16:26])
    assert icon.startswith(b"\x89PNG")
    assert (width, height) == (size, size)
    assert (kind == 6) is (name == "outline.png")


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("MICROSOFT_APP_ID", ""),
        ("MICROSOFT_APP_ID", "samlas"),
        ("SAMLAS_BASE_URL", ""),
        ("SAMLAS_BASE_URL", "http://samlas.example.org"),
        ("SAMLAS_BASE_URL", "samlas"),
    ],
)
def test_what_is_missing_is_named(
    samlas: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    """With what to do about it; nothing is written."""
    monkeypatch.setenv(variable, value)

    ran = samlas("teams-package", "--out", tmp_path)

    assert ran.status == 2
    assert variable in ran.err
    assert list(tmp_path.glob("*.zip")) == []


def test_a_folder_that_is_not_there_is_named(samlas: CommandLine, tmp_path: Path) -> None:
    """It is not made."""
    ran = samlas("teams-package", "--out", tmp_path / "missing")

    assert ran.status == 2
    assert "missing" in ran.err
