"""Every limit that Slack puts on what it is sent, in one place.

From docs.slack.dev (reference/block-kit, reference/views, reference/methods/chat.postMessage); all lengths are in
characters. What is longer is shortened here, with a way to the whole, so that Slack never refuses a message.
"""

from typing import Final

BLOCKS_IN_MESSAGE: Final = 50
BLOCKS_IN_VIEW: Final = 100
# What all blocks of a message may say together: `msg_blocks_too_long` was seen near 13,000.
MESSAGE: Final = 11_000
# Whispers that may follow each other: an address to answer at takes five answers in half an hour.
WHISPERS: Final = 4
# A view may be 250,000 bytes of JSON; this leaves room for what surrounds the words.
VIEW: Final = 30_000
# `text` beside the blocks, which notifications and screen readers use. Slack cuts it off at 40,000 and advises 4,000.
SUMMARY: Final = 3_000

HEADER: Final = 150
CONTEXT_TEXT: Final = 2_000
# No limit is documented for one element of rich text; a longer one is divided, as a section's text would have to be.
RICH_TEXT: Final = 3_000
LINK: Final = 3_000
ALT: Final = 2_000

BUTTONS_IN_ROW: Final = 25
BUTTON: Final = 75
BLOCK_ID: Final = 255

CONFIRM_TITLE: Final = 100
CONFIRM_TEXT: Final = 300
CONFIRM_BUTTON: Final = 30

VIEW_TITLE: Final = 24
VIEW_BUTTON: Final = 24
VIEWS_ON_STACK: Final = 3
CALLBACK_ID: Final = 255

INPUT_LABEL: Final = 2_000
INPUT_HINT: Final = 2_000
INPUT_TEXT: Final = 3_000
OPTION_TEXT: Final = 75
OPTION_DESCRIPTION: Final = 75
OPTION_VALUE: Final = 150
OPTIONS_IN_GROUP: Final = 100
OPTION_GROUPS: Final = 100
GROUP_LABEL: Final = 75
ERROR: Final = 2_000


def short(words: str, most: int) -> str:
    """Return words within a limit; an ellipsis marks what is cut off, at a word's end if there is one near."""
    if len(words) <= most:
        return words
    kept = words[: most - 1]
    at_word = kept.rfind(" ")
    if at_word > len(kept) * 2 // 3:
        kept = kept[:at_word]
    return kept.rstrip() + "…"


def one_line(words: str, most: int) -> str:
    """Return one text as one line within a limit."""
    return short(" ".join(words.split()), most)
