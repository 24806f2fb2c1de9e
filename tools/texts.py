"""Keeps bot/locales/sv.po complete: every sentence that is said has its Swedish, and nothing else stands there.

`python -m tools.texts --check` reports (make check); without --check it adds what is missing at the end (make texts).
"""

import ast
import string
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import normalize, read_po
from jinja2 import Environment, nodes

ROOT = Path(__file__).parent.parent
CATALOGUE = ROOT / "bot" / "locales" / "sv.po"
# Where the functions that mark a sentence are defined.
MARKED_IN = "bot/texts.py"
ROOMS = ("bot", "adapters", "nudges", "benchmarks")
# Those functions, and how many of their first arguments are sentences.
MARKS = {"text": 1, "say": 1, "texts": 2, "many": 2}


@dataclass(frozen=True)
class Said:
    """A sentence as it stands in the code; `plural` when it depends on a number.

    Without a msgid the sentence is put together before it is marked, so that nobody can translate it.
    """

    msgid: str | None
    plural: str | None
    where: str


def said_by_the_program(root: Path = ROOT) -> Iterator[Said]:
    """Yield every marked sentence of the rooms' code and templates."""
    for room in ROOMS:
        for path in sorted((root / room).rglob("*.py")):
            if path == root / MARKED_IN:
                continue
            yield from said_in_python(path.read_text(encoding="utf-8"), path.relative_to(root).as_posix())
        for path in sorted((root / room).rglob("*.html")):
            yield from said_in_template(path.read_text(encoding="utf-8"), path.relative_to(root).as_posix())


def said_in_python(source: str, name: str) -> Iterator[Said]:
    """Yield the marked sentences of one module."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        mark = _mark_of(node.func)
        if mark is None or not node.args:
            continue
        values = [arg.value if isinstance(arg, ast.Constant) else None for arg in node.args]
        yield _said(mark, values, f"{name}:{node.lineno}")


def said_in_template(source: str, name: str) -> Iterator[Said]:
    """Yield the marked sentences of one template."""
    for node in Environment(autoescape=True).parse(source).find_all(nodes.Call):
        mark = _mark_of(node.node)
        if mark is None or not node.args:
            continue
        values = [arg.value if isinstance(arg, nodes.Const) else None for arg in node.args]
        yield _said(mark, values, f"{name}:{node.lineno}")


def _mark_of(called: ast.expr | nodes.Expr) -> str | None:
    match called:
        case ast.Name(id=mark) | nodes.Name(name=mark):
            pass
        case (
            ast.Attribute(value=ast.Name(id="say") | ast.Attribute(attr="say") | ast.Call(), attr="say")
            | ast.Attribute(value=ast.Name(id="voice"), attr="say")
        ):
            # Voice.say says a text that was marked elsewhere.
            return None
        case ast.Attribute(attr=mark) | nodes.Getattr(attr=mark):
            pass
        case _:
            return None
    return mark if mark in MARKS else None


def _said(mark: str, values: Sequence[object], where: str) -> Said:
    sentences = [value for value in values[: MARKS[mark]] if isinstance(value, str)]
    if len(sentences) != MARKS[mark]:
        return Said(None, None, where)
    return Said(sentences[0], sentences[1] if MARKS[mark] > 1 else None, where)


def problems(said: Iterable[Said], catalogue: Catalog) -> Iterator[str]:
    """Yield what is wrong with a catalogue, each as a sentence with its place."""
    used: set[str] = set()
    for sentence in said:
        if sentence.msgid is None:
            yield f"{sentence.where}: the sentence does not stand here as a plain string"
        elif sentence.msgid not in used:
            used.add(sentence.msgid)
            english = [sentence.msgid, *([sentence.plural] if sentence.plural else [])]
            wrong = _wrong_with(english, catalogue.get(sentence.msgid))
            if wrong:
                yield f"{sentence.where}: {wrong}: {sentence.msgid}"
    for entry in catalogue:
        msgid = _forms(entry.id)[0]
        if msgid and msgid not in used:
            yield f"sv.po: is said nowhere: {msgid}"


def _wrong_with(english: list[str], entry: Message | None) -> str:
    """Return what is wrong with one sentence and its Swedish, or nothing."""
    if entry is None:
        return "has no Swedish (make texts adds it)"
    swedish = _forms(entry.string)
    if any("!" in form for form in english + swedish):
        return "has an exclamation mark"
    if _forms(entry.id) != english:
        return "the catalogue has another plural"
    if entry.fuzzy or len(swedish) != len(english) or not all(swedish):
        return "its Swedish is not written yet"
    if _placeholders(english) != _placeholders(swedish):
        return "its Swedish has other {values}"
    return ""


def _forms(kept: object) -> list[str]:
    """Return a catalogue's sentence as its forms, one or two."""
    return [str(form) for form in kept] if isinstance(kept, list | tuple) else [str(kept or "")]


def _placeholders(forms: Iterable[str]) -> set[str]:
    """Return the names of the values; a singular may leave its number out ("one person")."""
    names = {name for form in forms for _, name, _, _ in string.Formatter().parse(form) if name}
    return names - {"count"}


def entries_for(said: Iterable[Said], catalogue: Catalog) -> str:
    """Return .po entries, still without Swedish, for what the catalogue does not have."""
    entries: dict[str, str] = {}
    for sentence in said:
        if sentence.msgid is None or catalogue.get(sentence.msgid) is not None:
            continue
        lines = [f"msgid {normalize(sentence.msgid, width=0)}"]
        if sentence.plural is None:
            lines.append('msgstr ""')
        else:
            lines += [f"msgid_plural {normalize(sentence.plural, width=0)}", 'msgstr[0] ""', 'msgstr[1] ""']
        entries.setdefault(sentence.msgid, "\n" + "\n".join(lines) + "\n")
    return "".join(entries.values())


def duplicates(po: str) -> list[str]:
    """Return the sentences that stand more than once in a .po file, which would hide one of them."""
    found: list[str] = []
    seen = set()
    for line in po.splitlines():
        if line.startswith("msgid ") and line != 'msgid ""':
            if line in seen:
                found.append(line.removeprefix("msgid "))
            seen.add(line)
    return found


def main(arguments: list[str]) -> int:
    """Check the catalogue, or add to it; returns 1 when something is wrong."""
    po = CATALOGUE.read_text(encoding="utf-8")
    with CATALOGUE.open("rb") as source:
        catalogue = read_po(source, locale="sv")
    said = list(said_by_the_program())
    if "--check" not in arguments:
        added = entries_for(said, catalogue)
        with CATALOGUE.open("a", encoding="utf-8") as target:
            target.write(added)
        print(f"{added.count('msgid ')} sentences wait for their Swedish at the end of {CATALOGUE.name}.")
        return 0
    wrong = [*problems(said, catalogue), *(f"sv.po: stands twice: {twice}" for twice in duplicates(po))]
    for problem in wrong:
        print(problem)
    print(f"{len({sentence.msgid for sentence in said})} sentences, {len(wrong)} problems.")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
