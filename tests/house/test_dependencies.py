"""Each library that Samlas is built on is named in the architecture, with its reason."""

import re
import tomllib

from tools.tree import ROOT


def test_every_dependency_has_its_reason() -> None:
    """A library that the architecture does not name has come in without being asked why."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    told = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")

    unnamed = [name for line in wanted if (name := re.split(r"[\[>=<]", line)[0]) not in told]

    assert unnamed == []
