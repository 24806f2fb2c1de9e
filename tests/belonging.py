"""Where in the product's answers a name or a word of people's belongs, and the search for those that do not.

Each route has its place here (PLACES; a test walks through all of them), and every answer that any test gets over HTTP
is held against it (tests/answers.py). What is printed by the command line has its place too.
"""

import html
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import lru_cache
from typing import Final

from bot.getting_in import digest_of


class Belongs(StrEnum):
    """What of people may stand in an answer.

    *nothing*: for machines, and for whoever has not come in. *sums*: what is shown of many; titles of announcements and
    names of teams, and nobody's own. *own*: a person's own page and file; their own name, and those of people who had
    to do with them. *chat*: what the chat shows them; names and words of others, and no address or key. *list*: what is
    said of a list of people to whoever has written it.
    """

    NOTHING = "nothing"
    SUMS = "sums"
    OWN = "own"
    CHAT = "chat"
    LIST = "list"


# By the beginning of the route's pattern; the longest that fits is meant.
PLACES: Final[Mapping[str, Belongs]] = {
    "/": Belongs.NOTHING,
    "/healthz": Belongs.NOTHING,
    "/readyz": Belongs.NOTHING,
    "/metrics": Belongs.NOTHING,
    "/slack/install": Belongs.NOTHING,
    "/slack/oauth_redirect": Belongs.NOTHING,
    "/insights": Belongs.SUMS,
    "/insights/enter": Belongs.NOTHING,
    "/insights/leave": Belongs.NOTHING,
    "/insights/left": Belongs.NOTHING,
    "/insights/static": Belongs.NOTHING,
    "/me": Belongs.OWN,
    "/slack/events": Belongs.CHAT,
    "/api/messages": Belongs.CHAT,
    "/local": Belongs.CHAT,
    "/local/as/{person}/file": Belongs.OWN,
    "/images": Belongs.NOTHING,
}
# By its name, what may stand in a file that is not its reader's own: the decision log is what the chat shows them.
FILES: Final[Mapping[str, Belongs]] = {"decisions.csv": Belongs.CHAT}
# By the first words of a command, without `samlas`: what it may print, and write into files.
PRINTED: Final[Mapping[str, Belongs]] = {
    "": Belongs.NOTHING,
    "import people": Belongs.LIST,
    "nudges": Belongs.CHAT,
    "erase": Belongs.OWN,
    "export --member": Belongs.OWN,
    "export decisions": Belongs.CHAT,
}
# Pages that somebody without a session can get, whatever they asked for.
OF_THE_PAGES: Final = ("/insights", "/me")
# Teams knows the people of a chat by their addresses; a bot can but link to one (adapters/teams/).
_CHAT_OF_TWO: Final = re.compile(r"/l/chat/0/0\?users=[^&\"]*")
_WORD: Final = re.compile(r"\w+")
_LINK: Final = re.compile(r"/insights/enter/([A-Za-z0-9_-]{20,})")


@dataclass(frozen=True)
class Answer:
    """One answer: to what, and what it says. `reader` is the row id of whoever has come in by that browser."""

    route: str
    # What was asked for, where the answer holds a link that may have been that.
    path: str
    status: int
    body: str
    reader: int | None = None
    # In the local chat everybody can be anybody: the platform's id of whom; of a command, whom it is about.
    person: str | None = None
    # Of a command's, from PRINTED; of a file's, from FILES.
    belongs: Belongs | None = None


@dataclass(frozen=True)
class Known:
    """What a database holds of people.

    `names` and `addresses` are by row id; `near` are the row ids of those who had to do with somebody; `titles` is what
    may be read of announcements and teams by whoever sees sums; `links` tells by a link's hash whose it is.
    """

    names: Mapping[int, str] = field(default_factory=dict)
    addresses: Mapping[int, str] = field(default_factory=dict)
    ids: Mapping[str, int] = field(default_factory=dict)
    near: Mapping[int, frozenset[int]] = field(default_factory=dict)
    sentences: frozenset[str] = frozenset()
    titles: frozenset[str] = frozenset()
    keys: frozenset[str] = frozenset()
    links: Mapping[str, int] = field(default_factory=dict)


def without_address(answer: Answer) -> Answer:
    """Return an answer without the path that it was asked for by, where that says nothing: then many are the same."""
    return answer if _LINK.search(answer.body) else replace(answer, path="")


