"""The register's part on people: who they are, where they are, and how the platforms lead to them."""

from collections.abc import Mapping

from storage.personal.forms import Erased, Kept, Named, Person, Written

_STAYS = "as long as the person is in the organisation, and after that until they are erased"

PEOPLE: Mapping[str, Kept] = {
    "member": Kept(
        "A person: what the platform and the organisation say of them, and what they have asked for.",
        _STAYS,
        {"id": Person(Erased.GONE), "external_id": Named()},
        ("name", "email", "state", "locale", "zone", "country", "region", "working_days", "calendar_set_by_self"),
        keys={
            "id": "your number here",
            "external_id": "what the platform calls you",
            "name": "your name",
            "email": "your e-mail address",
            "state": "stub (not asked about yet), listed (only in the organisation's own list), active or left",
            "is_bot": "whether you are a bot",
            "locale": "your language",
            "zone": "your time zone",
            "country": "your country, for public holidays",
            "region": "your region, for public holidays",
            "working_days": "your working days, 1 is Monday",
            "work_start": "when your day begins, in minutes after midnight",
            "work_end": "when your day ends, in minutes after midnight",
            "home_team_id": "your home team",
            "is_communications_lead": "whether you are a communications lead",
            "is_coach": "whether you are a coach",
            "in_management_group": "whether you are in the management group",
            "joined_on": "your first working day",
            "left_on": "the day you left",
            "leave_from": "the first day of your leave",
            "leave_to": "the last day of your leave",
            "calendar_set_by_self": "which parts of your calendar you have set yourself",
            "zone_set_at": "when your time zone was set by you or the organisation, in UTC",
            "created_at": "when Samlas first heard of you, in UTC",
            "paused_until": "until when you have paused",
            "reading_along_until": "until when you read along",
            "not_counted": "whether you have asked not to be counted",
            "nudges_off": "whether you have asked for no nudges",
            "nudges_snoozed_until": "until when you said not now",
            "lead_not_involved": "whether your lead is not to be involved",
            "told_at": "when the notice about counting reached you, in UTC",
            "unnamed_lead_at": "when you were taken off the communications leads, in UTC",
            "reflex_at": "when you were last offered to make a message an announcement, in UTC",
        },
    ),
    "closed_way": Kept(
        "That no direct message gets through to somebody, and why.",
        "until a message arrives, or the platform tells that the way is open again",
        {"member_id": Person(Erased.GONE)},
        ("why",),
        keys={
            "member_id": "you, to whom nothing gets through",
            "why": "blocked (you blocked Samlas) or unreachable",
            "since": "since when, in UTC",
        },
    ),
    "away": Kept(
        "Days of a leave or a pause that are over: silence on them says nothing. Never a reason.",
        _STAYS,
        {"member_id": Person(Erased.GONE)},
        keys={
            "member_id": "you, who were away",
            "first_day": "the first day",
            "last_day": "the last day",
        },
    ),
    "workspace": Kept(
        "The organisation with its settings, and who changed them last.",
        "as long as Samlas is installed",
        {"settings_changed_by": Person(Erased.EMPTIED), "settings": Written()},
        ("platform", "external_id", "name"),
        keys={
            "settings_changed_at": "when its settings were last changed, in UTC",
            "settings_changed_by": "you, who changed them last",
        },
        besides="the settings are the organisation's, and say nothing about who changed them",
    ),
    "home_team": Kept(
        "A home team and its lead.",
        "for good",
        {"lead_id": Person(Erased.EMPTIED)},
        ("name", "channel_id"),
        keys={
            "id": "the team's number",
            "name": "its name",
            "lead_id": "you, who lead it",
            "channel_id": "the number of its channel",
            "ended_at": "when the team ended, in UTC",
        },
    ),
    "channel": Kept(
        "A channel; in the local web chat also a conversation that two people have with the bot.",
        "for good",
        {"name": Written(), "purpose": Written()},
        ("external_id", "installation_id"),
    ),
    "channel_member": Kept(
        "Who is in which channel, as the platform says.",
        "until the platform says otherwise",
        {"member_id": Person(Erased.GONE)},
        keys={"channel_id": "the channel", "member_id": "you, who are in it"},
    ),
    "people_group": Kept("A group that the platform keeps.", "for good", nobody=("external_id", "name")),
    "group_member": Kept(
        "Who is in which group, as the platform says.",
        "until the platform says otherwise",
        {"member_id": Person(Erased.GONE)},
        keys={"group_id": "the group", "member_id": "you, who are in it"},
    ),
    "conversation_reference": Kept(
        "How the bot reaches a person on Teams.",
        _STAYS,
        {"who": Named(), "reference": Written()},
        keys={
            "who": "whom it leads to",
            "reference": "what the platform needs to reach you",
            "changed_at": "since when, in UTC",
        },
    ),
    "directory": Kept(
        "When people and places are asked for again.", "as long as Samlas is installed", nobody=("outsider_key",)
    ),
    "directory_part": Kept(
        "A person or place to ask the platform about again, because it said that something changed.",
        "until it has been asked, mostly minutes",
        {"part": Named()},
        ("place",),
        keys={
            "place": "the installation",
            "part": "what is asked about",
            "due_at": "when, in UTC",
        },
    ),
    "outsider": Kept(
        "People of other organisations, as keyed hashes: enough not to count them, too little to know them.",
        "as long as Samlas is installed",
        nobody=("digest",),
    ),
    "installation": Kept(
        "Where Samlas is installed, with its encrypted token.",
        "as long as it is installed",
        {"details": Written()},
        ("external_id", "secret"),
    ),
    "installing_state": Kept("An installation under way in a browser.", "an hour at most", nobody=("digest",)),
    "program_floor": Kept("Which version may run on this database.", "for good", nobody=("oldest_program",)),
    "kept_wish": Kept(
        "*Do not count me* and *Do not contact me* of people who were erased, as keyed hashes.",
        "until they are heard of again and choose otherwise",
        nobody=("digest",),
    ),
    "wish_key": Kept("The random key of those hashes.", "for good", nobody=("key",)),
}
