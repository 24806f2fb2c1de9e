"""People as a platform tells of them: stored as far as something has changed since the last time.

The same for every platform. A platform tells of everybody once a day, and of one where something happened to them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete
from sqlmodel import col, select

from storage.database import Session
from storage.dialect import insert
from storage.listed import take_in_listed
from storage.owed import make_up_for_edits
from storage.tables import ChannelMember, Member, MemberState
from storage.wishes import honour_wish

# Rows of one statement: within what SQLite takes as parameters.
AT_ONCE = 500
# What a platform tells of somebody, and what follows from it.
_TOLD = ("name", "email", "locale", "zone", "is_bot", "state", "left_on")
_UNTOLD: Mapping[str, Any] = dict.fromkeys(_TOLD)


@dataclass(frozen=True, slots=True)
class PersonSeen:
    """One person of the organisation (or a bot) as the platform knows them; None where it does not say."""

    external_id: str
    name: str | None = None
    email: str | None = None
    locale: str | None = None
    zone: str | None = None
    is_bot: bool = False
    has_left: bool = False


async def see_people(session: Session, workspace_id: int, seen: Sequence[PersonSeen], now: datetime) -> list[int]:
    """Store what the platform says about some people. What members have set themselves stays.

    Who was only listed until now is them from now on, by e-mail address. Returns who of them has left or come back,
    by row id.
    """
    turned: list[int] = []
    for start in range(0, len(seen), AT_ONCE):
        page = seen[start : start + AT_ONCE]
        known = await _known_people(session, workspace_id, [person.external_id for person in page])
        for person in page:
            member_id = await _see_person(session, workspace_id, person, known, now)
            if member_id is not None:
                turned.append(member_id)
    by_email = {
        person.email.lower(): person.external_id
        for person in seen
        if person.email is not None and not person.is_bot and not person.has_left
    }
    await take_in_listed(session, workspace_id, by_email)
    return turned


@dataclass(frozen=True, slots=True)
class _Known:
    """What is stored of somebody that a platform tells of."""

    told: Mapping[str, Any]
    has_own_zone: bool


async def _known_people(session: Session, workspace_id: int, external_ids: Sequence[str]) -> dict[str, _Known]:
    """Return what is stored of these people by their ids; who is not stored is left out."""
    found = await session.execute(
        select(  # type: ignore[call-overload,misc]  # SQLModel's own select names at most four columns
            Member.external_id,
            Member.zone_set_at,
            Member.name,
            Member.email,
            Member.locale,
            Member.zone,
            Member.is_bot,
            Member.state,
            Member.left_on,
        ).where(Member.workspace_id == workspace_id, col(Member.external_id).in_(external_ids))
    )
    return {
        external_id: _Known(dict(zip(_TOLD, told, strict=True)), zone_set_at is not None)
        for external_id, zone_set_at, *told in found
    }


async def _see_person(
    session: Session, workspace_id: int, person: PersonSeen, everybody: dict[str, _Known], now: datetime
) -> int | None:
    """Store one of them; returns their row id where they have left or come back.

    `everybody` is what is stored, and is kept so.
    """
    told = {
        key: value
        for key, value in {
            "name": person.name,
            "email": person.email,
            "locale": person.locale,
            "zone": person.zone,
        }.items()
        if value is not None
    }
    state = MemberState.LEFT if person.has_left else MemberState.ACTIVE
    values: dict[str, Any] = {**told, "is_bot": person.is_bot, "state": state}
    known = everybody.get(person.external_id)
    if known is not None and known.has_own_zone:
        values.pop("zone", None)
    if person.has_left:
        if known is None:
            # Somebody who had left before we came: nothing was ever sent to them, and nothing has to be kept.
            return None
        values["left_on"] = known.told["left_on"] or now.date()
    else:
        values["left_on"] = None
        if known is not None and values.items() <= known.told.items():
            # Mostly nothing has changed since the last time everybody was told of.
            return None
    everybody[person.external_id] = _Known(
        {**(_UNTOLD if known is None else known.told), **values}, known is not None and known.has_own_zone
    )
    statement = insert(Member).values(
        workspace_id=workspace_id, external_id=person.external_id, created_at=now, **values
    )
    stored = await session.execute(
        statement.on_conflict_do_update(index_elements=["workspace_id", "external_id"], set_=values).returning(
            col(Member.id)
        )
    )
    member_id = stored.scalar_one()
    if known is None:
        await honour_wish(session, workspace_id, person.external_id)
    elif member_id is not None and not person.has_left and known.told["state"] != MemberState.ACTIVE:
        await make_up_for_edits(session, workspace_id, member_id, now)
    if person.has_left:
        await session.execute(
            delete(ChannelMember).where(
                col(ChannelMember.workspace_id) == workspace_id,
                col(ChannelMember.member_id).in_(
                    select(Member.id).where(
                        Member.workspace_id == workspace_id, Member.external_id == person.external_id
                    )
                ),
            )
        )
    was_away = known is not None and known.told["state"] == MemberState.LEFT
    return member_id if known is not None and was_away is not person.has_left else None
