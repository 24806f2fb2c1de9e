"""What is kept about a member, in words: the last part of `/samlas me`."""

from collections.abc import Sequence

from bot.calendars import WEEKDAYS
from bot.context import PersonContext
from bot.messages import Field, Fields, Part, Tone, Words
from bot.organisation.settings_form import LANGUAGE_NAMES, as_time
from bot.texts import language_of
from nudges.comparing.words import told_to_member
from storage.comparing import compared_among
from storage.people import get_home_team


async def kept_in_words(ctx: PersonContext) -> Sequence[Part]:
    """Say what is known of the member, and for how long what is counted; what is not known is left out."""
    member, say = ctx.member, ctx.say
    team = None
    if member.home_team_id is not None:
        team = await get_home_team(ctx.session, ctx.workspace_id, member.home_team_id)
    hours = None
    if member.work_start is not None and member.work_end is not None:
        hours = say("{start} to {end}", start=as_time(member.work_start), end=as_time(member.work_end))
    days = None
    if member.working_days:
        days = say.listing([say.say(WEEKDAYS[int(day)]) for day in sorted(set(member.working_days))])
    leave = None
    if member.leave_from is not None and member.leave_to is not None:
        leave = say("{first} to {last}", first=member.leave_from, last=member.leave_to)
    roles = [
        word
        for holds, word in (
            (member.is_communications_lead, say("communications lead")),
            (member.in_management_group, say("management group")),
            (member.is_coach, say("coach")),
        )
        if holds
    ]
    lines = {
        say("Name"): member.name,
        say("E-mail"): member.email,
        say("Language"): None if member.locale is None else say.say(LANGUAGE_NAMES[language_of(member.locale)]),
        say("Time zone"): member.zone,
        say("Home team"): None if team is None else team.name,
        say("Part in Samlas"): say.listing(roles) if roles else None,
        say("First working day"): None if member.joined_on is None else say.day(member.joined_on),
        say("Working days"): days,
        say("Working hours"): hours,
        say("Leave"): leave,
    }
    compared = (await compared_among(ctx.session, ctx.workspace_id, [ctx.member_id])).get(ctx.member_id)
    told = [] if compared is None else [told_to_member(compared.due_on, say, is_without=compared.is_without)]
    known = tuple(Field(label, value) for label, value in lines.items() if value)
    return [
        Words(say("What is kept about you:")),
        *([Fields(known)] if known else []),
        *(Words(sentence) for sentence in told),
        Words(
            say(
                "And your counts by day for {days} days, then only in sums without you; which announcements were for"
                " you and whether you gave a sign of having read them; what you wrote in Samlas' forms; and what Samlas"
                " has sent you. Export my data gives you every row.",
                days=ctx.settings.counts_kept_days,
            ),
            Tone.QUIET,
        ),
    ]
