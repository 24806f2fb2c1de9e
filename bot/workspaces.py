"""Which workspace a command line means."""

from collections.abc import Sequence

from bot.errors import Refused
from bot.texts import text
from storage.database import Session
from storage.importing import NewWorkspace
from storage.tables import Workspace
from storage.workspaces import all_workspaces

# What a workspace that is only an import is called when nobody has named it.
IMPORT = "import"


async def choose_workspace(session: Session, name: str | None) -> Workspace:
    """Return the workspace of that name, or without one the only workspace.

    Raises Refused when there is none, or more than one that is meant.
    """
    workspaces = await all_workspaces(session)
    if not workspaces:
        raise Refused(
            text("There is no workspace yet. One begins with samlas serve, or with samlas import slack-export FILE.zip")
        )
    if name is None:
        if len(workspaces) > 1:
            raise Refused(
                text(
                    "There are several workspaces. Please name one with --workspace: {names}", names=_names(workspaces)
                )
            )
        return workspaces[0]
    named = _named(workspaces, name)
    if named is None:
        raise Refused(
            text("There is no workspace called {name}. There is: {names}", name=name, names=_names(workspaces))
        )
    return named


async def workspace_to_import_into(session: Session, name: str | None) -> Workspace | NewWorkspace:
    """Return the workspace of that name, or without one the only workspace; where none fits, a new one.

    Raises Refused for an empty name, and for one that several workspaces have.
    """
    workspaces = await all_workspaces(session)
    if name is None and len(workspaces) == 1:
        return workspaces[0]
    wanted = IMPORT if name is None else name.strip()
    if not wanted:
        raise Refused(text("A workspace needs a name: --workspace Lindvalla"))
    return _named(workspaces, wanted) or NewWorkspace(wanted)


def _named(workspaces: Sequence[Workspace], name: str) -> Workspace | None:
    named = [workspace for workspace in workspaces if workspace.name == name]
    if len(named) > 1:
        # The platform's own name of a workspace is unambiguous on its platform.
        raise Refused(
            text(
                "Several workspaces are called {name}. Please name one by its platform's id: {ids}",
                name=name,
                ids=", ".join(workspace.external_id for workspace in named),
            )
        )
    if not named:
        named = [workspace for workspace in workspaces if workspace.external_id == name]
    return named[0] if len(named) == 1 else None


def _names(workspaces: Sequence[Workspace]) -> str:
    return ", ".join(workspace.name for workspace in workspaces)
