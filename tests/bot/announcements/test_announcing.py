"""An announcement from `/announce` to the author's picture, through the handlers and the sender."""

from datetime import timedelta

from sqlmodel import col, update

from bot.events import OPENED_HOME, Reply
from bot.forms import Form
from bot.messages import Message, Shares
from storage.tables import Channel, Member, MemberState
from tests.bot.announcements.conftest import Scene
from tests.support import button, words_of

NEWS = {"title": "New canteen", "text": "It opens on **Monday**.", "kind": "news", "audience": "everyone:"}
DECISION = {"title": "We move in June", "text": "To Kungsgatan.", "kind": "decision", "audience": "everyone:"}


def form_of(reply: Reply) -> Form:
    """Return the form that a reply opens."""
    assert reply.form is not None, reply
    return reply.form


def shares_of(message: Message) -> dict[str, int]:
    """Return the parts of a picture."""
    shares = next(part for part in message.parts if isinstance(part, Shares))
    return {share.label: share.count for share in shares.shares}


async def preview(scene: Scene, person: str, values: dict[str, str], **checklist: str) -> Form:
    """Write an announcement up to its preview."""
    form = form_of(await scene.people.command(person, "announce"))
    form = form_of(await scene.people.send(person, form, **values))
    if form.action == "decision.checklist":
        form = form_of(await scene.people.send(person, form, **checklist))
    return form


async def test_news_lands_once_in_one_place(scene: Scene) -> None:
    """One home post in the announcement channel, and a copy to each member who is not in it."""
    form = await preview(scene, "anna", NEWS)
    assert "Goes to 7 people; 5 of them get a direct message." in words_of(form)

    reply = await scene.people.press("anna", button(form, "Publish"))
    await scene.settle()

    assert reply.close
    assert len(scene.gateway.said_in("allmant")) == 1
    copied = [name for name in scene.organisation.members if len(scene.gateway.said_to(name)) == 1 and name != "anna"]
    assert copied == ["cecilia", "david", "eva", "farid", "greta"]


async def test_the_preview_says_where_the_post_will_stand(scene: Scene) -> None:
    """Whoever publishes knows before in which channel it stands."""
    assert "Its post stands in #allmant." in words_of(await preview(scene, "anna", NEWS))


async def test_the_preview_says_when_there_will_be_no_post(scene: Scene) -> None:
    """Without a channel it still reaches everybody, and the author is told that nothing will stand anywhere."""
    async with scene.database.begin() as session:
        await session.execute(update(Channel).values(is_archived=True))

    shown = words_of(await preview(scene, "anna", NEWS))

    assert "It has no post: no announcement channel is chosen in which Samlas can post." in shown
    assert "Its post stands" not in shown


async def test_the_preview_says_when_nobody_can_be_reached(scene: Scene) -> None:
    """With no channel, and nobody to write to, the author is not told that it goes anywhere."""
    async with scene.database.begin() as session:
        await session.execute(update(Channel).values(is_archived=True))
        await session.execute(update(Member).where(col(Member.external_id) != "anna").values(state=MemberState.LEFT))

    shown = words_of(await preview(scene, "anna", NEWS))

    assert "Nobody can be reached: there is no channel to post in, and nobody to write to." in shown
    assert "Goes to" not in shown


async def test_pressing_publish_twice_publishes_once(scene: Scene) -> None:
    """A second press of the same button explains itself and says nothing to anybody else."""
    form = await preview(scene, "anna", NEWS)
    await scene.people.press("anna", button(form, "Publish"))

    second = await scene.people.press("anna", button(form, "Publish"))
    await scene.settle()

    assert second.whisper is not None
    assert "already published" in second.whisper.summary
    assert len(scene.gateway.said_in("allmant")) == 1


async def test_the_picture_sums_to_the_audience_as_people_read(scene: Scene) -> None:
    """Pressing, asking and waving aside count as read; the author's card follows within a minute."""
    form = await preview(scene, "anna", {**NEWS, "confirm": "yes"})
    await scene.people.press("anna", button(form, "Publish"))
    await scene.settle()
    post = scene.gateway.said_in("allmant")[0]
    copy = scene.gateway.said_to("eva")[0]

    await scene.people.press("bo", button(post, "I have read this"), channel="allmant")
    await scene.people.press("eva", button(copy, "Not relevant to me"))
    question = form_of(await scene.people.press("farid", button(copy, "Ask a question")))
    await scene.people.send("farid", question, question="Is there a vegan dish?")
    scene.clock.move(timedelta(minutes=2))
    await scene.settle()

    picture = next(said for said in scene.gateway.said_to("anna") if any(isinstance(p, Shares) for p in said.parts))
    assert shares_of(picture) == {"Read": 3, "Not yet": 4}


