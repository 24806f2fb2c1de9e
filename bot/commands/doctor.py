"""`samlas doctor`: look at everything that a running Samlas needs, and say what to do."""

import argparse
import asyncio
import json
import shutil
from collections.abc import Sequence
from typing import Final

import requests

from bot.config import given_variables
from bot.errors import ConfigurationError
from bot.examining import Examined, Finding, Level, good, look, wrong
from bot.privacy.examining import examine_privacy
from bot.program import NO_DATABASE, Program
from bot.secrets import SecretLost, vault_of
from bot.texts import text, texts
from bot.variables import examine_variables
from bot.wiring import examinations, variables
from bot.workspaces import made_up_among
from storage.database import Database
from storage.health import waiting_to_go_out, workspaces_without_lead
from storage.installations import installations_with_secrets
from storage.workspaces import all_workspaces

ANSWERS_WITHIN_SECONDS: Final = 5.0
LATE_AFTER_SECONDS: Final = 15 * 60
# What a database of a thousand people grows to in years; below it, somebody should look.
FREE_BYTES: Final = 1024**3

# What is refused names the variable itself, so this is another word.
DATABASE: Final = "database"
# The permissions of a file that let others than its owner at it.
FOR_OTHERS: Final = 0o077

MARKS: Final = {Level.GOOD: "ok   ", Level.LOOK: "look ", Level.WRONG: "WRONG"}


def arguments(parser: argparse.ArgumentParser) -> None:
    """Take the form in which to tell it."""
    parser.add_argument("--json", action="store_true", help="for programs: a list of {level, subject, said}")


async def run(args: argparse.Namespace, program: Program) -> int:
    """Print what is found; returns 1 where something is wrong, so that a deployment can stop there."""
    findings = [
        *examine_variables(given_variables(), variables()),
        *_admins(program),
        *await _address(program),
        *await _with_database(program),
    ]
    if args.json:
        said = [{"level": one.level, "subject": one.subject, "said": program.say.say(one.said)} for one in findings]
        print(json.dumps(said, ensure_ascii=False, indent=1))
    else:
        for one in findings:
            print(f"{MARKS[one.level]}  {one.subject}: {program.say.say(one.said)}")
    return 1 if any(one.level is Level.WRONG for one in findings) else 0


def _admins(program: Program) -> list[Finding]:
    try:
        program.config.admin_emails()
    except ConfigurationError as refused:
        return [wrong("configuration", refused.sentence)]
    return []


async def _with_database(program: Program) -> list[Finding]:
    try:
        if program.has_no_database_yet():
            return [look(DATABASE, NO_DATABASE), *await _platforms(program, None)]
        async with program.database() as database:
            return [
                good(DATABASE, text("The database answers, and its tables are up to date.")),
                *await _whose_people(database),
                *_who_may_read(database),
                *_room_left(database),
                *await _kept_secrets(program, database),
                *await _people_and_outbox(program, database),
                *await examine_privacy(database, program.clock.now()),
                *await _platforms(program, database),
            ]
    except ConfigurationError as refused:
        return [wrong(DATABASE, refused.sentence), *await _platforms(program, None)]


async def _platforms(program: Program, database: Database | None) -> list[Finding]:
    examined = Examined(program.config, program.clock, database)
    try:
        examine = examinations(program.config)
        if not examine:
            return [look("platforms", text("Neither Slack nor Teams is set up yet (docs/slack.md, docs/teams.md)."))]
        return [finding for one in examine for finding in await one(examined)]
    except ConfigurationError as refused:
        return [wrong("platforms", refused.sentence)]


async def _address(program: Program) -> Sequence[Finding]:
    subject, base_url = "SAMLAS_BASE_URL", program.config.base_url
    if not base_url:
        return [
            look(
                subject,
                text(
                    "It is not set. Slack over HTTP, Teams and the web pages need the address at which Samlas is"
                    " reached from outside; Socket Mode does not."
                ),
            )
        ]
    try:
        public_url = program.config.public_url()
    except ConfigurationError as refused:
        return [wrong("configuration", refused.sentence)]
    if await asyncio.to_thread(_answers, public_url + "/healthz"):
        return [good(subject, text("Samlas answers there."))]
    return [
        look(
            subject,
            text(
                "Nothing answers at {address} from here. If `samlas serve` is running, look at the reverse proxy and"
                " the certificate.",
                address=base_url,
            ),
        )
    ]


