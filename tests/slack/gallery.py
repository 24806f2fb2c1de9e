"""What people see of Samlas in Slack, as Slack was sent it: for checking its types, and for the pictures in docs/."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from tests.contracts.slack_surface import SlackSurface
from tests.contracts.slack_team import id_of
from tests.contracts.surface import SeenForm
from tests.slack.team import Said


@dataclass(frozen=True)
class Shown:
    """One thing to see: a *message* (its blocks), a *modal* or a *home* (its view)."""

    name: str
    kind: str
    content: Any


DECISION = {
    "title": "We move to Kungsgatan in June",
    "text": (
        "The lease on Storgatan ends, and we have found a house with room for all of us.\n\n"
        "- **When:** the first week of June, floor by floor\n"
        "- **Where:** Kungsgatan 12, see [the drawings](https://example.com/drawings)\n\n"
        "> Nobody has to carry anything but their own plants.\n\n"
        "Questions are welcome in the thread."
    ),
    "kind": "A decision",
    "audience": "Everyone",
    "confirm": "yes",
}
CHECKLIST = {"decision": "We move all offices to Kungsgatan 12 in June", "decider": "The board, on 12 February"}


async def gallery(surface: SlackSurface) -> list[Shown]:
    """Announce a decision from the first word to the author's picture; returns what was seen on the way."""
    shown: list[Shown] = []
    composing = (await surface.command("anna", "announce", DECISION["title"])).opened
    shown.append(_modal("compose", composing))
    checklist = (await surface.submit("anna", composing, **DECISION)).opened
    shown.append(_modal("checklist", checklist))
    preview = (await surface.submit("anna", checklist, **CHECKLIST)).opened
    shown.append(_modal("preview", preview))
    await surface.press("anna", preview, "Ask the management group first")
    await surface.settle()
    [card] = await surface.direct("carl")
    shown.append(_message("anchoring-card", surface.standin.said_to(id_of("carl"))[-1]))
    await surface.open_home("carl")
    shown.append(Shown("home", "home", surface.standin.homes[id_of("carl")]))
    concern = (await surface.press("carl", card, "I have a concern")).opened
    shown.append(_modal("concern", concern))
    await surface.press("carl", card, "Anchored")
    await surface.press("david", (await surface.direct("david"))[-1], "Anchored")
    await surface.settle()
    met = (await surface.direct("anna"))[-1]
    shown.append(_message("anchored", surface.standin.said_to(id_of("anna"))[-1]))
    await surface.press("anna", met, "Publish now")
    await surface.settle()
    [post] = await surface.in_channel("allmant")
    shown.append(_message("post", surface.standin.said_in(id_of("allmant"))[-1]))
    noted = await surface.press("bo", post, "I have read this")
    shown.append(Shown("whisper", "message", surface.standin.responses[-1][1]["blocks"]))
    assert noted.told
    [copy] = await surface.direct("eva")
    shown.append(_message("copy", surface.standin.said_to(id_of("eva"))[-1]))
    question = await surface.press("eva", copy, "Ask a question")
    shown.append(_modal("question", question.opened))
    await surface.submit("eva", question.opened, question="Will there be *parking* for bicycles?")
    await surface.settle()
    shown.append(_message("question-in-thread", surface.standin.said_in(id_of("allmant"))[-1]))
    return [*shown, *await _afterwards(surface)]


async def _afterwards(surface: SlackSurface) -> list[Shown]:
    """Look at the author's picture, and ask for what can be asked for."""
    shown: list[Shown] = []
    surface.clock.move(timedelta(minutes=2))
    await surface.settle()
    pictures = [said for said in surface.standin.said_to(id_of("anna")) if "reaching people" in str(said.body)]
    shown.append(_message("picture", pictures[-1]))
    await surface.command("eva", "news")
    shown.append(Shown("news", "message", surface.standin.responses[-1][1]["blocks"]))
    await surface.command("farid", "samlas")
    shown.append(Shown("help", "message", surface.standin.responses[-1][1]["blocks"]))
    await surface.command("farid", "insights")
    shown.append(Shown("not-there-yet", "message", surface.standin.responses[-1][1]["blocks"]))
    await surface.command("greta", "nudges")
    shown.append(Shown("nudges", "message", surface.standin.responses[-1][1]["blocks"]))
    return shown


def _modal(name: str, form: SeenForm) -> Shown:
    view = {
        key: value for key, value in form.reference.view.items() if key not in ("id", "hash", "root_view_id", "state")
    }
    return Shown(name, "modal", view)


def _message(name: str, said: Said) -> Shown:
    return Shown(name, "message", said.body["blocks"])
