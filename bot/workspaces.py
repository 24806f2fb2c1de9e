"""Which workspace a command line means."""

from collections.abc import Sequence

from bot.errors import Refused
from bot.texts import text
from storage.database import Session
from storage.importing import NewWorkspace
from storage.tables import Platform, Workspace
from storage.workspaces import all_workspaces

# What a workspace that is only an import is called when nobody has named it.
IMPORT = "import"


def made_up_among(workspaces: Sequence[Workspace]) -> Workspace | None:
    """Return the local chat's made-up organisation, where the database is the local chat's."""
    return next((workspace for workspace in workspaces if workspace.made_up), None)


async def choose_workspace(session: Session, name: str | None) -> Workspace:
    """Return the workspace of that name, or without one the only one that a platform knows, else the only one imported.

    In the local chat's database that is the made-up organisation. Raises Refused when there is none, or more than one
    that is meant.
    """
    workspaces = await all_workspaces(session)
    if not workspaces:
        raise Refused(
            text("There is no workspace yet. One begins with samlas serve, or with samlas import slack-export FILE.zip")
        )
    if name is None:
        # Microsoft's test client makes a workspace of its own beside it.
        made_up = made_up_among(workspaces)
        if made_up is not None:
            return made_up
        workspaces = _served(workspaces)
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


async def workspace_to_list_people_of(session: Session, name: str | None) -> Workspace:
    """Return the workspace of that name, or without one the only workspace, unless its people are made up.

    Raises Refused as choose_workspace does, and where real people would come among made-up ones unasked.
    """
    if name is None:
        _refuse_made_up(await all_workspaces(session))
    return await choose_workspace(session, name)


async def workspace_to_import_into(session: Session, name: str | None) -> Workspace | NewWorkspace:
    """Return the workspace of that name, or without one the same as choose_workspace; where none fits, a new one.

    Raises Refused for an empty name, for one that several workspaces have, and where real people would come among
    made-up ones unasked.
    """
    workspaces = await all_workspaces(session)
    if name is None:
        _refuse_made_up(workspaces)
        likely = _served(workspaces)
        if len(likely) == 1:
            return likely[0]
    wanted = new_workspace(name)
    return _named(workspaces, wanted.name) or wanted


def new_workspace(name: str | None) -> NewWorkspace:
    """Return a workspace to make of that name. Raises Refused for an empty one."""
    wanted = IMPORT if name is None else name.strip()
    if not wanted:
        raise Refused(text("A workspace needs a name: --workspace Lindvalla"))
    return NewWorkspace(wanted)


def _served(workspaces: Sequence[Workspace]) -> Sequence[Workspace]:
    """Return the workspaces that a platform knows; where there is none, those that were only imported."""
    return [workspace for workspace in workspaces if workspace.platform != Platform.IMPORTED] or workspaces


def _refuse_made_up(workspaces: Sequence[Workspace]) -> None:
    made_up = made_up_among(workspaces)
    if made_up is not None:
        raise Refused(
            text(
                "The people of {name} in this database are made up, and nothing is imported among them unless you say"
                " so: --workspace {name}. For your own people name another database in SAMLAS_DATABASE_URL.",
                name=made_up.name,
            )
        )


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
