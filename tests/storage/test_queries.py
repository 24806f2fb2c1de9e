"""Every query takes the workspace first, so that nobody can forget whose rows they are asking for."""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from typing import Any

import storage

# What is about no one workspace, and why.
ABOUT_NO_WORKSPACE = {
    "storage.counting_postgresql.flush": "counts signs that each say their own",
    "storage.directory.claim_directories": "is how whoever asks a platform about people comes to each of them",
    "storage.directory_parts.claim_parts": "is how whoever asks a platform about places comes to each of them",
    "storage.getting_in.find_link": "finds the workspace, by a secret that only its owner was sent",
    "storage.getting_in.use_link": "as above",
    "storage.getting_in.find_session": "as above, by what a browser was given",
    "storage.importing.store_history": "makes the workspace, where it is new",
    "storage.installations.find_installation": "finds the workspace, by the platform's own ids",
    "storage.installations.installations_with_secrets": "all secrets are encrypted anew at once",
    "storage.installations.end_installing": "which workspace it will be is not known yet",
    "storage.comparing.begin_comparing": "is about the database's key",
    "storage.comparing.comparing_key": "is about the database's key",
    "storage.health.waiting_to_go_out": "is for whoever runs the program, over all of them",
    "storage.health.workspaces_without_lead": "is for whoever runs the program, over all of them",
    "storage.lanes.lane_holders": "is for whoever runs the program, over all of them",
    "storage.sqlite.empty_log": "is about the file",
    "storage.wishes.honour_wishes_asyncpg": "is about those of a counted batch, whose workspaces come with them",
    "storage.workspaces.find_workspace": "finds it by the platform's own id for it",
    "storage.workspaces.all_workspaces": "is how the jobs come to each of them",
    "storage.workspaces.add_workspace": "makes it",
    "storage.workspaces.any_workspace": "asks whether there is one at all",
    "storage.workspaces.product_offset": "the local clock is the program's",
    "storage.workspaces.store_product_offset": "the local clock is the program's",
    "storage.workspaces.workspaces_to_send_for": "is how the sender comes to each of them",
    "storage.workspaces.next_sending_at": "tells when the sender has to look again, for whichever it is",
}


def queries() -> Iterator[tuple[str, Callable[..., Any]]]:
    """Yield each public coroutine of the room's modules, with its full name."""
    for found in pkgutil.walk_packages(storage.__path__, "storage."):
        if found.name.startswith("storage.migrations"):
            continue
        module = importlib.import_module(found.name)
        for name, function in inspect.getmembers(module, inspect.iscoroutinefunction):
            if function.__module__ == found.name and not name.startswith("_"):
                yield f"{found.name}.{name}", function


def test_workspace_first() -> None:
    """Each query takes the session, then the workspace's row id, then what it is about."""
    taking = {name: list(inspect.signature(query).parameters.values())[:2] for name, query in queries()}

    wrong = [
        name
        for name, parameters in taking.items()
        if name not in ABOUT_NO_WORKSPACE
        and [(it.name, it.annotation.__name__) for it in parameters]
        != [("session", "AsyncSession"), ("workspace_id", "int")]
    ]

    assert len(taking) > 100
    assert wrong == []


def test_exceptions_exist() -> None:
    """No exception outlives the query that it was made for."""
    assert set(ABOUT_NO_WORKSPACE) - {name for name, _ in queries()} == set()