def _answers(address: str) -> bool:
    try:
        return requests.get(address, timeout=ANSWERS_WITHIN_SECONDS).ok
    except requests.RequestException:
        return False


async def _whose_people(database: Database) -> Sequence[Finding]:
    async with database.read() as session:
        made_up = made_up_among(await all_workspaces(session))
    if made_up is None:
        return []
    return [
        look(
            "people",
            text(
                "The people of {name} in this database are made up, for the local chat (samlas serve --local). Your"
                " own people belong in another one: name it in SAMLAS_DATABASE_URL.",
                name=made_up.name,
            ),
        )
    ]


def _who_may_read(database: Database) -> Sequence[Finding]:
    if database.is_shared or not database.path.stat().st_mode & FOR_OTHERS:
        return []
    return [
        look(
            DATABASE,
            text(
                "Others on this machine may read {path}, and the names of your people are in it: chmod 600 {path}",
                path=str(database.path),
            ),
        )
    ]


def _room_left(database: Database) -> Sequence[Finding]:
    if database.is_shared:
        # Its disk is another machine's.
        return []
    free = shutil.disk_usage(database.path.resolve().parent).free
    subject = "disk"
    megabytes = str(free // 1024**2)
    if free >= FREE_BYTES:
        return [good(subject, text("{megabytes} MB are free beside the database.", megabytes=megabytes))]
    return [
        look(
            subject,
            text(
                "Only {megabytes} MB are free beside the database. When nothing is left, nothing is counted or sent"
                " until there is room again.",
                megabytes=megabytes,
            ),
        )
    ]


async def _kept_secrets(program: Program, database: Database) -> Sequence[Finding]:
    async with database.read() as session:
        installed = await installations_with_secrets(session)
    if not installed:
        return []
    subject = "SAMLAS_SECRET_KEY"
    try:
        vault = vault_of(program.config.secret_key)
    except ConfigurationError as refused:
        return [wrong(subject, refused.sentence)]
    lost = 0
    for installation in installed:
        try:
            vault.unlock(installation.secret or "")
        except SecretLost:
            lost += 1
    if lost:
        return [
            wrong(
                subject,
                texts(
                    "{count} stored token cannot be read with these keys. Add the key that it was stored under at the"
                    " end, or install Samlas there again.",
                    "{count} stored tokens cannot be read with these keys. Add the key that they were stored under at"
                    " the end, or install Samlas there again.",
                    lost,
                ),
            )
        ]
    return [
        good(subject, texts("{count} stored token can be read.", "{count} stored tokens can be read.", len(installed)))
    ]


async def _people_and_outbox(program: Program, database: Database) -> Sequence[Finding]:
    async with database.read() as session:
        without_lead = await workspaces_without_lead(session)
        waiting = await waiting_to_go_out(session, program.clock.now())
    findings = [
        wrong(
            f"workspace {workspace_id}",
            text(
                "It has no communications lead any more. Name one by e-mail address in SAMLAS_ADMINS, and start"
                " Samlas again."
            ),
        )
        for workspace_id in without_lead
    ]
    on_its_way = waiting.queued + waiting.sending
    minutes = str(int(waiting.oldest_due_seconds // 60))
    if waiting.oldest_due_seconds > LATE_AFTER_SECONDS:
        findings.append(
            look(
                "outbox",
                texts(
                    "{count} message waits, and should have gone {minutes} minutes ago. Is `samlas serve` running?",
                    "{count} messages wait, the first for {minutes} minutes. Is `samlas serve` running?",
                    on_its_way,
                    minutes=minutes,
                ),
            )
        )
    else:
        findings.append(
            good("outbox", texts("{count} message is on its way.", "{count} messages are on their way.", on_its_way))
        )
    return findings
