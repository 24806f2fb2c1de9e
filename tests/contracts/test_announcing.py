"""Announcing on every surface: from the first word to the author's picture, and a decision's way to its post."""

from datetime import timedelta

from sqlmodel import col, update

from storage.tables import Member
from tests.contracts.surface import SeenForm, SeenMessage, SurfaceUnderTest, says_count

NEWS = {"title": "New canteen", "text": "It opens on **Monday**.", "kind": "News", "audience": "Everyone"}
DECISION = {"title": "We move in June", "text": "To Kungsgatan.", "kind": "A decision", "audience": "Everyone"}


async def preview(surface: SurfaceUnderTest, person: str, values: dict[str, str], **checklist: str) -> SeenForm:
    """Write an announcement up to its preview."""
    opened = await surface.command(person, "announce")
    step = await surface.submit(person, opened.opened, **values)
    if values["kind"] == "A decision":
        step = await surface.submit(person, step.opened, **checklist)
    return step.opened


async def published(surface: SurfaceUnderTest, person: str, values: dict[str, str]) -> SeenMessage:
    """Publish news; returns its home post."""
    await surface.press(person, await preview(surface, person, values), "Publish")
    await surface.settle()
    return (await surface.in_channel("allmant"))[-1]


async def picture_of(surface: SurfaceUnderTest, author: str, title: str) -> SeenMessage:
    """Return the author's card about an announcement as it stands."""
    heading = f"How “{title}” is reaching people"
    [found] = [message for message in await surface.direct(author) if heading in message.text]
    return found


async def test_news_lands_once_in_one_place(surface: SurfaceUnderTest) -> None:
    """One home post in the announcement channel, and a copy to each member who is not in it."""
    shown = await preview(surface, "anna", NEWS)
    assert "Goes to 7 people; 5 of them get a direct message." in shown.text

    seen = await surface.press("anna", shown, "Publish")
    await surface.settle()

    assert seen.form is None
    assert "“New canteen” is published." in seen.told
    [post] = await surface.in_channel("allmant")
    assert "New canteen" in post.text
    assert "It opens on Monday." in post.text
    assert post.buttons == ("I have read this", "Ask a question", "Not relevant to me")
    copied = {name: await surface.direct(name) for name in surface.organisation.members if name != "anna"}
    assert [name for name, messages in copied.items() if messages] == ["cecilia", "david", "eva", "farid", "greta"]
    assert all(len(messages) <= 1 for messages in copied.values())


async def test_a_decision_goes_from_checklist_to_picture(surface: SurfaceUnderTest) -> None:
    """Asked first, anchored by the group, published by one press, read, asked about; and the picture sums up."""
    shown = await preview(surface, "anna", DECISION, decision="We move on 1 June", decider="Anna, on Monday")
    assert "How it stands: Not yet anchored" in shown.text
    assert "Which alternatives there were" in shown.text

    asked = await surface.press("anna", shown, "Ask the management group first")
    assert "3 people" in asked.told
    await surface.settle()
    for name in ("carl", "david"):
        [card] = await surface.direct(name)
        assert "is “We move in June” anchored with you?" in card.text
        await surface.press(name, card, "Anchored")
        [answered] = await surface.direct(name)
        assert "You answered: Anchored." in answered.text
    await surface.settle()

    met = (await surface.direct("anna"))[-1]
    assert "is anchored with the management group" in met.text
    await surface.press("anna", met, "Publish now")
    await surface.settle()
    [post] = await surface.in_channel("allmant")
    assert "Anchored by the management group" in post.text
    assert "We move on 1 June" in post.text

    noted = await surface.press("bo", post, "I have read this")
    assert "Noted: you have read this." in noted.told
    [copy] = await surface.direct("eva")
    question = await surface.press("eva", copy, "Ask a question")
    answered_by = await surface.submit("eva", question.opened, question="Is there *parking*?")
    assert "Your question is in the thread" in answered_by.told
    await surface.settle()

    [in_thread] = await surface.in_thread(post)
    assert "Eva asks: Is there parking?" in in_thread.text
    told = next(message for message in await surface.direct("anna") if "Eva has a question" in message.text)
    led_to = await surface.follow("anna", told, "Answer in the thread")
    assert led_to.reference == post.reference

    surface.clock.move(timedelta(minutes=2))
    await surface.settle()
    picture = await picture_of(surface, "anna", "We move in June")
    assert "Audience: 7 people" in picture.text
    assert says_count(picture.text, "Read", 2)
    assert says_count(picture.text, "No sign yet", 5)


