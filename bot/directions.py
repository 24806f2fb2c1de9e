"""Keeps words that run from right to left, or that say they do, from turning what stands beside them. Pure.

Signs that nobody sees can turn a text round (Unicode Standard Annex 9, "Explicit Directional Embedding, Override and
Isolate"). What somebody wrote is shown as they wrote it; that it ends, its reader has to be able to see.
"""

import re
import unicodedata

# What opens an embedding or override, and what ends it; what opens an isolate, and what ends that.
_EMBEDDING, _END_OF_EMBEDDING = "\u202a\u202b\u202d\u202e", "\u202c"
_ISOLATE, _END_OF_ISOLATE = "\u2066\u2067\u2068", "\u2069"
# An isolate whose direction is that of its first letter.
_FIRST_STRONG = "\u2068"
_SIGN = re.compile(f"[{_EMBEDDING}{_END_OF_EMBEDDING}{_ISOLATE}{_END_OF_ISOLATE}]")
# Where a paragraph ends, everything that is open ends.
_PARAGRAPH = re.compile("([\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029])")
_NOT_LATIN = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u200f\U00010800-\U00010fff\U0001e800-\U0001efff]")
_UNSEEN = ("Cf", "Cc", "Zs", "Zl", "Zp")


def closed(words: str) -> str:
    """Return words that turn nothing round that follows them: in each line, what was opened is ended.

    An end of what was not opened there is left out; it would end what stands around.
    """
    if _SIGN.search(words) is None:
        return words
    return "".join(_closed_line(line) for line in _PARAGRAPH.split(words))


def isolated(words: str) -> str:
    """Return words for the middle of a sentence: neither turns the other round. What needs nothing is as it was."""
    ended = closed(words)
    if ended is words and _NOT_LATIN.search(words) is None:
        return words
    return f"{_FIRST_STRONG}{ended}{_END_OF_ISOLATE}"


def is_seen(words: str) -> bool:
    """Whether there is anything to see in words: a sign that is more than space, direction or control."""
    return any(unicodedata.category(sign) not in _UNSEEN for sign in words)


def _closed_line(line: str) -> str:
    kept: list[str] = []
    # The ends that are still to come, the next one last.
    ends: list[str] = []
    for sign in line:
        if sign in _EMBEDDING:
            ends.append(_END_OF_EMBEDDING)
        elif sign in _ISOLATE:
            ends.append(_END_OF_ISOLATE)
        elif sign == _END_OF_EMBEDDING:
            if not ends or ends[-1] != sign:
                continue
            ends.pop()
        elif sign == _END_OF_ISOLATE:
            if sign not in ends:
                continue
            # It ends the embeddings in it as well.
            while ends[-1] != sign:
                kept.append(ends.pop())
            ends.pop()
        kept.append(sign)
    return "".join([*kept, *reversed(ends)])
