"""An announcement in somebody else's name: they approve it first, and until then it goes nowhere."""

from datetime import timedelta

import pytest
from sqlmodel import col, select, update

from bot.events import OPENED_HOME
from bot.platform import NotSent, To
from bot.texts import text
from storage.tables import Announcement, AnnouncementState, AnnouncementStep, Member, MemberState, OutboxState
from tests.bot.announcements.conftest import Scene, scene
from tests.bot.announcements.test_announcing import DECISION, NEWS, form_of, preview
from tests.bot.behalf.asking import FOR_EVA, asked, minutes_later, told
from tests.support import button, words_of

__all__ = ["scene"]

SOON = {"day": "2027-03-05", "time": "09:30"}


def labels(shown: object) -> str:
    """Return everything that can be pressed, as one text to look in."""
    return repr(shown)


async def has_left(scene: Scene, name: str) -> None:
    """Let somebody leave the organisation."""
    async with scene.database.begin() as session:
        await session.execute(update(Member).where(col(Member.external_id) == name).values(state=MemberState.LEFT))


async def state(scene: Scene) -> str:
    """Return where the announcement is in its life."""
    async with scene.database.read() as session:
        return (await session.execute(select(Announcement))).scalar_one().state


async def test_they_get_the_whole_preview_and_approve_it(scene: Scene) -> None:
    """The card shows what goes out, to whom and under which name; approved, its writer lets it go."""
    card = await asked(scene)
    assert await state(scene) == AnnouncementState.AWAITING
    shown = words_of(card)
    assert "Eva, through Anna to everyone" in shown
    assert "It opens on **Monday**." in shown
    assert "Goes to 6 people" in shown

    reply = await scene.people.press("eva", button(card, "Approve"))
    await scene.settle()

    assert reply.refreshed is not None
    assert "You have approved it." in words_of(reply.refreshed)
    assert scene.gateway.said_in("allmant") == []
    answer = scene.gateway.said_to("anna")[-1]
    assert "Eva has approved “New canteen”." in answer.summary
    form = form_of(await scene.people.press("anna", button(answer, "Go on")))
    assert "Eva has approved it as it is." in words_of(form)
    await scene.people.press("anna", button(form, "Publish"))
    await scene.settle()
    [post] = scene.gateway.said_in("allmant")
    assert "Eva, through Anna to everyone" in words_of(post)


async def test_the_post_names_both_in_the_readers_language(scene: Scene) -> None:
    """A copy says so in Swedish to whoever reads Swedish."""
    async with scene.database.begin() as session:
        await session.execute(update(Member).where(col(Member.external_id) == "farid").values(locale="sv"))

    await scene.people.press("eva", button(await asked(scene, "yes"), "Approve"))
    await scene.settle()

    assert "Eva, genom Anna" in told(scene, "farid")
    assert "Eva, through Anna" in told(scene, "greta")


async def test_nothing_leads_out_before_they_have_approved(scene: Scene) -> None:
    """The preview has no way to publish, and a press that was made up is refused."""
    form = await preview(scene, "anna", FOR_EVA)
    assert "announcement.publish" not in labels(form)

    reply = await scene.people.act("anna", "announcement.publish", target=form.target)

    assert reply.whisper is not None
    assert "Eva has not approved it as it stands" in reply.whisper.summary
    assert await state(scene) == AnnouncementState.DRAFT


@pytest.mark.parametrize("action", ["announcement.publish", "announcement.publish_anyway", "announcement.propose"])
async def test_nothing_leads_out_while_they_are_asked(scene: Scene, action: str) -> None:
    """Whatever a made-up press asks for, it stays with the person it is written for."""
    form = await preview(scene, "anna", FOR_EVA)
    await scene.people.press("anna", button(form, "Ask Eva to approve it"))

    reply = await scene.people.act("anna", action, target=form.target, values={"why": "Now"})

    assert reply.whisper is not None
    assert "waits for the person it is written for" in reply.whisper.summary
    assert await state(scene) == AnnouncementState.AWAITING


async def test_ticked_it_goes_out_with_their_yes(scene: Scene) -> None:
    """Nobody has to press anything more, and the card says so beforehand."""
    card = await asked(scene, "yes")
    assert "If you approve, it goes out at once." in words_of(card)

    await scene.people.press("eva", button(card, "Approve"))
    await scene.settle()

    assert len(scene.gateway.said_in("allmant")) == 1
    assert "It is published." in told(scene)