async def test_a_question_lands_in_the_thread_and_the_author_is_told(scene: Scene) -> None:
    """The asker's name stands with the question, and the author's message leads to the thread."""
    form = await preview(scene, "anna", NEWS)
    await scene.people.press("anna", button(form, "Publish"))
    await scene.settle()
    post = scene.gateway.said_in("allmant")[0]

    question = form_of(await scene.people.press("bo", button(post, "Ask a question"), channel="allmant"))
    await scene.people.send("bo", question, question="Is there a vegan dish?")
    await scene.settle()

    [in_thread] = scene.gateway.said_in("allmant", in_thread=True)
    assert "Bo asks:" in words_of(in_thread)
    assert "Is there a vegan dish?" in words_of(in_thread)
    told = scene.gateway.said_to("anna")[-1]
    assert "Bo has a question" in told.summary


async def test_a_press_can_be_taken_back_for_five_minutes(scene: Scene) -> None:
    """Undo within five minutes makes it unread again; after that it says that it is too late."""
    form = await preview(scene, "anna", NEWS)
    await scene.people.press("anna", button(form, "Publish"))
    await scene.settle()
    post = scene.gateway.said_in("allmant")[0]
    first = await scene.people.press("bo", button(post, "I have read this"), channel="allmant")
    second = await scene.people.press("carl", button(post, "I have read this"), channel="allmant")
    assert first.whisper is not None
    assert second.whisper is not None

    in_time = await scene.people.press("bo", button(first.whisper, "Undo"), channel="allmant")
    scene.clock.move(timedelta(minutes=6))
    too_late = await scene.people.press("carl", button(second.whisper, "Undo"), channel="allmant")
    await scene.settle()

    assert in_time.whisper is not None
    assert in_time.whisper.summary == "Taken back."
    assert too_late.whisper is not None
    assert "five minutes" in too_late.whisper.summary
    picture = next(said for said in scene.gateway.said_to("anna") if any(isinstance(p, Shares) for p in said.parts))
    assert shares_of(picture) == {"Read": 1, "No sign yet": 6}


async def test_an_empty_form_is_answered_at_its_fields_and_changes_nothing(scene: Scene) -> None:
    """Title and text are asked for; the draft stays as it was."""
    form = form_of(await scene.people.command("anna", "announce"))

    reply = await scene.people.send("anna", form, title=" ", text="", kind="gossip")

    assert set(reply.errors) == {"title", "text", "kind"}
    again = form_of(await scene.people.command("anna", "announce"))
    assert again.target == form.target


async def test_a_saved_draft_is_found_again(scene: Scene) -> None:
    """Save draft leaves a card with the way back, and `/announce` offers it too."""
    form = await preview(scene, "anna", NEWS)
    await scene.people.press("anna", button(form, "Save draft"))
    await scene.settle()

    card = scene.gateway.said_to("anna")[0]
    resumed = form_of(await scene.people.press("anna", button(card, "Continue")))
    anew = await scene.people.command("anna", "announce", "Something else")

    assert resumed.values()["title"] == "New canteen"
    assert form_of(anew).values()["title"] == "Something else"
    assert anew.whisper is not None
    assert "1 saved draft" in anew.whisper.summary


async def test_a_decision_is_anchored_before_it_is_announced(scene: Scene) -> None:
    """Asked, answered by more than half, published with its anchoring line."""
    form = await preview(scene, "anna", DECISION, decision="We move on 1 June", decider="Anna, on Monday")
    assert "How it stands: Not yet anchored" in words_of(form)

    asked = await scene.people.press("anna", button(form, "Ask the management group first"))
    await scene.settle()
    assert asked.whisper is not None
    assert "3 people" in asked.whisper.summary
    for name in ("carl", "david"):
        [card] = scene.gateway.said_to(name)
        answered = await scene.people.press(name, button(card, "Anchored"))
        assert answered.refreshed is not None
        assert "You answered: Anchored." in words_of(answered.refreshed)
        await scene.settle()

    met = scene.gateway.said_to("anna")[-1]
    assert "is anchored with the management group" in met.summary
    await scene.people.press("anna", button(met, "Publish now"))
    await scene.settle()
    assert "Anchored by the management group" in words_of(scene.gateway.said_in("allmant")[0])


async def test_a_concern_reaches_the_author_and_the_group(scene: Scene) -> None:
    """Its words are for the author and the group, whose cards carry them; nobody else has them."""
    form = await preview(scene, "anna", DECISION, decision="We move", decider="Anna")
    await scene.people.press("anna", button(form, "Ask the management group first"))
    await scene.settle()

    concern = form_of(await scene.people.press("carl", button(scene.gateway.said_to("carl")[0], "I have a concern")))
    await scene.people.send("carl", concern, concern="Who pays for the lease?")
    await scene.settle()

    assert "Who pays for the lease?" in words_of(scene.gateway.said_to("anna")[-1])
    assert "Who pays for the lease?" in words_of(scene.gateway.said_to("cecilia")[0])
    others = [said for name in ("bo", "eva") for said in scene.gateway.said_to(name)]
    assert "Who pays" not in repr(others)


