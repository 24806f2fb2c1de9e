"""Tables as spreadsheets open them: CSV in which nothing is taken for a formula. Pure."""

import csv
import io
from collections.abc import Iterable, Sequence

# What a spreadsheet takes for the beginning of a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
# Without it, a spreadsheet shows å, ä and ö as something else.
MARK = "\ufeff"


def as_csv(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a table, a row a line. Begins with a mark that it is UTF-8."""
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(headings)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return MARK + written.getvalue()


def _cell(value: object) -> str:
    words = "" if value is None else str(value)
    return f"'{words}" if words.startswith(_FORMULA) else words
