"""Nobody who looks at insights again and again, while people come, go and say no, learns anything about a few."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import product

import pytest
from sqlmodel import col, delete, select, update

from bot.context import known
from storage.database import Database, Session
from storage.floor import FLOOR, WEEK, about, quarter_of
from storage.insights import GroupWeek, end_of, freeze_quarter, sum_up_week, week_figures
from storage.nudging import count_again, count_no_more
from storage.tables import EVERYBODY, HomeTeam, LastSign, Member, MemberState, Participation, Platform
from storage.workspaces import add_workspace
from tests.soak import report, times

SEQUENCES = times(50, 1000)
# A Monday that begins a quarter's first week; the sequences go on into the next quarter.
FIRST_WEEK = date(2027, 1, 4)
WEEKS = 15


@dataclass
class Model:
    """What is so, kept by sets: who is there, in which team, who is counted, and who was frozen where."""

    teams: list[int]
    team_of: dict[int, int | None] = field(default_factory=dict)
    uncounted: set[int] = field(default_factory=set)
    frozen: dict[date, dict[int, int | None]] = field(default_factory=dict)
    with_teams: set[date] = field(default_factory=set)

    def freeze(self, quarter: date) -> None:
        """Write down who is where, once; until somebody has a team, anew."""
        has_teams = any(team is not None for team in self.team_of.values())
        if quarter not in self.frozen or (quarter not in self.with_teams and has_teams):
            self.frozen[quarter] = dict(self.team_of)
        if has_teams:
            self.with_teams.add(quarter)

    def groups(self, week: date) -> dict[int, set[int]]:
        """Return who belongs to which team in a week, and to everybody."""
        frozen = self.frozen[quarter_of(week)]
        by_team = {team: {who for who, its in frozen.items() if its == team} for team in self.teams}
        return {EVERYBODY: set(frozen), **by_team}


def least_computed(sets: Sequence[set[int]]) -> int:
    """Return how many people the least group has whose sum follows from the sums of these, added and subtracted."""
    everybody = sorted(set().union(*sets))
    least = len(everybody)
    for signs in product((-1, 0, 1), repeat=len(sets)):
        weights = [sum(sign for sign, one in zip(signs, sets, strict=True) if who in one) for who in everybody]
        touched = sum(weight != 0 for weight in weights)
        if touched:
            least = min(least, touched)
    return least


@pytest.mark.soak
async def test_no_sequence_of_views_joins_and_leaves_tells_of_fewer_than_five(database: Database) -> None:
    """Whatever is seen once stays as it is, and no sums and differences of what is seen are about fewer than 5."""
    shown = hidden = 0
    for seed in range(SEQUENCES):
        figures, unseen = await live_through(database, random.Random(seed), f"org-{seed}")
        shown += figures
        hidden += unseen

    report("differencing", sequences=SEQUENCES, figures_shown=shown, groups_hidden=hidden)
    # The sequences do what they are for: much is shown, and much is not.
    assert shown > SEQUENCES * WEEKS
    assert hidden > SEQUENCES


async def live_through(database: Database, chance: random.Random, name: str) -> tuple[int, int]:
    """Live through some weeks, and look after each; return how many figures were shown, and how many groups not."""
    hidden = 0
    async with database.begin() as session:
        workspace_id, model = await begin(session, chance, name)
    seen: dict[tuple[date, int], GroupWeek] = {}
    for week in (FIRST_WEEK + number * WEEK for number in range(WEEKS)):
        async with database.begin() as session:
            for _ in range(chance.randint(0, 3)):
                await something_happens(session, chance, workspace_id, model)
            active = await take_part(session, chance, workspace_id, model, week)
            await freeze_quarter(session, workspace_id, quarter_of(week), end_of(week))
            model.freeze(quarter_of(week))
            await sum_up_week(session, workspace_id, week)
        async with database.read() as session:
            view = {(row.week, row.team_id): row for row in await week_figures(session, workspace_id, since=FIRST_WEEK)}

        assert {key: view.get(key) for key in seen} == seen, "a figure that was seen has changed"
        new = {team_id: row for (its, team_id), row in view.items() if its == week}
        groups = model.groups(week)
        for team_id, row in new.items():
            assert row.members == len(groups[team_id])
            assert row.active == about(len(groups[team_id] & active), row.members).share
        counted = [groups[team_id] - model.uncounted for team_id in new]
        assert not counted or least_computed(counted) >= FLOOR
        hidden += sum(1 for team_id, group in groups.items() if group and team_id not in new)
        seen = view
    return len(seen), hidden


async def begin(session: Session, chance: random.Random, name: str) -> tuple[int, Model]:
    """Store an organisation of a few people in a few teams."""
    moment = datetime(2026, 6, 1, tzinfo=UTC)
    workspace_id = known((await add_workspace(session, Platform.LOCAL, name, name, moment, {})).id)
    teams = [HomeTeam(workspace_id=workspace_id, name=f"team {number}") for number in range(chance.randint(1, 4))]
    session.add_all(teams)
    await session.flush()
    model = Model([known(team.id) for team in teams])
    for number in range(chance.randint(5, 28)):
        await join(session, chance, workspace_id, model, first=number == 0)
    return workspace_id, model


async def join(
    session: Session, chance: random.Random, workspace_id: int, model: Model, *, first: bool = False
) -> None:
    """Let somebody join, mostly in a team; the first one always is."""
    team_id = chance.choice(model.teams if first else [*model.teams, *model.teams, None])
    member = Member(
        workspace_id=workspace_id,
        external_id=f"u{chance.getrandbits(60)}",
        state=MemberState.ACTIVE,
        home_team_id=team_id,
        created_at=datetime(2026, 6, 1, tzinfo=UTC),
    )
    session.add(member)
    await session.flush()
    model.team_of[known(member.id)] = team_id


async def something_happens(session: Session, chance: random.Random, workspace_id: int, model: Model) -> None:
    """Let one person join, leave, be erased, move to another team, or say no to being counted, or yes again."""
    what = chance.choice(("join", "leave", "erase", "move", "uncount", "count"))
    if what == "join" or not model.team_of:
        await join(session, chance, workspace_id, model)
        return
    who = chance.choice(sorted(model.team_of))
    one = (col(Member.workspace_id) == workspace_id, col(Member.id) == who)
    if what == "leave":
        await session.execute(update(Member).where(*one).values(state=MemberState.LEFT))
        del model.team_of[who]
    elif what == "erase":
        await session.execute(delete(Member).where(*one))
        del model.team_of[who]
        # SQLite may give the number of the last one who was erased to the next one who joins.
        model.uncounted.discard(who)
        for frozen in model.frozen.values():
            frozen.pop(who, None)
    elif what == "move":
        model.team_of[who] = chance.choice([*model.teams, None])
        await session.execute(update(Member).where(*one).values(home_team_id=model.team_of[who]))
    elif what == "uncount":
        await count_no_more(session, workspace_id, who)
        model.uncounted.add(who)
    else:
        await count_again(session, workspace_id, who)
        model.uncounted.discard(who)


async def take_part(session: Session, chance: random.Random, workspace_id: int, model: Model, week: date) -> set[int]:
    """Let some of the counted people give signs in a week; return who did."""
    active = {who for who in model.team_of if who not in model.uncounted and chance.random() < chance.random()}
    session.add_all(
        Participation(
            workspace_id=workspace_id,
            member_id=who,
            day=week + timedelta(days=chance.randint(0, 6)),
            kind=1,
            count=chance.randint(1, 9),
        )
        for who in sorted(active)
    )
    await session.flush()
    return active


def test_the_attack_would_find_a_difference() -> None:
    """Sums of everybody and of all but two of them tell of two; a group and the rest of five tell of five."""
    everybody = set(range(12))

    assert least_computed([everybody, everybody - {3, 4}]) == 2
    assert least_computed([everybody, set(range(7))]) == 5


async def test_nothing_that_is_shown_names_anybody(database: Database) -> None:
    """Summed up, a week is kept without anybody in it, and outlives the counts that it was made of."""
    chance = random.Random(1)
    async with database.begin() as session:
        workspace_id, model = await begin(session, chance, "org")
        await take_part(session, chance, workspace_id, model, FIRST_WEEK)
        await freeze_quarter(session, workspace_id, quarter_of(FIRST_WEEK), end_of(FIRST_WEEK))
        await sum_up_week(session, workspace_id, FIRST_WEEK)
        before = await week_figures(session, workspace_id, since=FIRST_WEEK)

    async with database.begin() as session:
        await session.execute(delete(Member).where(col(Member.workspace_id) == workspace_id))
        await sum_up_week(session, workspace_id, FIRST_WEEK)
        left = (await session.execute(select(LastSign))).all()
        after = await week_figures(session, workspace_id, since=FIRST_WEEK)

    assert before
    assert after == before
    assert left == []