async def test_publishing_anyway_takes_a_line_of_why_and_shows_it(scene: Scene) -> None:
    """Never a gate: with items open it is published when the author says why, and the post says it too."""
    form = await preview(scene, "anna", DECISION)

    without = await scene.people.press("anna", button(form, "Publish anyway"), why=" ")
    published = await scene.people.press("anna", button(form, "Publish anyway"), why="The lease ends today")
    await scene.settle()

    assert set(without.errors) == {"why"}
    assert published.close
    post = words_of(scene.gateway.said_in("allmant")[0])
    assert "Not yet anchored" in post
    assert "The lease ends today" in post


async def test_a_proposal_asks_for_views(scene: Scene) -> None:
    """Published as a proposal it says so, and does not claim to be decided."""
    form = await preview(scene, "anna", DECISION)

    await scene.people.press("anna", button(form, "Publish as a proposal"))
    await scene.settle()

    assert "Proposal: views are welcome in the thread" in words_of(scene.gateway.said_in("allmant")[0])


async def test_changing_the_text_closes_the_question_to_the_group(scene: Scene) -> None:
    """An answer to another text is no answer: the old card explains, and the outcome is open again."""
    form = await preview(scene, "anna", DECISION, decision="We move", decider="Anna")
    await scene.people.press("anna", button(form, "Ask the management group first"))
    await scene.settle()
    card = scene.gateway.said_to("carl")[0]
    compose = form_of(await scene.people.press("anna", button(form, "Edit")))
    await scene.people.send("anna", compose, text="To Storgatan instead.")

    late = await scene.people.press("carl", button(card, "Anchored"))

    assert late.whisper is not None
    assert "changed since" in late.whisper.summary


async def test_a_reader_faster_than_the_fan_out_counts(scene: Scene) -> None:
    """Who reads the home post before the recipients are written down is read, and gets no copy."""
    form = await preview(scene, "anna", NEWS)
    await scene.people.press("anna", button(form, "Publish"))
    button_on_post = button(form, "Publish").target
    await scene.people.act("eva", "announcement.read", target=button_on_post, channel="allmant")

    await scene.settle()
    scene.clock.move(timedelta(minutes=2))
    await scene.settle()

    assert scene.gateway.said_to("eva") == []
    assert shares_of(scene.gateway.said_to("anna")[-1])["Read"] == 1


async def test_news_lists_the_unread_first_and_finds_words(scene: Scene) -> None:
    """The one place to come to: what waits for me on top, searchable, and nothing that is not for me."""
    for title, audience in (
        ("New canteen", "everyone:"),
        ("Sales kick-off", f"home_team:{scene.organisation.team_id}"),
    ):
        form = await preview(scene, "anna", {**NEWS, "title": title, "audience": audience})
        await scene.people.press("anna", button(form, "Publish"))
        await scene.settle()
        scene.clock.move(timedelta(hours=1))
    await scene.people.press("bo", button(scene.gateway.said_to("bo")[0], "I have read this"))

    for_bo = (await scene.people.command("bo", "news")).whisper
    for_farid = (await scene.people.command("farid", "news")).whisper
    found = (await scene.people.command("bo", "news", "kick")).whisper
    nothing = (await scene.people.command("bo", "news", "100%")).whisper

    assert for_bo is not None
    assert for_farid is not None
    assert found is not None
    assert nothing is not None
    assert words_of(for_bo).index("New to you: New canteen") < words_of(for_bo).index("Sales kick-off")
    assert "Sales kick-off" not in words_of(for_farid)
    assert "New canteen" not in words_of(found)
    assert "Nothing here has these words" in words_of(nothing)


async def test_home_shows_what_waits_and_what_is_mine(scene: Scene) -> None:
    """A member of the management group finds the question on Home, its author the draft."""
    form = await preview(scene, "anna", DECISION, decision="We move", decider="Anna")
    await scene.people.press("anna", button(form, "Ask the management group first"))

    waiting = (await scene.people.act("carl", OPENED_HOME)).home
    own = (await scene.people.act("anna", OPENED_HOME)).home
    assert waiting is not None
    assert own is not None
    card = (await scene.people.press("carl", button(waiting, "Read and answer"))).whisper
    assert card is not None
    await scene.people.press("carl", button(card, "Anchored"))

    assert "Draft: We move in June" in words_of(own)
    after = (await scene.people.act("carl", OPENED_HOME)).home
    assert after is not None
    assert "Waiting for your answer" not in words_of(after)
