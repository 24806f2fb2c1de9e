"""Links in the documentation lead somewhere."""

from pathlib import Path

import pytest

from tools.links import dead_links, headings

OTHER = "# How it is built\n\n## One way in, one way out\n\n## `samlas serve`: run it\n"


@pytest.fixture
def page(tmp_path: Path) -> Path:
    """Return a page to write, in a folder of a repository with another page and a picture."""
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "other page.md").write_text(OTHER, encoding="utf-8")
    (tmp_path / "picture.png").write_bytes(b"\x89PNG")
    return tmp_path / "docs" / "page.md"


@pytest.mark.parametrize(
    "link",
    [
        "[other](other%20page.md)",
        "[part](other%20page.md#one-way-in-one-way-out)",
        "[here](#page)",
        "![picture](../picture.png)",
        "[folder](../docs)",
        "[web](https://example.com/nothing)",
        "[mail](mailto:anna@example.com)",
        "`[code](nowhere.md)`",
    ],
)
def test_leads_somewhere(page: Path, link: str) -> None:
    """Files, folders, headings and pictures that are there are fine; the web and code are not looked at."""
    page.write_text(f"# Page\n\n{link}\n", encoding="utf-8")

    assert list(dead_links(page, page.parent.parent)) == []


@pytest.mark.parametrize(
    ("link", "why"),
    [
        ("[gone](gone.md)", "gone.md: there is no such file"),
        ("![gone](gone.png)", "gone.png: there is no such file"),
        ("[part](other%20page.md#gone)", "other%20page.md#gone: there is no such heading"),
        ("[here](#gone)", "#gone: there is no such heading"),
        ("| a |\n| - |\n| [gone](gone.md) |", "gone.md: there is no such file"),
        ("[out](../..)", "../..: leads out of the repository"),
    ],
)
def test_leads_nowhere(page: Path, link: str, why: str) -> None:
    """What is not there is told with the page it stands on, also within a table."""
    page.write_text(f"# Page\n\n{link}\n", encoding="utf-8")

    assert list(dead_links(page, page.parent.parent)) == [f"docs/page.md: {why}"]


def test_headings(page: Path) -> None:
    """Headings are linked to as code hosts name them: small letters, hyphens, no other signs."""
    page.write_text(OTHER, encoding="utf-8")

    assert headings(page) == {"how-it-is-built", "one-way-in-one-way-out", "samlas-serve-run-it"}
