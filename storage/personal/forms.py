"""The words of the register: what a column can hold of a person, and what becomes of it when they are erased."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Erased(StrEnum):
    """What becomes of a row that refers to somebody who is erased.

    *gone*: it is deleted. *former*: it refers to nobody in particular any more, whom everybody reads as a former
    colleague. *emptied*: it stays without them. *summed*: it is added to a sum without them, and deleted.
    """

    GONE = "gone"
    FORMER = "former"
    EMPTIED = "emptied"
    SUMMED = "summed"


@dataclass(frozen=True, slots=True)
class Person:
    """The column holds a member's row id."""

    erased: Erased


@dataclass(frozen=True, slots=True)
class Named:
    """The column holds the platform's own id of a person, alone or within other words; its row goes with them."""


@dataclass(frozen=True, slots=True)
class Written:
    """The column holds words (or JSON with words) in which people can be named.

    The row stays for the others. Where the name, e-mail address or id of somebody who is erased stands in it, *a former
    member* stands instead.
    """


@dataclass(frozen=True, slots=True)
class Position:
    """The column says how far something has gone through the members, as the row id of the last one.

    It holds nobody, but a number that was somebody's; it is moved to the one before, which leads on to the same people.
    """


@dataclass(frozen=True, slots=True)
class Cleared:
    """The column holds something made of a person's row id; it is emptied where their row stays."""


@dataclass(frozen=True, slots=True)
class Confided:
    """What one of the two people in a row said, and the other is not told: not by their export either.

    It is told `to` whom that column holds, or to everybody `but` whom that column holds; one of both is given. Whoever
    is not told finds the key left out, or what stands in `instead` by what was said.
    """

    to: str = ""
    but: str = ""
    instead: Mapping[str, str] = field(default_factory=dict)

    def is_told(self, row: Mapping[str, object], reader: int | None) -> bool:
        """Whether the member with this row id may read it."""
        return row[self.to] == reader if self.to else row[self.but] != reader


Holds = Person | Named | Written | Position | Cleared


@dataclass(frozen=True, slots=True)
class Kept:
    """One table: what it is, how long it is kept, and which of its columns can hold a person.

    `columns` are those that can. `nobody` are those that cannot although they hold words, JSON or a row id without a
    foreign key: they hold the program's own words, numbers of other things, or what names no person. `part_of` is the
    reference to a table whose exported rows bring the rows of this one along. `keys` say in words what each column of
    an exported row is; a table without them has nothing to export. `confided` are those of them that only one of the
    people in a row may read. `besides` says why an exported row has columns that are not among them.
    """

    what: str
    kept: str
    columns: Mapping[str, Holds] = field(default_factory=dict)
    nobody: tuple[str, ...] = ()
    part_of: str | None = None
    keys: Mapping[str, str] = field(default_factory=dict)
    confided: Mapping[str, Confided] = field(default_factory=dict)
    besides: str = ""