async def test_who_has_read_sees_so_in_their_copy(surface: SurfaceUnderTest) -> None:
    """Pressed in a copy, the copy itself changes: read, with a way to take it back; and taken back, it asks again."""
    await published(surface, "anna", NEWS)
    [copy] = await surface.direct("eva")

    await surface.press("eva", copy, "I have read this")
    [read] = await surface.direct("eva")
    await surface.press("eva", read, "Undo")
    [again] = await surface.direct("eva")

    assert "You have read this. Thank you." in read.text
    assert read.buttons == ("Ask a question", "Undo")
    assert again.text == copy.text
    assert again.buttons == copy.buttons == ("I have read this", "Ask a question", "Not relevant to me")
    assert read.reference == again.reference == copy.reference


async def test_a_copy_leads_to_where_the_answers_are(surface: SurfaceUnderTest) -> None:
    """Its link goes to the home post."""
    post = await published(surface, "anna", NEWS)
    [copy] = await surface.direct("farid")

    led_to = await surface.follow("farid", copy, "See it where the questions and answers are")

    assert led_to.reference == post.reference


async def test_not_relevant_counts_as_read(surface: SurfaceUnderTest) -> None:
    """Whoever waves it aside is thanked, and is in the picture among those who have read."""
    await published(surface, "anna", {**NEWS, "confirm": "yes"})
    [copy] = await surface.direct("eva")

    await surface.press("eva", copy, "Not relevant to me")
    surface.clock.move(timedelta(minutes=2))
    await surface.settle()

    [waved] = await surface.direct("eva")
    assert "this is not relevant to you" in waved.text
    picture = await picture_of(surface, "anna", "New canteen")
    assert says_count(picture.text, "Read", 1)
    assert says_count(picture.text, "Not yet", 6)


async def test_a_title_given_with_the_command_is_in_the_form(surface: SurfaceUnderTest) -> None:
    """`/announce Some title` pre-fills it."""
    seen = await surface.command("anna", "announce", "New canteen", channel="allmant")

    assert seen.opened.title == "New announcement"
    assert seen.opened.fields["title"].value == "New canteen"


async def test_what_is_missing_is_told_at_its_field(surface: SurfaceUnderTest) -> None:
    """An empty title and text are asked for in place, and what was filled in goes on."""
    opened = await surface.command("anna", "announce")

    refused = await surface.submit("anna", opened.opened, title=" ", text="", kind="A decision")
    taken = await surface.submit("anna", refused.opened, title="We move", text="In June.")

    assert refused.errors == dict.fromkeys(("title", "text"), "Please write something here.")
    assert "decision" in taken.opened.fields


async def test_a_saved_draft_is_found_again(surface: SurfaceUnderTest) -> None:
    """*Save draft* leaves a card with the way back; `/announce` offers it too, and Home shows it."""
    shown = await preview(surface, "anna", NEWS)

    saved = await surface.press("anna", shown, "Save draft")
    await surface.settle()
    [card] = await surface.direct("anna")
    resumed = await surface.press("anna", card, "Continue")
    anew = await surface.command("anna", "announce", "Something else")
    home = await surface.open_home("anna")

    assert saved.form is None
    assert "Your draft “New canteen” is saved." in card.text
    assert resumed.opened.fields["title"].value == "New canteen"
    assert resumed.opened.fields["text"].value == "It opens on **Monday**."
    assert resumed.opened.fields["audience"].value == "Everyone"
    assert anew.opened.fields["title"].value == "Something else"
    assert "You have 1 saved draft." in anew.told
    assert "Draft: New canteen" in home.text
    assert (await surface.press("anna", home, "Continue")).opened.fields["title"].value == "New canteen"


async def test_publishing_anyway_takes_a_line_of_why(surface: SurfaceUnderTest) -> None:
    """Never a gate: with items open it is published when the author says why, and the post says both."""
    shown = await preview(surface, "anna", DECISION)

    without = await surface.press("anna", shown, "Publish anyway", why=" ")
    done = await surface.press("anna", without.opened, "Publish anyway", why="The lease ends today")
    await surface.settle()

    assert list(without.errors) == ["why"]
    assert done.form is None
    [post] = await surface.in_channel("allmant")
    assert "Not yet anchored" in post.text
    assert "The lease ends today" in post.text


async def test_a_proposal_asks_for_views(surface: SurfaceUnderTest) -> None:
    """Published as a proposal, it says so on its post."""
    shown = await preview(surface, "anna", DECISION)

    await surface.press("anna", shown, "Publish as a proposal")
    await surface.settle()

    [post] = await surface.in_channel("allmant")
    assert "Proposal: views are welcome in the thread" in post.text


