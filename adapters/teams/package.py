"""The Teams app package: the manifest, its Swedish texts and two icons, as a zip to upload. Pure but for the icons."""

import io
import json
import zipfile
from collections.abc import Sequence
from importlib.resources import files
from typing import Any, Final
from urllib.parse import urlsplit

from adapters.teams.limits import LONGEST_COMMAND, LONGEST_COMMAND_LINE
from adapters.teams.words import written_as
from bot import __version__
from bot.room import COMMANDS
from bot.texts import Voice, text

Json = dict[str, Any]

VERSION: Final = "1.25"
SCHEMA: Final = f"https://developer.microsoft.com/json-schemas/teams/v{VERSION}/MicrosoftTeams.schema.json"
SCOPES: Final = ("personal", "team", "groupChat")
ACCENT: Final = "#0F5F52"
ICONS: Final = ("color.png", "outline.png")
SWEDISH: Final = "sv.json"
# Permissions that a team's owner gives by adding the app, each with its reason; docs/teams.md says the same.
PERMISSIONS: Final = {
    # Messages without a mention are counted, never kept; without it only mentions reach the bot.
    "ChannelMessage.Read.Group": "Application",
}

SHORT: Final = text("Announcements, anchored decisions, and nobody left outside")
LONG: Final = text(
    "Samlas helps people here tell things once and in one place, anchor decisions before they are announced, and find"
    " each other. Write to it, or mention it in a channel: announce, news, help. It counts how often people take part,"
    " never what they write, and everybody can say no."
)
EXTENSIONS: Final = {
    "announceThis": (
        text("Make this an announcement"),
        text("Begin an announcement with what this message says"),
    ),
    "inviteIn": (
        text("Invite someone in"),
        text("Ask a colleague, in private, whether they would like to join this conversation"),
    ),
}


def manifest(app_id: str, base_url: str) -> Json:
    """Return the app's manifest for a registration and the address at which Samlas is served."""
    say = Voice("en")
    return {
        "$schema": SCHEMA,
        "manifestVersion": VERSION,
        "version": _version(),
        "id": app_id,
        "localizationInfo": {
            "defaultLanguageTag": "en",
            "additionalLanguages": [{"languageTag": "sv", "file": SWEDISH}],
        },
        "developer": {
            "name": "Samlas",
            "websiteUrl": base_url,
            "privacyUrl": base_url,
            "termsOfUseUrl": base_url,
        },
        "name": {"short": "Samlas", "full": "Samlas"},
        "description": {"short": say.say(SHORT), "full": say.say(LONG)},
        "icons": {"color": ICONS[0], "outline": ICONS[1]},
        "accentColor": ACCENT,
        "defaultInstallScope": "personal",
        "bots": [
            {
                "botId": app_id,
                "scopes": list(SCOPES),
                # People are handed their own data as a file, and send the picture of an announcement.
                "supportsFiles": True,
                "isNotificationOnly": False,
                "commandLists": [{"scopes": [scope], "commands": _commands(say)} for scope in SCOPES],
            }
        ],
        "composeExtensions": [
            {
                "botId": app_id,
                "commands": [
                    {
                        "id": id_,
                        "type": "action",
                        "title": _cut(say.say(title), LONGEST_COMMAND),
                        "description": _cut(say.say(line), LONGEST_COMMAND_LINE),
                        "context": ["message"],
                        "fetchTask": True,
                    }
                    for id_, (title, line) in EXTENSIONS.items()
                ],
            }
        ],
        "validDomains": [urlsplit(base_url).hostname or ""],
        "webApplicationInfo": {"id": app_id, "resource": f"api://botid-{app_id}"},
        "authorization": {
            "permissions": {
                "resourceSpecific": [{"name": name, "type": kind} for name, kind in PERMISSIONS.items()],
            }
        },
    }


def swedish() -> Json:
    """Return the manifest's texts in Swedish, by where they stand."""
    say = Voice("sv")
    found: Json = {
        "$schema": SCHEMA.replace("MicrosoftTeams.schema", "MicrosoftTeams.Localization.schema"),
        "name.short": "Samlas",
        "name.full": "Samlas",
        "description.short": say.say(SHORT),
        "description.full": say.say(LONG),
    }
    for number in range(len(SCOPES)):
        for place, command in enumerate(_commands(say)):
            at = f"bots[0].commandLists[{number}].commands[{place}]"
            found |= {f"{at}.title": command["title"], f"{at}.description": command["description"]}
    for place, (title, line) in enumerate(EXTENSIONS.values()):
        at = f"composeExtensions[0].commands[{place}]"
        found |= {f"{at}.title": _cut(say.say(title), LONGEST_COMMAND)}
        found |= {f"{at}.description": _cut(say.say(line), LONGEST_COMMAND_LINE)}
    return found


def package(app_id: str, base_url: str) -> bytes:
    """Return the package as a zip; the same for the same words."""
    made = io.BytesIO()
    contents = {
        "manifest.json": _written(manifest(app_id, base_url)),
        SWEDISH: _written(swedish()),
        **{name: files("adapters.teams").joinpath("icons", name).read_bytes() for name in ICONS},
    }
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in contents.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), content)
    return made.getvalue()


def _commands(say: Voice) -> Sequence[Json]:
    return [
        {
            "title": _cut(written_as(command, say.language), LONGEST_COMMAND),
            "description": _cut(say.say(line), LONGEST_COMMAND_LINE),
        }
        for command, line in COMMANDS.items()
    ]


def _cut(line: str, longest: int) -> str:
    return line if len(line) <= longest else line[: longest - 1].rstrip() + "…"


def _version() -> str:
    """Return the program's version as Teams wants it: three numbers."""
    numbers = [part for part in __version__.replace("-", ".").split(".") if part.isdigit()]
    return ".".join([*numbers, "0", "0", "0"][:3])


def _written(found: Json) -> bytes:
    return json.dumps(found, ensure_ascii=False, indent=2).encode()
