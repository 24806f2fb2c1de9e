"""The decision log: found by whoever may see it, replaced both ways, looked at again, and never more than it says."""

from datetime import date, timedelta

import pytest
from sqlmodel import col, select, update

from bot.context import context_for
from bot.forms import ChoiceField
from bot.messages import Button, Message, buttons_of
from bot.room import jobs
from storage.announcements import Draft, Wording, store_draft
from storage.tables import Announcement, AnnouncementState, ChannelMember, Decision, Member, MemberState
from storage.workspaces import get_workspace
from tests.bot.announcements.conftest import Scene, scene
from tests.bot.announcements.test_announcing import DECISION, form_of, preview
from tests.databases import database_url
from tests.support import button, words_of

__all__ = ["database_url"]


__all__ = ["scene"]

ANSWERS = {"decision": "We leave Örebro", "decider": "The board", "anchoring": "yes", "anchoring.words": "1 March"}


async def decided(scene: Scene, title: str = "We move in June", **checklist: str) -> None:
    """Have anna publish a decision that she says is anchored."""
    form = await preview(scene, "anna", {**DECISION, "title": title}, **{**ANSWERS, **checklist})
    await scene.people.press("anna", button(form, "Publish"))
    await later(scene)


async def proposed(scene: Scene, title: str = "We move in June") -> None:
    """Have anna publish a proposal."""
    form = await preview(scene, "anna", {**DECISION, "title": title}, decision="We leave Örebro")
    await scene.people.press("anna", button(form, "Publish as a proposal"))
    await later(scene)


async def later(scene: Scene, days: int = 0) -> None:
    """Send what is due, and what is due when days and some minutes have gone by."""
    await scene.settle()
    for _ in range(max(1, days * 24)):
        scene.clock.move(timedelta(hours=1))
        async with scene.database.begin() as session:
            workspace = await get_workspace(session, scene.organisation.workspace_id)
            await jobs()["decisions.reviews"](context_for(session, scene.clock.now(), workspace))
        await scene.settle()


async def log(scene: Scene, person: str, words: str = "") -> Message:
    """Look into the log."""
    shown = (await scene.people.command(person, "decisions", words)).whisper
    assert shown is not None
    return shown


async def finds(scene: Scene, person: str, words: str) -> bool:
    """Whether somebody finds anything with these words."""
    return "Open the post" in words_of(await log(scene, person, words))


def only(message: Message, label: str) -> Button:
    """Return the one button of that label."""
    [found] = [one for one in buttons_of(message.parts) if one.label == label]
    return found


async def test_it_says_where_each_decision_stands(scene: Scene) -> None:
    """Status, outcome, who and when, and the way to the post; the newest first."""
    await decided(scene)
    await proposed(scene, "We plant trees")

    shown = words_of(await log(scene, "bo"))

    assert "Decided. Anchored, says Anna. Anna, 3 March 2027" in shown
    assert "Proposed. Not yet anchored. Anna, 3 March 2027" in shown
    assert shown.index("We plant trees") < shown.index("We move in June")
    assert "https://chat.example" in shown


@pytest.mark.parametrize(
    "words",
    [
        "june",
        "KUNGSGATAN",
        "kungs",
        "örebro",
        "board",
        "anna",
        "decided",
        "beslutat",
        "2027",
        "2027-03-03",
        "june anna",
    ],
)
async def test_it_is_found(scene: Scene, words: str) -> None:
    """By words of its title, text and answers, by who and where it stands, and by its day; every word has to fit."""
    await decided(scene)

    assert await finds(scene, "bo", words)


@pytest.mark.parametrize("words", ["orebro", "proposed", "2026", "june lunch", "%", '"', "* OR *", "NEAR(a b)", "_"])
async def test_it_is_not_found(scene: Scene, words: str) -> None:
    """By nothing that it does not say, whatever the words would mean to a database."""
    await decided(scene)

    assert not await finds(scene, "bo", words)
    assert "No decision here has these words." in words_of(await log(scene, "bo", words))


