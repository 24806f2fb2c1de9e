"""Whatever anybody does in whatever order, and wherever the process is killed: what always holds."""

import asyncio
import shutil
from collections import Counter
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from bot.anchoring.cards import ANCHORED, CONCERN, MEETING
from bot.announcements.posts import ASK, NOT_RELEVANT, READ
from nudges.messages import CONFIRM
from tests.bot.whole.company import PEOPLE, found_company
from tests.bot.whole.happened import MATTERS, happened
from tests.bot.whole.life import CHANGES, Life
from tests.bot.whole.platform import EDITED, TAKEN, TAKEN_ELSE, Engines, Trouble
from tests.soak import WHOLE, report, times

EXAMPLES = times(4, 400)
STEPS = times(20, 50)

people = st.sampled_from(PEOPLE)
# Whoever erases themselves writes nothing before.
authors = st.sampled_from([person for person in PEOPLE if person != "farid"])
picks = st.integers(0, 1000)
chances = st.booleans()

Act = tuple[str, dict[str, Any]]


def act(name: str, often: int, **how: st.SearchStrategy[Any]) -> list[st.SearchStrategy[Act]]:
    """Return an act of a life, as often as it is to be among others."""
    return [st.tuples(st.just(name), st.fixed_dictionaries(how))] * often


# One rule draws from all of them: rules of their own would be left out of most lives, as Hypothesis does by lot.
ACTS: st.SearchStrategy[Act] = st.one_of(
    # The simplest comes first: lives in which little more happens are tried too, and are to be cheap.
    *act(
        "time_passes",
        3,
        how=st.sampled_from(["a minute", "an hour back", "an hour forth", "down for days", "down for weeks"]),
    ),
    *act(
        "announce",
        4,
        author=authors,
        kind=st.sampled_from(["news", "news", "decision"]),
        speaker=st.sampled_from(["", "", "", "", "eva", "carl"]),
        audience=st.sampled_from(["everyone:", "everyone:", "everyone:", "home_team:1", "channel:1"]),
        later=st.sampled_from([False, False, True]),
        confirm=chances,
        important=chances,
        declared=st.sampled_from(["", "no", "yes", "not_needed"]),
        way=picks,
    ),
    *act("ask_the_group", 2, author=authors, ticked=chances, confirm=chances),
    *act(
        "answer",
        5,
        which=picks,
        kind=st.sampled_from([ANCHORED, ANCHORED, ANCHORED, ANCHORED, CONCERN, MEETING]),
        who=st.sampled_from(["one", "all", "all but one"]),
    ),
    *act("reword", 2, which=picks, way=picks),
    *act("change", 5, action=st.sampled_from(CHANGES), which=picks, lies_open=chances),
    *act("send_what_lay_open", 1, which=picks),
    *act("press", 2, person=people, other=st.one_of(st.none(), people), what=picks, which=picks),
    *act("go_on", 1, person=people, at_home=chances),
    *act(
        "give_a_sign",
        6,
        person=people,
        which=picks,
        by=st.sampled_from([READ, READ, NOT_RELEVANT, ASK, CONFIRM, "reply", "react"]),
        taken_back_after=st.sampled_from([None, None, 0, 4, 6]),
    ),
    *act("remind_now", 1, which=picks),
    *act(
        "come_or_go",
        2,
        person=st.sampled_from(["bo", "cecilia", "eva", "newcomer", "second newcomer"]),
        erases=st.integers(0, 5),
    ),
    *act("have_trouble", 2, troubles=st.lists(st.sampled_from(Trouble), min_size=1, max_size=4), cannot_tell=chances),
    *act(
        "turn_away",
        1,
        what=st.sampled_from(["down", "blocked", "blocked", "deleted"]),
        person=people,
        which=picks,
    ),
    *act(
        "crash",
        5,
        steps=st.integers(0, 30),
        at_once=st.integers(0, 5),
        only=st.sampled_from([None, None, TAKEN, TAKEN_ELSE, EDITED]),
    ),
    *act("days_pass", 3, days=st.integers(1, 3)),
)


class AnySequence(RuleBasedStateMachine):
    """People, the platform, time and crashes, each doing what it likes."""

    migrated: Path
    path: Path
    engines: Engines | None
    # In how many lives each thing happened, and how often in all.
    lives: Counter[str]
    times: Counter[str]

    def __init__(self) -> None:
        """Found a company."""
        super().__init__()
        self.runner = asyncio.Runner()
        shutil.copy(self.migrated, self.path)
        self.life = Life(self.run(found_company(self.path, self.engines)))

    def run(self, doing: Coroutine[Any, Any, Any]) -> Any:
        """Do something to its end."""
        return self.runner.run(doing)

    @initialize(rule_of_group=st.sampled_from(["any", "majority", "all"]), ticked=chances)
    def begin(self, rule_of_group: str, *, ticked: bool) -> None:
        """Have something to read, to change, to withdraw and to answer from the first day on."""
        self.run(self.life.begin(rule_of_group, ticked=ticked))

    @rule(act=ACTS)
    def happen(self, act: Act) -> None:
        """Let one thing happen."""
        name, how = act
        self.run(getattr(self.life, name)(**how))

    @invariant()
    def what_always_holds(self) -> None:
        """Look after each step."""
        self.life.company.seen["steps"] += 1
        self.run(self.life.watcher.look())

    def teardown(self) -> None:
        """Let everything come to rest, look once more, and count what there was."""
        company, watcher = self.life.company, self.life.watcher
        try:
            self.run(company.quieten())
            self.run(watcher.look())
            self.run(watcher.look_at_rest())
            seen = happened(company)
            type(self).times.update(seen)
            type(self).lives.update(name for name, count in seen.items() if count)
        finally:
            type(self).engines = company.database.engines
            self.run(company.close())
            self.runner.close()


@pytest.mark.soak
@pytest.mark.timeout(0)
def test_whatever_happens(migrated_file: Path, tmp_path: Path) -> None:
    """Parts add up, nobody is told twice or reminded after reading, and nothing withdrawn or not approved is seen."""
    AnySequence.migrated, AnySequence.path, AnySequence.engines = migrated_file, tmp_path / "life.db", None
    AnySequence.lives, AnySequence.times = Counter(), Counter()

    run_state_machine_as_test(
        AnySequence,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            database=None,
            derandomize=not WHOLE,
            # A life that breaks a promise is told as it was lived: to look for a shorter one takes many minutes.
            phases=(Phase.generate,),
            suppress_health_check=list(HealthCheck),
        ),
    )

    report("any sequence of actions", **AnySequence.times)
    report("any sequence of actions, in how many lives", **AnySequence.lives)
    if WHOLE:
        assert not [name for name in MATTERS if not AnySequence.lives[name]]