async def test_ticked_it_goes_out_at_its_time(scene: Scene) -> None:
    """Approved in time, it is scheduled for when its writer chose, and goes out then."""
    card = await asked(scene, "yes", {**FOR_EVA, **SOON})

    await scene.people.press("eva", button(card, "Approve"))
    await scene.tick()

    assert await state(scene) == AnnouncementState.SCHEDULED
    assert scene.gateway.said_in("allmant") == []
    scene.clock.move(timedelta(days=30))
    await scene.tick()
    assert len(scene.gateway.said_in("allmant")) == 1


async def test_a_time_that_passes_unapproved_waits_for_its_writer(scene: Scene) -> None:
    """They are told once; approved after that, it goes out when they say so and not by itself."""
    await asked(scene, "yes", {**FOR_EVA, **SOON})

    scene.clock.move(timedelta(days=30))
    await scene.tick()
    await minutes_later(scene)

    assert told(scene).count("and Eva has not approved it yet.") == 1
    assert await state(scene) == AnnouncementState.AWAITING
    card = scene.gateway.said_to("eva")[0]
    assert "has passed. If you approve, it is for Anna to let it go." in words_of(card)
    await scene.people.press("eva", button(card, "Approve"))
    await scene.tick()
    assert scene.gateway.said_in("allmant") == []
    form = form_of(await scene.people.press("anna", button(scene.gateway.said_to("anna")[-1], "Go on")))
    await scene.people.press("anna", button(form, "Publish"))
    await scene.settle()
    assert len(scene.gateway.said_in("allmant")) == 1


async def test_not_like_this_goes_to_the_writer_alone(scene: Scene) -> None:
    """What is to change is told to the writer; asked again, the person sees what has changed since."""
    card = await asked(scene)
    form = form_of(await scene.people.press("eva", button(card, "Not like this")))

    await scene.people.send("eva", form, change="Say *Tuesday*, please")
    await scene.settle()

    answer = scene.gateway.said_to("anna")[-1]
    assert "Say *Tuesday*, please" in words_of(answer)
    assert await state(scene) == AnnouncementState.DRAFT
    assert all("Tuesday" not in told(scene, name) for name in scene.organisation.members if name not in ("anna", "eva"))
    compose = form_of(await scene.people.press("anna", button(answer, "Continue")))
    again = form_of(await scene.people.send("anna", compose, text="It opens on Tuesday."))
    await scene.people.press("anna", button(again, "Ask Eva to approve it"))
    await scene.settle()
    newest = words_of(scene.gateway.said_to("eva")[-1])
    assert "You are asked again. You had written: Say *Tuesday*, please" in newest
    assert "“It opens on **Monday**.” is now “It opens on Tuesday.”" in newest


async def test_saying_nothing_of_what_is_to_change_changes_nothing(scene: Scene) -> None:
    """The line is asked for."""
    form = form_of(await scene.people.press("eva", button(await asked(scene), "Not like this")))

    reply = await scene.people.send("eva", form, change="  ")

    assert reply.errors["change"]
    assert await state(scene) == AnnouncementState.AWAITING


@pytest.mark.parametrize(
    ("changed", "told_as"),
    [
        ({"text": "It opens on Friday."}, "is now “It opens on Friday.”"),
        ({"title": "The canteen"}, "Title: “New canteen” is now “The canteen”"),
        ({"audience": "home_team:1"}, "Who is it for?: “everyone” is now “the home team Sales”"),
        ({"title_sv": "Ny matsal", "text_sv": "Den öppnar."}, "Title in Swedish: new is “Ny matsal”"),
        ({"kind": "decision"}, "What is it?: “News” is now “A decision”"),
    ],
)
async def test_what_is_changed_after_the_yes_is_asked_again(
    scene: Scene, changed: dict[str, str], told_as: str
) -> None:
    """Text, kind or audience: the yes does not cover it, and the next card tells what is different."""
    await scene.people.press("eva", button(await asked(scene), "Approve"))
    await scene.settle()
    form = form_of(await scene.people.press("anna", button(scene.gateway.said_to("anna")[-1], "Go on")))
    compose = form_of(await scene.people.press("anna", button(form, "Edit")))

    step = form_of(await scene.people.send("anna", compose, **changed))
    if step.action == "decision.checklist":
        step = form_of(await scene.people.send("anna", step, decision="It opens"))

    assert "announcement.publish" not in labels(step)
    await scene.people.press("anna", button(step, "Ask Eva to approve it"))
    await scene.settle()
    newest = words_of(scene.gateway.said_to("eva")[-1])
    assert "You are asked again: as it was before, you had approved it." in newest
    assert told_as in newest


