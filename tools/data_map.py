"""Writes docs/privacy.md's map of what is kept about people, and the keys of an export, from the register.

`python -m tools.data_map` writes them; a test looks whether they are up to date.
"""

from collections.abc import Iterator
from pathlib import Path

from storage.personal.forms import Cleared, Erased, Kept, Named, Person, Position, Written
from storage.personal.register import REGISTER

PAGE = Path(__file__).parent.parent / "docs" / "privacy.md"
MAP = "<!-- the data map, written by tools/data_map.py -->"
KEYS = "<!-- the keys of an export, written by tools/data_map.py -->"
END = "<!-- end -->"

_ERASED = {
    Erased.GONE: "goes",
    Erased.FORMER: "stays, by a former member",
    Erased.EMPTIED: "stays, without them",
    Erased.SUMMED: "goes into a sum without them",
}


def data_map() -> str:
    """Return the map: each table, what it is, how long it is kept, and what becomes of it when somebody is erased."""
    lines = ["| table | what | kept | exported | when somebody is erased |", "| --- | --- | --- | --- | --- |"]
    for name in sorted(REGISTER):
        kept = REGISTER[name]
        exported = "yes" if kept.keys else "no: nobody in it"
        if not kept.keys and kept.columns:
            exported = "no: only how far it has come, or what is the organisation's"
        lines.append(f"| `{name}` | {kept.what} | {kept.kept} | {exported} | {'; '.join(_erased(kept))} |")
    return "\n".join(lines)


def _erased(kept: Kept) -> Iterator[str]:
    if kept.part_of is not None:
        yield f"goes or stays with `{kept.part_of}`"
    for column, held in kept.columns.items():
        match held:
            case Person(erased):
                yield f"`{column}`: {_ERASED[erased]}"
            case Named():
                yield f"`{column}`: a row with their id goes"
            case Written():
                yield f"`{column}`: their name is replaced"
            case Position():
                yield f"`{column}`: moved past them"
            case Cleared():
                yield f"`{column}`: emptied"
    if not kept.columns and kept.part_of is None:
        yield "nobody is in it"


def export_keys() -> str:
    """Return what each key of an export is."""
    lines = []
    for name in sorted(REGISTER):
        kept = REGISTER[name]
        if kept.keys:
            lines += ["", f"**`{name}`**: {kept.what}", "", "| key | is |", "| --- | --- |"]
            lines += [f"| `{key}` | {what} |" for key, what in kept.keys.items()]
            if kept.besides:
                lines += ["", f"Nothing else of it: {kept.besides}."]
    return "\n".join(lines).strip()


def page_with(page: str) -> str:
    """Return the page with both parts as they are now."""
    for begin, content in ((MAP, data_map()), (KEYS, export_keys())):
        before, _, rest = page.partition(begin)
        _, _, after = rest.partition(END)
        page = f"{before}{begin}\n\n{content}\n\n{END}{after}"
    return page


if __name__ == "__main__":
    PAGE.write_text(page_with(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
