"""What nobody sends on purpose: bytes of any kind, JSON of any shape, and sound payloads bent in places.

Everything is drawn from one seed, so that what a run has sent can be sent again.
"""

import copy
import json
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote, urlencode

from tests.soak import drawn_from

MOST_NOISE_BYTES = 400
DEEP = 1200

ODD_TEXTS = (
    "",
    " ",
    "\x00",
    "a\x00b",
    "\ud800",
    "\u202e\u2066",
    "\U0001f469\u200d\U0001f467",
    "x" * 3000,
    "9" * 400,
    "-1",
    "0",
    "1e999",
    "NaN",
    "None",
    "null",
    "' OR 1=1 --",
    "../../../../etc/passwd",
    "%00%ff%",
    "{{7*7}}${7*7}{0}%s",
    "<!channel> <script>alert(1)</script>",
    "9223372036854775808:1",
    "7:99999999999999999999999",
    "1.2.3",
    "253402300800.0",
    "-62135596801",
    "\r\nX-Other: header",
)
ODD_NUMBERS = (0, -1, 1, 2**31, 2**63, -(2**63) - 1, 10**400, 0.5, -0.0, 1e308, 253402300800)


class Malforming:
    """Draws what is malformed."""

    def __init__(self, seed: int) -> None:
        """Draw from this seed."""
        self._chance = drawn_from(seed)

    def one_of(self, *makers: Callable[[], Any]) -> Any:
        """Return what one of these makes."""
        return self._chance.choice(makers)()

    def chosen(self, choices: Any) -> Any:
        """Return one of several."""
        return self._chance.choice(choices)

    def noise(self) -> bytes:
        """Return bytes of any kind."""
        return self._chance.randbytes(self._chance.randrange(MOST_NOISE_BYTES))

    def text(self) -> str:
        """Return a text that is not expected."""
        if self._chance.random() < 0.5:
            return self._chance.choice(ODD_TEXTS)
        letters = self._chance.choices(range(1, 0xD800), k=self._chance.randrange(12))
        return "".join(map(chr, letters))

    def value(self, depth: int = 3) -> Any:
        """Return a value of any shape that JSON knows."""
        kind = self._chance.randrange(8 if depth else 5)
        match kind:
            case 0:
                return None
            case 1:
                return self._chance.random() < 0.5
            case 2:
                return self._chance.choice(ODD_NUMBERS)
            case 3 | 4:
                return self.text()
            case 5:
                return [self.value(depth - 1) for _ in range(self._chance.randrange(4))]
            case _:
                return {self.text(): self.value(depth - 1) for _ in range(self._chance.randrange(4))}

    def json(self) -> bytes:
        """Return JSON of any shape, now and then nested deeper than anybody reads."""
        if self._chance.random() < 0.01:
            return self.deep()
        return written(self.value())

    def deep(self) -> bytes:
        """Return JSON that is nested so deep that a reader which calls itself would fall over."""
        deep = self._chance.choice((DEEP, 500, 990, 60_000))
        return self._chance.choice((b"[" * deep + b"]" * deep, b'{"a":' * deep + b"1" + b"}" * deep, b"[" * deep))

    def broken(self, sound: bytes) -> bytes:
        """Return what was sound, cut off, with a byte changed, or with something in it."""
        at = self._chance.randrange(len(sound) or 1)
        match self._chance.randrange(3):
            case 0:
                return sound[:at]
            case 1:
                return sound[:at] + self._chance.randbytes(1) + sound[at + 1 :]
            case _:
                return sound[:at] + self._chance.randbytes(3) + sound[at:]

    def bent(self, sound: Any) -> Any:
        """Return a payload of which a few places hold something else, or are missing."""
        whole = [copy.deepcopy(sound)]
        for _ in range(self._chance.randint(1, 3)):
            holder, key = self._place(whole)
            match self._chance.randrange(4):
                case 0 if isinstance(holder, dict):
                    del holder[key]
                case 1 if isinstance(holder, dict):
                    holder[self.text()] = holder[key]
                case 2:
                    holder[key] = self.text()
                case _:
                    holder[key] = self.value()
        return whole[0]

    def form(self, sound: Mapping[str, str]) -> bytes:
        """Return a form's fields, bent: other values, other names, some twice, some missing."""
        fields = [(name, value) for name, value in sound.items() if self._chance.random() < 0.85]
        for _ in range(self._chance.randint(0, 2)):
            if fields:
                at = self._chance.randrange(len(fields))
                fields[at] = (fields[at][0], self.text())
        if self._chance.random() < 0.3:
            fields.append((self._chance.choice([*sound, self.text()]), self.text()))
        # Half a character is sent as the bytes that would be it.
        return urlencode(fields, errors="surrogatepass").encode()

    def segment(self) -> str:
        """Return one step of a path."""
        return quote(self.text()[:200], safe="", errors="surrogatepass")

    def header(self) -> str:
        """Return what can stand in a header, and says nothing."""
        words = self.text().encode("utf-8", "surrogatepass").decode("latin-1")
        return "".join(letter for letter in words if letter >= " " and letter != "\x7f")[:500]

    def _place(self, whole: list[Any]) -> tuple[Any, Any]:
        """Return a place somewhere within a payload: what holds it, and under which key."""
        holder: Any = whole
        key: Any = 0
        while True:
            inner = holder[key]
            if not inner or not isinstance(inner, dict | list) or self._chance.random() < 0.15:
                return holder, key
            holder, key = inner, self._chance.choice(list(inner) if isinstance(inner, dict) else range(len(inner)))


def written(value: Any) -> bytes:
    """Return a value as JSON; half a character is written as JSON can."""
    return json.dumps(value).encode()
