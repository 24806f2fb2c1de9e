"""A list that is longer than what is shown of it, a page at a time; also of what a search found.

A button carries no words: those of a search that leads on are kept for a day (storage/retention.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.context import PersonContext, known
from bot.errors import Refused
from bot.events import Event
from bot.messages import Button, Buttons, Part, Target, Tone, Words
from bot.texts import text
from storage.searches import add_search, find_search

LONGEST_LIST = 10
# Further down than this one searches.
MOST_LISTED = 1000
# The row of a button that leads on in a list that was not searched.
NO_SEARCH = 0


@dataclass(frozen=True, slots=True)
class Page:
    """Which part of a list is asked for: what comes after the first `before` of what has these `words`."""

    words: str = ""
    before: int = 0
    search: int = NO_SEARCH

    @property
    def end(self) -> int:
        """How many of the list have been shown with this page."""
        return self.before + LONGEST_LIST


def first_page(event: Event) -> Page:
    """Return the beginning of what was asked for by the words that follow a command."""
    return Page(" ".join(event.text.split()))


async def next_page(ctx: PersonContext, event: Event) -> Page:
    """Return the page that a button leads to.

    Raises Refused for one of a search that is not kept any more.
    """
    if event.target is None:
        return Page()
    before = max(0, min(event.target.version, MOST_LISTED))
    if event.target.row == NO_SEARCH:
        return Page(before=before)
    search = await find_search(ctx.session, ctx.workspace_id, ctx.member_id, event.target.row)
    if search is None:
        raise Refused(text("That search is too long ago to go on with. Please search again."))
    return Page(search.words, before, known(search.id))


async def ways_on(ctx: PersonContext, action: str, page: Page) -> Sequence[Part]:
    """Return the ways on from a page that is not the last: searching, and the next page."""
    hint = ctx.say("There is more: another word finds less.") if page.words else None
    parts = [Words(hint or ctx.say("There is more: add a word or two to search."), Tone.QUIET)]
    if page.end > MOST_LISTED:
        return parts
    search = page.search
    if page.words and search == NO_SEARCH:
        search = known((await add_search(ctx.session, ctx.workspace_id, ctx.member_id, page.words, ctx.now)).id)
    return [*parts, Buttons((further(ctx, action, page.end, search),))]


def further(ctx: PersonContext, action: str, before: int, search: int = NO_SEARCH) -> Button:
    """Return the button that leads to what comes after the first `before` of a list."""
    return Button(ctx.say("Show more"), action, Target(search, before))
