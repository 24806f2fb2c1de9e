"""What a list of people changes, in sentences: a reorganisation as a difference, before or after it happens. Pure."""

from collections.abc import Sequence

from bot.people.comparing import MOST_NAMES, Difference, Names
from bot.texts import Voice

# As many teams are told of one by one; the rest are counted.
MOST_TEAMS = 20


def in_sentences(difference: Difference, say: Voice) -> list[str]:
    """Return what changes, one sentence a line; the first says how many people the list has."""
    told = [say.many("The list has {count} person.", "The list has {count} people.", difference.people)]
    if difference.new:
        told.append(
            say.many(
                "{count} is new here, and listed until the chat has seen them.",
                "{count} are new here, and listed until the chat has seen them.",
                difference.new,
            )
        )
    moves = sorted(difference.moves.items(), key=lambda move: -move[1].count)
    told += [
        say.many(
            "{count} person moves to {team}: {names}.",
            "{count} people move to {team}: {names}.",
            who.count,
            team=team,
            names=_named(who, say),
        )
        for team, who in moves[:MOST_TEAMS]
    ]
    if moves[MOST_TEAMS:]:
        told.append(
            say.many(
                "{count} person moves to other teams.",
                "{count} people move to other teams.",
                sum(who.count for _, who in moves[MOST_TEAMS:]),
            )
        )
    if difference.without_team.count:
        told.append(
            say.many(
                "{count} person is in no team any more: {names}.",
                "{count} people are in no team any more: {names}.",
                difference.without_team.count,
                names=_named(difference.without_team, say),
            )
        )
    told += _teams(difference, say)
    told += _leads(difference, say)
    told += _roles(difference, say)
    if difference.calendars:
        told.append(
            say.many(
                "The calendar of {count} person changes.",
                "The calendars of {count} people change.",
                difference.calendars,
            )
        )
    if difference.kept_own:
        told.append(
            say.many(
                "{count} person has set something of their calendar themselves that the list has otherwise; it stays.",
                "{count} people have set something of their calendars themselves that the list has otherwise; it"
                " stays.",
                difference.kept_own,
            )
        )
    if difference.no_longer_listed.count:
        told.append(
            say(
                "No longer listed, since the list is everybody: {names}.",
                names=_named(difference.no_longer_listed, say),
            )
        )
    if difference.unchanged:
        told.append(
            say.many("{count} person stays as they are.", "{count} people stay as they are.", difference.unchanged)
        )
    return told


def _teams(difference: Difference, say: Voice) -> list[str]:
    told = []
    if difference.begins:
        names = _listing(difference.begins, len(difference.begins), say)
        told.append(
            say.many(
                "{count} team begins: {names}.", "{count} teams begin: {names}.", len(difference.begins), names=names
            )
        )
    told += [
        say("{team} and {other} are called nearly the same. Are they two teams?", team=team, other=other)
        for team, other in list(difference.alike.items())[:MOST_TEAMS]
    ]
    if difference.ends:
        names = _listing(difference.ends, len(difference.ends), say)
        told.append(
            say.many("{count} team ends: {names}.", "{count} teams end: {names}.", len(difference.ends), names=names)
        )
    return told


def _leads(difference: Difference, say: Voice) -> list[str]:
    told = []
    for team, (before, after) in list(difference.leads.items())[:MOST_TEAMS]:
        if before and after:
            told.append(say("{name} leads {team} in place of {before}.", name=after, team=team, before=before))
        elif after:
            told.append(say("{name} leads {team}.", name=after, team=team))
        else:
            told.append(say("{name} no longer leads {team}.", name=before, team=team))
    more = len(difference.leads) - MOST_TEAMS
    if more > 0:
        told.append(say.many("{count} more team has another lead.", "{count} more teams have other leads.", more))
    return told


def _roles(difference: Difference, say: Voice) -> list[str]:
    told = []
    if difference.coaches.count:
        told.append(say("Coaches now: {names}.", names=_named(difference.coaches, say)))
    if difference.no_coaches.count:
        told.append(say("Coaches no more: {names}.", names=_named(difference.no_coaches, say)))
    if difference.management.count:
        told.append(say("In the management group now: {names}.", names=_named(difference.management, say)))
    if difference.no_management.count:
        told.append(say("In the management group no more: {names}.", names=_named(difference.no_management, say)))
    return told


def _named(names: Names, say: Voice) -> str:
    return _listing(names.first, names.count, say)


def _listing(first: Sequence[str], count: int, say: Voice) -> str:
    shown = list(first[:MOST_NAMES])
    if count > len(shown):
        shown.append(say.many("{count} more", "{count} more", count - len(shown)))
    return say.listing(shown)