async def test_nobody_finds_what_is_not_for_them(scene: Scene) -> None:
    """A decision for a channel is in the log of those who are in it, and its words tell others nothing."""
    values = {**DECISION, "audience": f"channel:{scene.organisation.channel_id}"}
    form = await preview(scene, "anna", values, **ANSWERS)
    await scene.people.press("anna", button(form, "Publish"))
    await later(scene)
    before = await finds(scene, "eva", "kungsgatan")

    async with scene.database.begin() as session:
        session.add(
            ChannelMember(
                workspace_id=scene.organisation.workspace_id,
                channel_id=scene.organisation.channel_id,
                member_id=scene.organisation.members["eva"],
            )
        )

    assert not before
    assert await finds(scene, "eva", "kungsgatan")


async def test_a_draft_is_nobodys_to_find(scene: Scene) -> None:
    """Not even its author's: the log holds what has been told."""
    await preview(scene, "anna", DECISION, **ANSWERS)

    assert "Nothing has been decided here yet." in words_of(await log(scene, "anna"))


async def test_what_it_says_now_is_found(scene: Scene) -> None:
    """After a change of its words, the log looks in the new ones."""
    await decided(scene)

    async with scene.database.begin() as session:
        await session.execute(update(Announcement).values(state=AnnouncementState.DRAFT))
        row = (await session.execute(select(Announcement))).scalar_one()
        wordings = {row.language: Wording("We move in June", "To Storgatan.")}
        content = Draft(row.kind, row.audience_kind, row.audience_id, row.confirm, row.important, None, wordings)
        assert await store_draft(session, scene.organisation.workspace_id, row, content, is_revised=True)
        await session.execute(update(Announcement).values(state=AnnouncementState.PUBLISHED))

    assert await finds(scene, "bo", "storgatan")
    assert not await finds(scene, "bo", "kungsgatan")


async def test_a_replacing_decision_links_both_ways(scene: Scene) -> None:
    """Chosen from the log; the older one's post says what replaces it, the newer one's what it replaces."""
    await decided(scene)
    step = form_of(await scene.people.command("anna", "announce"))
    step = form_of(await scene.people.send("anna", step, **{**DECISION, "title": "We stay"}))
    field = next(part for part in step.parts if isinstance(part, ChoiceField) and part.key == "replaces")
    [older] = [option for option in field.options if option.value]
    form = form_of(await scene.people.send("anna", step, **ANSWERS, replaces=older.value))
    before = words_of(scene.gateway.said_in("allmant")[0])

    await scene.people.press("anna", button(form, "Publish"))
    await later(scene)

    first, second = (words_of(post) for post in scene.gateway.said_in("allmant"))
    assert older.label == "We move in June (3 March 2027)"
    assert "Replaced by" not in before
    assert "Replaced by “We stay”" in first
    assert "See what it replaces" in second
    shown = words_of(await log(scene, "bo", "replaced"))
    assert "Replaced by: We stay (3 March 2027)" in shown
    assert "Replaced. Anchored, says Anna" in shown


async def test_a_replacement_that_is_withdrawn_replaces_nothing(scene: Scene) -> None:
    """What stood before stands again."""
    await decided(scene)
    async with scene.database.read() as session:
        older = (await session.execute(select(Decision.id))).scalar_one()
    await decided(scene, "We stay", replaces=str(older))
    replaced = await finds(scene, "bo", "june replaced")

    async with scene.database.begin() as session:
        await session.execute(update(Decision).where(col(Decision.id) != older).values(status="withdrawn"))

    assert replaced
    assert await finds(scene, "bo", "june decided")


async def test_a_proposal_becomes_the_decision(scene: Scene) -> None:
    """From the log, with all that it said; published, it takes the proposal's place."""
    await proposed(scene)
    his = await log(scene, "bo")
    make_it = only(await log(scene, "anna"), "Make it the decision")

    compose = form_of(await scene.people.press("anna", make_it))
    again = form_of(await scene.people.press("anna", make_it))
    checklist = form_of(await scene.people.send("anna", compose))
    form = form_of(
        await scene.people.send("anna", checklist, **{**ANSWERS, "decision": checklist.values()["decision"]})
    )
    await scene.people.press("anna", button(form, "Publish"))
    await later(scene)

    assert [found.label for found in buttons_of(his.parts)] == ["All as Markdown", "All as CSV"]
    assert compose.values()["text"] == "To Kungsgatan."
    assert again.target == compose.target
    assert checklist.values()["decision"] == "We leave Örebro"
    assert "Replaced by “We move in June”" in words_of(scene.gateway.said_in("allmant")[0])
    assert await finds(scene, "bo", "replaced")
    assert await finds(scene, "bo", "decided")
    late = await scene.people.press("anna", make_it)
    assert late.whisper is not None
    assert "no open proposal any more" in late.whisper.summary


