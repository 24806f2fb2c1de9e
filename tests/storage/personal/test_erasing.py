"""Erasing somebody leaves no trace of them in any table or file, and the sums of others as they were."""

import json
from typing import Any

import pytest
from sqlalchemy import select

from bot.context import known
from storage.counting import Sign
from storage.database import Database, Session
from storage.flushing import flusher_for
from storage.people import find_member, member_or_stub
from storage.people_seen import PersonSeen, see_people
from storage.personal.erasing import forget_member
from storage.recipients import count_recipients
from storage.tables import (
    AnchoringAnswer,
    Announcement,
    AnnouncementText,
    FanOut,
    Happened,
    KeptWish,
    Kind,
    LocalMessage,
    Look,
    Member,
    Question,
    metadata,
)
from tests.storage.personal.everywhere import (
    EMAIL,
    ID,
    NAME,
    NOW,
    ROW,
    Office,
    in_files,
    somebody_everywhere,
    tables_without_a_trace,
)

FORMER = "a former member"
TRACES = (str(ROW), ID, NAME, NAME.casefold(), EMAIL, json.dumps(NAME)[1:-1], json.dumps(ID)[1:-1], "Quistgaard")


async def everything(session: Session) -> dict[str, str]:
    """Return each column of each table that holds something, with all that it holds as text."""
    found: dict[str, str] = {}
    for table in metadata.tables.values():
        for row in (await session.execute(select(table))).mappings():
            for column, value in row.items():
                if value is not None:
                    key = f"{table.name}.{column}"
                    found[key] = f"{found.get(key, '')}\n{json.dumps(value, default=str, ensure_ascii=False)}"
    return found


async def erased(database: Database, **wishes: bool) -> Office:
    """Store somebody with a trace in every table, and forget them."""
    async with database.begin() as session:
        office = await somebody_everywhere(session, **wishes)
    async with database.begin() as session:
        await forget_member(session, office.workspace_id, ROW, FORMER)
    return office


async def rows(database: Database, table: type[Any]) -> list[Any]:
    """Return all rows of a table."""
    async with database.read() as session:
        return list((await session.execute(select(table))).scalars().all())


async def test_somebody_is_everywhere_to_begin_with(database: Database) -> None:
    """What is searched below has something of them in every column that the register names."""
    async with database.begin() as session:
        await somebody_everywhere(session)

        missing = await tables_without_a_trace(session)
        held = await everything(session)

    assert missing == []
    assert any(NAME in words for words in held.values())


async def test_no_trace_in_any_column(database: Database) -> None:
    """Row id, platform's id, name and e-mail address stand in no column of no table."""
    await erased(database, not_counted=True)

    async with database.read() as session:
        held = await everything(session)
        # Another's longer id is another's.
        traces = {
            column: word for column, words in held.items() for word in TRACES if word in words.replace(f"{ID}2", "")
        }

    assert traces == {}


async def test_no_trace_in_any_file(sqlite_url: str) -> None:
    """Nor in the database's file, where SQLite would leave what it deletes, nor in the log beside it."""
    database = Database(sqlite_url)
    async with database.begin() as session:
        await somebody_everywhere(session)
    before = in_files(database, NAME)

    async with database.begin() as session:
        await forget_member(session, 1, ROW, FORMER)

    assert before != []
    assert in_files(database, NAME, NAME.casefold(), EMAIL, f"person:{ID}", "Quistgaard") == []
    await database.close()


async def test_another_with_a_longer_id_stays(database: Database) -> None:
    """What happened to somebody whose id begins with theirs is not forgotten with them."""
    await erased(database)

    assert [row.identity for row in await rows(database, Happened)] == [f"C1:1.1:message:{ID}2"]


async def test_what_others_read_stays(database: Database) -> None:
    """What was published, asked and answered stays, by a former member; what nobody saw is gone."""
    office = await erased(database)

    announcements = {row.id: row for row in await rows(database, Announcement)}
    async with database.read() as session:
        former = await find_member(session, office.workspace_id, "former:1")
    assert former is not None
    assert announcements[office.published].author_id == former.id
    assert former.name == FORMER
    assert len(announcements) == 2
    assert [row.text for row in await rows(database, Question)] == [f"When? /{FORMER}"]
    assert [row.text for row in await rows(database, AnnouncementText)] == [f"Ask {FORMER} or {FORMER}."]
    assert [(row.member_id, row.text) for row in await rows(database, AnchoringAnswer)] == [(former.id, "Too soon.")]
    assert [row.by_member_id for row in await rows(database, Look)] == [former.id]
    assert [row.text for row in await rows(database, LocalMessage) if row.author_id] == [f"Hej! /{FORMER}"]
    assert [(row.except_member_id, row.cursor) for row in await rows(database, FanOut)] == [(former.id, ROW - 1)]


