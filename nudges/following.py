"""Which topics a member follows and has shown to like: told in words beside their participation, chosen in a form."""

from bot.context import PersonContext
from bot.errors import Refused
from bot.events import Event
from bot.forms import ChoicesField, Form, read
from bot.messages import Button, Buttons, Part, Target, Tone, Words
from bot.texts import text
from bot.topics.interests import Interests
from bot.topics.learning import interests
from bot.topics.listing import as_value, chosen_topics, topic_name, topic_options, topics_here, topics_so_far
from storage.interests import follow

CHOOSE = "own.topics"
CHOSEN = "own.topics_chosen"


async def topic_parts(ctx: PersonContext, target: Target) -> list[Part]:
    """Return what is known of a member's topics, chosen and learnt, with the way to choose."""
    say = ctx.say
    likes = await _interests(ctx)
    standing = [topic for topic in await topics_so_far(ctx) if not topic.is_retired]
    names = {topic.id: topic_name(topic, say) for topic in standing}

    def listed(topics: frozenset[int]) -> str:
        return say.listing(sorted((names[topic] for topic in topics if topic in names), key=str.casefold))

    parts: list[Part] = [
        Words(
            say("You follow {topics}.", topics=listed(likes.follows))
            if likes.follows
            else say("You follow no topics yet. What is on those you choose comes first in your digest.")
        )
    ]
    if likes.shown:
        parts.append(Words(say("By what you have read, you seem to like {topics}.", topics=listed(likes.shown))))
    if likes.waved_aside:
        told = say(
            "Lately you have called something about {topics} not relevant to you.", topics=listed(likes.waved_aside)
        )
        parts.append(Words(told))
    if likes.shown or likes.waved_aside:
        parts.append(
            Words(
                say(
                    "That is learnt from which announcements you read, answer and call not relevant, never from what"
                    " anybody writes. It fades to half in 45 days, is shown to nobody but you, and is deleted when"
                    " you press “Do not count me”."
                ),
                Tone.QUIET,
            )
        )
    parts.append(Buttons((Button(say("Choose topics"), CHOOSE, target, opens_form=True),)))
    return parts


async def topics_form(ctx: PersonContext, event: Event) -> Form:
    """Return the form in which a member chooses what to follow.

    Raises Refused under somebody else's button.
    """
    if event.target is None or event.target.row != ctx.member_id:
        raise Refused(text("This is somebody else's, so its buttons do nothing here."))
    say = ctx.say
    likes = await _interests(ctx)
    means = say(
        "What is on a topic that you follow comes first in your digest, and a tip may point you to it. Nobody is told"
        " what you follow."
    )
    field = ChoicesField("topics", say("Topics"), topic_options(await topics_here(ctx), say), as_value(likes.follows))
    return Form(CHOSEN, event.target, say("Topics you follow"), (Words(means), field), say("Save"), say("Cancel"))


async def keep_choice(ctx: PersonContext, event: Event) -> str:
    """Let a member follow what they have chosen, and return what is said to that.

    Raises Refused as `topics_form` does, and BadInput for what is not offered.
    """
    form = await topics_form(ctx, event)
    chosen = chosen_topics(read(form, event.values)["topics"])
    await follow(ctx.session, ctx.workspace_id, ctx.member_id, chosen)
    names = [topic_name(topic, ctx.say) for topic in await topics_here(ctx) if topic.id in chosen]
    if not names:
        return ctx.say("You follow no topics now.")
    return ctx.say("You follow {topics}.", topics=ctx.say.listing(names))


async def _interests(ctx: PersonContext) -> Interests:
    return (await interests(ctx, [ctx.member_id], ctx.now.date()))[ctx.member_id]