async def test_nobody_else_makes_it_the_decision(scene: Scene) -> None:
    """A press that somebody made up begins nothing."""
    await proposed(scene)

    refused = await scene.people.press("bo", only(await log(scene, "anna"), "Make it the decision"))

    assert refused.form is None
    assert refused.whisper is not None


async def test_its_owner_is_asked_on_the_day(scene: Scene) -> None:
    """Once, within working hours; kept until another day, they are asked again then."""
    await decided(scene, review="2027-03-08")

    await later(scene, 6)
    cards = [said for said in scene.gateway.said_to("anna") if "to be looked at again" in said.summary]
    form = form_of(await scene.people.press("anna", only(cards[0], "Keep it")))
    past = await scene.people.send("anna", form, day="2027-03-01")
    kept = await scene.people.send("anna", form, day="2027-03-15")
    await later(scene, 7)

    assert len(cards) == 1
    assert list(past.errors) == ["day"]
    assert kept.refreshed is not None
    assert "is kept, and looked at again on 15 March 2027" in kept.refreshed.summary
    again = [said for said in scene.gateway.said_to("anna") if "to be looked at again" in said.summary]
    assert again
    async with scene.database.read() as session:
        assert (await session.execute(select(Decision))).scalar_one().review_asked_on == date(2027, 3, 15)


async def test_withdrawn_it_says_so(scene: Scene) -> None:
    """On its post with the reason, and in the log; its card asks no more."""
    await decided(scene, review="2027-03-04")
    await later(scene, 1)
    card = scene.gateway.said_to("anna")[-1]

    form = form_of(await scene.people.press("anna", only(card, "Withdraw it")))
    await scene.people.send("anna", form, why="The lease was renewed")
    await later(scene)
    late = await scene.people.press("anna", only(card, "Keep it"))

    assert "does not stand any more: The lease was renewed" in words_of(scene.gateway.said_in("allmant")[0])
    assert await finds(scene, "bo", "withdrawn")
    assert late.refreshed is not None
    assert buttons_of(late.refreshed.parts) == ()


async def test_changed_it_begins_with_what_it_says(scene: Scene) -> None:
    """A draft that is to take its place, with the same words and answers."""
    await decided(scene, review="2027-03-04")
    await later(scene, 1)

    compose = form_of(await scene.people.press("anna", only(scene.gateway.said_to("anna")[-1], "Change it")))
    checklist = form_of(await scene.people.send("anna", compose, text="To Storgatan."))

    assert compose.values()["title"] == "We move in June"
    replaces = next(part for part in checklist.parts if isinstance(part, ChoiceField) and part.key == "replaces")
    assert [option.label for option in replaces.options if option.value == replaces.value] == [
        "We move in June (3 March 2027)"
    ]


async def test_only_its_owner_answers_for_it(scene: Scene) -> None:
    """Neither a reader nor a communications lead, unless its author has left; then these are asked."""
    await decided(scene, review="2027-03-04")
    await later(scene, 1)
    card = scene.gateway.said_to("anna")[-1]

    refused = [await scene.people.press(name, only(card, "Withdraw it")) for name in ("bo", "greta")]
    async with scene.database.begin() as session:
        await session.execute(
            update(Member).where(col(Member.id) == scene.organisation.members["anna"]).values(state=MemberState.LEFT)
        )
        await session.execute(update(Decision).values(review_asked_on=None))
    await later(scene, 1)

    assert all(reply.form is None for reply in refused)
    asked = scene.gateway.said_to("greta")[-1]
    assert form_of(await scene.people.press("greta", only(asked, "Withdraw it"))).title == "Withdraw it"