async def test_an_announcements_audience_is_as_large_as_before(database: Database) -> None:
    """Who had read still has, as a number; it stays so however many are erased."""
    office = await erased(database)

    async with database.read() as session:
        announcement = next(row for row in await rows(database, Announcement) if row.id != office.published)
        counted = await count_recipients(session, office.workspace_id, known(announcement.id))

    assert [(row.has_read, row.count) for row in counted] == [(True, 1)]


async def test_two_who_answered_the_same_request(database: Database) -> None:
    """Each answer of the management group stays one answer when both who gave them are erased."""
    async with database.begin() as session:
        office = await somebody_everywhere(session)
        first = (await session.execute(select(AnchoringAnswer))).scalars().first()
        assert first is not None
        session.add(
            AnchoringAnswer(
                workspace_id=office.workspace_id,
                request_id=first.request_id,
                member_id=office.colleague,
                answer="anchored",
            )
        )

    async with database.begin() as session:
        await forget_member(session, office.workspace_id, ROW, FORMER)
        await forget_member(session, office.workspace_id, office.colleague, FORMER)

    answers = await rows(database, AnchoringAnswer)
    assert sorted(row.answer for row in answers) == ["anchored", "concern"]
    assert {row.name for row in await rows(database, Member)} == {FORMER}


async def test_a_name_that_is_anothers_too_stays_in_what_was_written(database: Database) -> None:
    """Words are changed only where they can mean nobody else."""
    async with database.begin() as session:
        office = await somebody_everywhere(session)
        session.add(Member(workspace_id=office.workspace_id, external_id="U2", name=f"{NAME} Berg", created_at=NOW))

    async with database.begin() as session:
        await forget_member(session, office.workspace_id, ROW, FORMER)

    assert [row.text for row in await rows(database, AnnouncementText)] == [f"Ask {NAME} or {FORMER}."]


@pytest.mark.parametrize("by", ["what they write", "what they press", "what the platform lists"])
async def test_do_not_count_me_outlives_being_erased(database: Database, by: str) -> None:
    """Who had asked not to be counted is not counted when they are heard of again, by whichever way; once only kept."""
    office = await erased(database, not_counted=True)

    if by == "what they write":
        sign = Sign(office.workspace_id, "C1:9.9:message", ID, "C1", NOW.timestamp(), Kind.MESSAGE)
        flusher = flusher_for(database)
        counted = await flusher.flush([sign], NOW)
        await flusher.close()
        assert counted.counted == 0
    else:
        async with database.begin() as session:
            if by == "what they press":
                await member_or_stub(session, office.workspace_id, ID, NOW)
            else:
                await see_people(session, office.workspace_id, [PersonSeen(ID, NAME, EMAIL)], NOW)

    async with database.read() as session:
        again = await find_member(session, office.workspace_id, ID)
    assert again is not None
    assert again.not_counted
    assert await rows(database, KeptWish) == []


async def test_who_had_asked_for_nothing_is_kept_nowhere(database: Database) -> None:
    """Then there is no hash of them either, and they come back as anybody who is new."""
    office = await erased(database)
    kept = await rows(database, KeptWish)

    async with database.begin() as session:
        again = await member_or_stub(session, office.workspace_id, ID, NOW)

    assert kept == []
    assert not again.not_counted


async def test_erasing_twice(database: Database) -> None:
    """Whoever comes back and is erased again leaves as little, and their wish is kept again."""
    office = await erased(database, not_counted=True)
    async with database.begin() as session:
        again = await member_or_stub(session, office.workspace_id, ID, NOW)

    async with database.begin() as session:
        await forget_member(session, office.workspace_id, known(again.id), FORMER)

    async with database.read() as session:
        assert await find_member(session, office.workspace_id, ID) is None
    assert [row.not_counted for row in await rows(database, KeptWish)] == [True]


async def test_broken_off_it_has_done_nothing(database: Database) -> None:
    """It is one transaction: after a crash in its midst everything is as it was, and it can be done again."""
    async with database.begin() as session:
        office = await somebody_everywhere(session)
    async with database.read() as session:
        before = await everything(session)

    async def broken_off() -> None:
        async with database.begin() as session:
            await forget_member(session, office.workspace_id, ROW, FORMER)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await broken_off()

    async with database.read() as session:
        assert await everything(session) == before