def place_of(answer: Answer) -> Belongs:
    """Return what may stand in an answer."""
    if answer.belongs is not None:
        return answer.belongs
    if answer.status >= 400 and answer.route.startswith(OF_THE_PAGES):
        return Belongs.NOTHING
    return place_of_route(answer.route)


def place_of_route(route: str) -> Belongs:
    """Return what may stand in the answers of a route, by its pattern; fails for one that is not in the list."""
    fitting = [begin for begin in PLACES if route == begin or (begin != "/" and route.startswith(f"{begin}/"))]
    assert fitting, f"say in PLACES what may stand in the answers of {route}"
    return PLACES[max(fitting, key=len)]


def printed(arguments: Sequence[str], words: str) -> Answer:
    """Return what a command printed and wrote; what it may say of people goes by the command, and whom it is about."""
    line = " ".join(arguments)
    begin = max((begin for begin in PRINTED if line.startswith(begin)), key=len)
    about = arguments[arguments.index("--member") + 1] if "--member" in arguments[:-1] else None
    return Answer(f"samlas {line}", "", 0, words, person=about, belongs=PRINTED[begin])


def misplaced(answers: Iterable[Answer], known: Known) -> list[tuple[str, str]]:
    """Return what stands where it does not belong, as pairs of route and words."""
    return [(answer.route, words) for answer in answers for words in _misplaced_in(answer, known)]


def found_in(body: str, words: Iterable[str]) -> list[str]:
    """Return the words that stand in a text, whole, as they are, as JSON writes them or as HTML does."""
    forms, by_first = _forms(frozenset(words))
    found: set[str] = set()
    for text in {body, html.unescape(body)}:
        # Thousands of names are looked for in thousands of answers: only by those that may begin here at all.
        begun = {form for first in {"", *_WORD.findall(text)} & by_first.keys() for form in by_first[first]}
        if begun:
            longest_first = sorted(begun, key=len, reverse=True)
            pattern = re.compile("|".join(rf"(?<!\w){re.escape(form)}(?!\w)" for form in longest_first))
            found |= {forms[match.group()] for match in pattern.finditer(text)}
    return sorted(found)


@lru_cache(maxsize=64)
def _forms(words: frozenset[str]) -> tuple[Mapping[str, str], Mapping[str, Sequence[str]]]:
    """Return how words may stand in a text, and these forms by the first word in each."""
    forms = {form: word for word in words if word for form in (word, json.dumps(word)[1:-1])}
    by_first: dict[str, list[str]] = {}
    for form in forms:
        first = _WORD.search(form)
        by_first.setdefault(first.group() if first is not None else "", []).append(form)
    return forms, by_first


def _misplaced_in(answer: Answer, known: Known) -> Sequence[str]:
    place = place_of(answer)
    body = answer.body
    found = [*found_in(body, known.keys), *_links_of_others(answer, known)]
    match place:
        case Belongs.NOTHING:
            found += found_in(body, {*known.names.values(), *known.addresses.values(), *known.sentences})
        case Belongs.SUMS:
            body = html.unescape(body)
            for title in known.titles:
                body = body.replace(title, "")
            found += found_in(body, {*known.names.values(), *known.addresses.values(), *known.sentences - known.titles})
        case Belongs.OWN:
            reader = _reader(answer, known)
            own = {reader} if reader is not None else set()
            near = own.union(*(known.near.get(one, frozenset()) for one in own))
            theirs = {known.names[one] for one in near if one in known.names}
            found += found_in(body, {*known.names.values()} - theirs)
            found += found_in(body, {address for one, address in known.addresses.items() if one not in own})
        case Belongs.CHAT:
            # Who is only on the organisation's list goes by their address.
            shown = {known.addresses.get(_reader(answer, known) or 0), *known.ids}
            addresses = set(known.addresses.values()) - shown
            found += found_in(_CHAT_OF_TWO.sub("", body), addresses)
        case Belongs.LIST:
            found += found_in(body, known.sentences - set(known.names.values()))
    return found


def _links_of_others(answer: Answer, known: Known) -> list[str]:
    return [
        secret
        for secret in _LINK.findall(answer.body)
        if secret not in answer.path and known.links.get(digest_of(secret)) != (_reader(answer, known) or "nobody")
    ]


def _reader(answer: Answer, known: Known) -> int | None:
    if answer.person is None:
        return answer.reader
    by_address = {address.casefold(): one for one, address in known.addresses.items()}
    return known.ids.get(answer.person, by_address.get(answer.person.casefold()))