async def test_a_concern_reaches_the_author_and_nobody_else(surface: SurfaceUnderTest) -> None:
    """Its words go to the author; the others in the group and the channel hear nothing of them."""
    shown = await preview(surface, "anna", DECISION, decision="We move", decider="Anna")
    await surface.press("anna", shown, "Ask the management group first")
    await surface.settle()
    [card] = await surface.direct("carl")

    concern = await surface.press("carl", card, "I have a concern")
    told = await surface.submit("carl", concern.opened, concern="Who pays for the lease?")
    await surface.settle()

    assert told.form is None
    heard = (await surface.direct("anna"))[-1]
    assert "Carl has a concern about “We move in June”." in heard.text
    assert "Who pays for the lease?" in heard.text
    others = [message.text for name in ("bo", "cecilia", "david") for message in await surface.direct(name)]
    assert "Who pays" not in " ".join([*others, *(post.text for post in await surface.in_channel("allmant"))])


async def test_a_question_waits_on_home_until_it_is_answered(surface: SurfaceUnderTest) -> None:
    """Somebody of the management group finds it there, reads the whole and answers in place."""
    shown = await preview(surface, "anna", DECISION, decision="We move", decider="Anna")
    await surface.press("anna", shown, "Ask the management group first")

    home = await surface.open_home("cecilia")
    looked = await surface.press("cecilia", home, "Read and answer")
    await surface.press("cecilia", looked.whispers[0], "Anchored")
    surface.clock.move(timedelta(minutes=1))
    after = await surface.open_home("cecilia")

    assert "Waiting for your answer" in home.text
    assert "To Kungsgatan." in looked.told
    assert "Waiting for your answer" not in after.text


async def test_changing_the_text_closes_the_question_to_the_group(surface: SurfaceUnderTest) -> None:
    """An answer to another text is no answer: the card says so when it is pressed, and is closed."""
    shown = await preview(surface, "anna", DECISION, decision="We move", decider="Anna")
    await surface.press("anna", shown, "Ask the management group first")
    await surface.settle()
    [card] = await surface.direct("carl")
    step = await surface.press("anna", shown, "Edit")
    await surface.submit("anna", step.opened, text="To Storgatan instead.")

    late = await surface.press("carl", card, "Anchored")
    await surface.settle()

    assert "changed since" in late.told
    [closed] = await surface.direct("carl")
    assert "this question is closed" in closed.text
    assert closed.buttons == ()


async def test_news_lists_the_unread_first_and_finds_words(surface: SurfaceUnderTest) -> None:
    """The one place to come to, for this person alone: what waits on top, searchable."""
    await published(surface, "anna", NEWS)
    surface.clock.move(timedelta(hours=1))
    post = await published(surface, "anna", {**NEWS, "title": "Summer party"})
    await surface.press("bo", post, "I have read this")

    listed = (await surface.command("bo", "news", channel="allmant")).told
    found = (await surface.command("bo", "news", "summer")).told
    nothing = (await surface.command("bo", "news", "100%")).told

    assert listed.index("New to you: New canteen") < listed.index("Summer party")
    assert "New canteen" not in found
    assert "Summer party" in found
    assert "Nothing here has these words." in nothing


async def test_everybody_reads_in_their_own_language(surface: SurfaceUnderTest) -> None:
    """A copy speaks its reader's language, and so does every answer."""
    async with surface.database.begin() as session:
        await session.execute(
            update(Member).where(col(Member.id) == surface.organisation.members["eva"]).values(locale="sv-SE")
        )
    await published(surface, "anna", NEWS)

    [copy] = await surface.direct("eva")
    asked = await surface.press("eva", copy, "Ställ en fråga")

    assert copy.buttons[0] == "Jag har läst det här"
    assert asked.opened.submit == "Fråga"


async def test_what_is_published_is_edited_where_it_stands(surface: SurfaceUnderTest) -> None:
    """From the author's card: the post and the copies have the new words, and say that they were edited."""
    post = await published(surface, "anna", NEWS)
    surface.clock.move(timedelta(minutes=2))
    await surface.settle()
    card = await picture_of(surface, "anna", "New canteen")

    opened = await surface.press("anna", card, "Edit")
    seen = await surface.submit("anna", opened.opened, title="Old canteen", text="It closes on Friday.")
    await surface.settle()

    assert seen.form is None
    assert "“Old canteen” is edited." in seen.told
    for message in (await surface.in_channel("allmant"))[-1], (await surface.direct("eva"))[-1]:
        assert "Old canteen" in message.text
        assert "It closes on Friday." in message.text
        assert "Edited 3 March 2027" in message.text
    assert (await surface.in_channel("allmant"))[-1].reference == post.reference