async def test_what_nobody_reads_is_changed_without_asking(scene: Scene) -> None:
    """A time, or the wish for a confirmation, leaves the yes as it is."""
    await scene.people.press("eva", button(await asked(scene), "Approve"))
    await scene.settle()
    form = form_of(await scene.people.press("anna", button(scene.gateway.said_to("anna")[-1], "Go on")))
    compose = form_of(await scene.people.press("anna", button(form, "Edit")))

    step = form_of(await scene.people.send("anna", compose, **SOON))

    assert button(step, "Schedule").label


async def test_a_yes_to_a_version_that_was_taken_up_counts_for_nothing(scene: Scene) -> None:
    """While its writer edits, the old card is closed, and says so."""
    card = await asked(scene)
    waiting = scene.gateway.said_to("anna")[-1]
    await scene.people.press("anna", button(waiting, "Edit"))

    reply = await scene.people.press("eva", button(card, "Approve"))

    assert reply.refreshed is not None
    assert "Anna has taken it up again" in words_of(reply.refreshed)
    assert await state(scene) == AnnouncementState.DRAFT
    assert scene.gateway.said_in("allmant") == []


@pytest.mark.parametrize("intruder", ["anna", "bo", "greta"])
async def test_nobody_else_approves(scene: Scene, intruder: str) -> None:
    """Not the writer, not a colleague, not a communications lead."""
    card = await asked(scene)

    reply = await scene.people.press(intruder, button(card, "Approve"))

    assert reply.whisper is not None
    assert "was not put to you" in reply.whisper.summary
    assert await state(scene) == AnnouncementState.AWAITING


async def test_who_writes_for_themselves_asks_nobody(scene: Scene) -> None:
    """Choosing oneself is writing in one's own name."""
    form = await preview(scene, "anna", {**NEWS, "on_behalf_of": "anna"})

    await scene.people.press("anna", button(form, "Publish"))
    await scene.settle()

    [post] = scene.gateway.said_in("allmant")
    assert "Anna to everyone" in words_of(post)
    assert "through" not in words_of(post)


@pytest.mark.parametrize("who", ["nobody", "eva"])
async def test_somebody_who_is_not_here_is_not_chosen(scene: Scene, who: str) -> None:
    """Somebody unknown, or who has left: the field says so, and nothing is stored."""
    await has_left(scene, "eva")
    form = form_of(await scene.people.command("anna", "announce"))

    reply = await scene.people.send("anna", form, **{**NEWS, "on_behalf_of": who})

    assert "somebody of the organisation" in reply.errors["on_behalf_of"]
    async with scene.database.read() as session:
        assert (await session.execute(select(Announcement))).scalar_one().revision == 0


async def test_what_waits_for_somebody_who_leaves_comes_back(scene: Scene) -> None:
    """It is a draft again, and its writer is told why."""
    await asked(scene)
    await has_left(scene, "eva")

    await scene.tick()

    answer = scene.gateway.said_to("anna")[-1]
    assert "Eva could not be asked about “New canteen”." in answer.summary
    assert "not in the organisation any more" in words_of(answer)
    assert await state(scene) == AnnouncementState.DRAFT
    form = form_of(await scene.people.press("anna", button(answer, "Continue")))
    step = form_of(await scene.people.send("anna", form, on_behalf_of=""))
    assert button(step, "Publish").label


async def test_an_approved_one_does_not_go_out_for_somebody_who_has_left(scene: Scene) -> None:
    """Scheduled in their name, it is a draft again when its time comes, and its writer is told why."""
    await scene.people.press("eva", button(await asked(scene, "yes", {**FOR_EVA, **SOON}), "Approve"))
    await has_left(scene, "eva")

    scene.clock.move(timedelta(days=30))
    await scene.tick()

    assert scene.gateway.said_in("allmant") == []
    assert "Eva is not in the organisation any more" in told(scene)
    assert await state(scene) == AnnouncementState.DRAFT


