"""`/decisions`: the decision log, listed and searched, with what may be done to each by whom it is theirs."""

from bot.announcements.choices import make_it_the_decision
from bot.announcements.home_post import link_to_post
from bot.announcements.life import author_name, words_of
from bot.announcements.paging import LONGEST_LIST, Page, first_page, next_page, ways_on
from bot.announcements.relations import called
from bot.context import Handlers, PersonContext, known
from bot.decision_log.exporting import ways_to_export
from bot.decision_log.query import STATUSES, words_to_find
from bot.decisions.standing import standing_of
from bot.events import Event, Reply
from bot.messages import Buttons, Divider, Heading, Message, Part, Tone, Words
from bot.taking_part import as_command
from bot.topics.listing import topics_line
from storage.decision_log import Logged, decision_log, find_logged, replacement_of
from storage.tables import DecisionStatus

MORE = "decisions.more"


def handlers() -> Handlers:
    """Return what this module answers, by action name."""
    return {"decisions": as_command(decisions), MORE: more}


async def decisions(ctx: PersonContext, event: Event) -> Reply:
    """List, or search by the words that follow the command; nobody finds what is not for them."""
    return await _list(ctx, first_page(event))


async def more(ctx: PersonContext, event: Event) -> Reply:
    """List what comes after what was shown."""
    return await _list(ctx, await next_page(ctx, event))


async def _list(ctx: PersonContext, page: Page) -> Reply:
    words = page.words
    found = words_to_find(words, ctx.say)
    logged = await decision_log(ctx.session, ctx.workspace_id, ctx.member, found, limit=page.end + 1)
    logged = logged[page.before :]
    heading = ctx.say("Decisions with “{words}”", words=words) if words else ctx.say("Decisions")
    parts: list[Part] = [Heading(heading)]
    if not logged:
        nothing = (
            ctx.say("No decision here has these words. {/decisions} alone lists them all.")
            if words
            else ctx.say("Nothing has been decided here yet.")
        )
        parts.append(Words(ctx.say("That was all.") if page.before else nothing))
    for one in logged[:LONGEST_LIST]:
        parts.extend([*await entry_parts(ctx, one), Divider()])
    if len(logged) > LONGEST_LIST:
        parts.extend(await ways_on(ctx, MORE, page))
    if logged:
        parts.append(ways_to_export(ctx))
    return Reply(whisper=Message(heading, tuple(parts)))


async def entry_parts(ctx: PersonContext, one: Logged) -> list[Part]:
    """Return one decision's place in the list: its title, where it stands, and the ways to it and on from it."""
    announcement = one.announcement
    standing = await standing_of(ctx, announcement)
    line = ctx.say(
        "{status}. {outcome}. {author}, {day}",
        status=STATUSES[one.status],
        outcome="" if standing is None else standing.line,
        author=await author_name(ctx, announcement),
        day=ctx.say.day_of(announcement.published_at or announcement.created_at),
    )
    parts: list[Part] = [
        Words((await words_of(ctx, announcement)).title, Tone.STRONG),
        Words(line, Tone.QUIET),
        *await topics_line(ctx, announcement),
        *await link_to_post(ctx, known(announcement.id), ctx.say("Open the post")),
    ]
    if one.status is DecisionStatus.REPLACED:
        parts.extend(await _replacement(ctx, one))
    if one.status is DecisionStatus.PROPOSED and announcement.author_id == ctx.member_id:
        parts.append(Buttons((make_it_the_decision(announcement, ctx.say),)))
    return parts


async def _replacement(ctx: PersonContext, one: Logged) -> list[Part]:
    newer = await replacement_of(ctx.session, ctx.workspace_id, known(one.decision.id))
    if newer is None or await find_logged(ctx.session, ctx.workspace_id, ctx.member, known(newer.id)) is None:
        return []
    told = Words(ctx.say("Replaced by: {title}", title=await called(ctx, newer)), Tone.QUIET)
    return [told, *await link_to_post(ctx, known(newer.id), ctx.say("See what replaces it"))]