async def test_what_is_withdrawn_says_by_whom_and_why(surface: SurfaceUnderTest) -> None:
    """A communications lead withdraws it from Home; the author is told, and can take it up again as a draft."""
    await published(surface, "anna", NEWS)

    home = await surface.open_home("greta")
    asked = await surface.press("greta", home, "Withdraw")
    missing = await surface.submit("greta", asked.opened, why="")
    seen = await surface.submit("greta", asked.opened, why="It opens in May.")
    surface.clock.move(timedelta(minutes=2))
    await surface.settle()

    assert missing.errors == {"why": "Please write something here."}
    assert "“New canteen” is withdrawn." in seen.told
    for message in (await surface.in_channel("allmant"))[-1], (await surface.direct("eva"))[-1]:
        assert "Greta has withdrawn this: It opens in May." in message.text
        assert "It opens on Monday." not in message.text
        assert message.buttons == ()
    assert "Greta has withdrawn “New canteen”." in (await surface.direct("anna"))[-1].text
    card = await picture_of(surface, "anna", "New canteen")
    duplicate = await surface.press("anna", card, "Duplicate")
    assert duplicate.opened.fields["title"].value == "New canteen"


async def test_what_is_scheduled_goes_out_at_its_time(surface: SurfaceUnderTest) -> None:
    """Chosen in the form as a day and a time of the author's own; the card leads on until then."""
    friday = {"day": "2027-03-05", "time": "09:30"}
    shown = await preview(surface, "anna", {**NEWS, **friday})
    seen = await surface.press("anna", shown, "Schedule")
    await surface.settle()
    before = await surface.in_channel("allmant")
    [card] = await surface.direct("anna")

    surface.clock.move(timedelta(days=2))
    await surface.settle()

    assert "Goes out 5 March 2027, 09:30, your time." in shown.text
    assert "“New canteen” goes out 5 March 2027, 09:30." in seen.told
    assert before == []
    assert card.buttons == ("Publish now", "Edit", "Cancel")
    assert "New canteen" in (await surface.in_channel("allmant"))[-1].text


async def test_what_is_scheduled_can_be_cancelled(surface: SurfaceUnderTest) -> None:
    """From its card, after a question; then nothing goes out."""
    shown = await preview(surface, "anna", {**NEWS, "day": "2027-03-05", "time": "09:30"})
    await surface.press("anna", shown, "Schedule")
    await surface.settle()
    [card] = await surface.direct("anna")

    await surface.press("anna", card, "Cancel")
    surface.clock.move(timedelta(days=3))
    await surface.settle()

    [cancelled] = await surface.direct("anna")
    assert "“New canteen” is cancelled and does not go out." in cancelled.text
    assert cancelled.buttons == ("Duplicate",)
    assert await surface.in_channel("allmant") == []


async def test_two_languages(surface: SurfaceUnderTest) -> None:
    """A post shows both, and a copy the reader's own."""
    async with surface.database.begin() as session:
        await session.execute(
            update(Member).where(col(Member.id) == surface.organisation.members["eva"]).values(locale="sv")
        )

    post = await published(surface, "anna", {**NEWS, "title_sv": "Ny matsal", "text_sv": "Den öppnar på **måndag**."})

    for said in ("New canteen", "It opens on Monday.", "Ny matsal", "Den öppnar på måndag."):
        assert said in post.text
    [copy] = await surface.direct("eva")
    assert "Den öppnar på måndag." in copy.text
    assert "It opens on Monday." not in copy.text


async def test_a_reply_to_a_copy_is_its_writers_until_they_choose(surface: SurfaceUnderTest) -> None:
    """Seen by nobody until it is posted in the thread under their name."""
    post = await published(surface, "anna", NEWS)

    seen = await surface.write_to_bot("eva", "Will there be coffee?")
    await surface.settle()
    before = await surface.in_thread(post)
    [asked] = [whispered for whispered in seen.whispers if whispered.buttons]
    await surface.press("eva", asked, "Post in the thread under my name")
    await surface.settle()

    assert "Nobody else sees what you wrote about “New canteen” until you choose." in asked.text
    assert asked.buttons == ("Post in the thread under my name", "Only to the author", "Nothing")
    assert before == []
    [in_thread] = await surface.in_thread(post)
    assert "Eva replies: Will there be coffee?" in in_thread.text
