"""What Slack is sent is what Slack's own types say it may be."""

import json
import subprocess
from pathlib import Path

import pytest

from adapters.slack.blocks import render_parts
from adapters.slack.views import with_problems
from bot.wiring import rooms
from storage.database import Database
from tests.conftest import StillClock
from tests.contracts.slack_surface import SlackSurface, opened
from tests.contracts.test_rendering import LONG
from tests.slack.gallery import Shown, gallery
from tests.slack.test_rendering import SAY
from tests.tools import NODE_MODULES, require_node, require_node_package

TYPES = {"message": "KnownBlock[]", "modal": "ModalView", "home": "HomeView"}
OPTIONS = ("--noEmit", "--strict", "--skipLibCheck", "--moduleResolution", "bundler", "--module", "esnext")
# Documented and left out of the types: the number an ordered list goes on with (docs.slack.dev, rich_text_list).
MISSING = 'declare module "@slack/types" { interface RichTextList { offset?: number } }'


@pytest.fixture
async def shown(database: Database, clock: StillClock) -> list[Shown]:
    """Return what people see on the way of a decision, and each part at its longest."""
    async with opened(database, clock, rooms()) as surface:
        assert isinstance(surface, SlackSurface)
        seen = await gallery(surface)
        errors = with_problems(seen[0].content, {"title": "Please give it a title.", "": "This was changed."})
    seen.append(Shown("errors", "modal", errors))
    parts = [Shown(name, "message", list(render_parts((part,), SAY))) for name, part in LONG.items()]
    return [*seen, *parts]


def test_everything_shown_has_slacks_types(shown: list[Shown], tmp_path: Path) -> None:
    """@slack/types and the TypeScript compiler find no property too many, too few or wrong."""
    node = require_node()
    compiler = require_node_package("typescript/bin/tsc")
    require_node_package("@slack/types")
    lines = ['import type { KnownBlock, ModalView, HomeView } from "@slack/types";', MISSING]
    for number, one in enumerate(shown):
        content = json.dumps(one.content, ensure_ascii=True)
        lines.append(f"export const shown{number}: {TYPES[one.kind]} = {content};")
    source = tmp_path / "shown.ts"
    source.write_text("\n".join(lines), encoding="utf-8")
    (tmp_path / "node_modules").symlink_to(NODE_MODULES)

    checked = subprocess.run(
        [node, compiler, *OPTIONS, str(source)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert len(shown) > 25