@pytest.mark.parametrize("outcome", [OutboxState.BLOCKED, OutboxState.UNREACHABLE, OutboxState.FAILED])
async def test_what_cannot_be_put_to_them_comes_back(scene: Scene, outcome: OutboxState) -> None:
    """A card that cannot arrive is no question: its writer has the draft again, with the platform's reason."""

    async def refuse(to: To) -> None:
        if to.member == "eva":
            raise NotSent(outcome, text("They have blocked messages from Samlas."))

    scene.gateway.on_the_way = refuse
    form = await preview(scene, "anna", FOR_EVA)

    await scene.people.press("anna", button(form, "Ask Eva to approve it"))
    await scene.settle()

    answer = scene.gateway.said_to("anna")[-1]
    assert "They have blocked messages from Samlas." in words_of(answer)
    assert button(answer, "Continue").label
    assert await state(scene) == AnnouncementState.DRAFT


async def test_home_shows_what_waits_on_both_sides(scene: Scene) -> None:
    """The person finds the question there, and the writer the way back to it."""
    await asked(scene)

    theirs = (await scene.people.act("eva", OPENED_HOME)).home
    own = (await scene.people.act("anna", OPENED_HOME)).home

    assert theirs is not None
    assert own is not None
    looked = await scene.people.press("eva", button(theirs, "Read and answer"))
    assert looked.whisper is not None
    assert button(looked.whisper, "Approve").label
    assert "Waits for Eva to approve it: New canteen" in words_of(own)


async def test_every_step_is_kept_with_who_made_it(scene: Scene) -> None:
    """Asked by its writer, approved and let go by the person it speaks for."""
    await scene.people.press("eva", button(await asked(scene, "yes"), "Approve"))

    async with scene.database.read() as session:
        steps = (await session.execute(select(AnnouncementStep).order_by(col(AnnouncementStep.id)))).scalars().all()

    names = {row: name for name, row in scene.organisation.members.items()}
    assert [(step.from_state, step.to_state, names[step.by_member_id or 0]) for step in steps] == [
        ("draft", "awaiting", "anna"),
        ("awaiting", "draft", "eva"),
        ("draft", "publishing", "eva"),
    ]


async def test_the_group_is_asked_after_them_and_without_them(scene: Scene) -> None:
    """On a decision the person approves first; then the management group is asked, where neither of the two votes."""
    for_carl = {**DECISION, "on_behalf_of": "carl"}
    form = await preview(scene, "david", for_carl, decision="We move", decider="Carl")
    assert "Ask the management group first" not in labels(form)
    await scene.people.press("david", button(form, "Ask Carl to approve it"))
    await scene.settle()
    card = scene.gateway.said_to("carl")[-1]
    assert "How it stands: Not yet anchored" in words_of(card)
    await scene.people.press("carl", button(card, "Approve"))
    await scene.settle()

    form = form_of(await scene.people.press("david", button(scene.gateway.said_to("david")[-1], "Go on")))
    reply = await scene.people.press("david", button(form, "Ask the management group first"))
    await scene.settle()

    assert reply.whisper is not None
    assert "1 person" in reply.whisper.summary
    assert "David asks: is “We move in June” anchored with you?" in told(scene, "cecilia")


async def test_the_group_is_not_asked_again_before_they_have_approved(scene: Scene) -> None:
    """Changed words go to the person they stand in the name of first, and to the group with their yes."""
    form = await preview(scene, "anna", {**DECISION, "on_behalf_of": "eva"}, decision="We move", decider="Eva")
    await scene.people.press("anna", button(form, "Ask Eva to approve it"))
    await scene.settle()
    await scene.people.press("eva", button(scene.gateway.said_to("eva")[-1], "Approve"))
    await scene.settle()
    form = form_of(await scene.people.press("anna", button(scene.gateway.said_to("anna")[-1], "Go on")))
    await scene.people.press("anna", button(form, "Ask the management group first"))
    await scene.settle()
    compose = form_of(await scene.people.press("anna", button(form, "Edit")))
    checklist = form_of(await scene.people.send("anna", compose, text="To Storgatan."))

    step = form_of(await scene.people.send("anna", checklist))
    await scene.settle()
    before = len(scene.gateway.said_to("carl"))
    await scene.people.press("anna", button(step, "Ask Eva to approve it"))
    await scene.settle()
    await scene.people.press("eva", button(scene.gateway.said_to("eva")[-1], "Approve"))
    await scene.settle()

    assert before == 1
    assert "“To Kungsgatan.” is now “To Storgatan.”" in words_of(scene.gateway.said_to("carl")[-1])
