"""The register's part on taking part: counts, nudges, who looked; and the local chat, which plays a platform."""

from collections.abc import Mapping

from storage.personal.forms import Cleared, Erased, Kept, Named, Person, Position, Written

TAKING_PART: Mapping[str, Kept] = {
    "participation": Kept(
        "How often a member took part, by UTC day and kind.",
        "180 days by default, then summed to months without the member",
        {"member_id": Person(Erased.GONE)},
        keys={
            "member_id": "you, who took part",
            "day": "the day, in UTC",
            "kind": "message, thread_reply, reaction, read, question, command or home",
            "count": "how often",
        },
    ),
    "last_sign": Kept(
        "The first and the last day with any sign of a member.",
        "as long as the member is counted",
        {"member_id": Person(Erased.GONE)},
        keys={
            "member_id": "you, who gave the sign",
            "first_day": "the first day, in UTC",
            "last_day": "the last day, in UTC",
        },
    ),
    "channel_participation": Kept("How lively a channel is, by day and kind; nobody in it.", "for good"),
    "direct_participation": Kept("What happened outside all channels, by day and kind; nobody in it.", "for good"),
    "monthly_participation": Kept("Sums of months whose days are gone; nobody in it.", "for good"),
    "counts_swept": Kept("How the summing up went; nobody in it.", "as long as Samlas is installed"),
    "counted_day": Kept("Which days of a channel have been counted.", "for good"),
    "happened": Kept(
        "The identity of each thing that happened, so that it counts once; the platform's id of a person may be in it.",
        "two days",
        {"identity": Named()},
        keys={"identity": "what happened, as the platform names it", "day": "the day, in UTC"},
    ),
    "contact": Kept(
        "One unasked-for message to a member, and what they answered.",
        "for good",
        {"member_id": Person(Erased.GONE)},
        ("state", "answer"),
        keys={
            "id": "the message's number",
            "member_id": "you, to whom it went",
            "local_date": "the day, where you are",
            "state": "planned, sent, refused or given_back (never arrived)",
            "planned_at": "when it was planned, in UTC",
            "answer": "helped, not_now or stop",
            "answered_at": "when you answered, in UTC",
        },
    ),
    "contact_item": Kept(
        "What such a message says, and why.",
        "as long as the message",
        {},
        ("kind", "subject_id", "reason"),
        part_of="contact_id",
        keys={
            "id": "the item's number",
            "contact_id": "the message's number",
            "kind": "what kind of thing was said",
            "subject_id": "the number of what it is about",
            "reason": "why you were told",
            "rank": "how important; lower is said first",
        },
    ),
    "round": Kept("The weekly round: how far it has come.", "for good", {"cursor": Position()}),
    "errand": Kept(
        "Going through many people once: how far it has come.",
        "for good",
        {"cursor": Position()},
        ("name", "subject_id"),
    ),
    "look": Kept(
        "Who looked at data about whom, and what they looked at.",
        "for good",
        {"about_member_id": Person(Erased.GONE), "by_member_id": Person(Erased.FORMER)},
        ("what",),
        keys={
            "id": "the line's number",
            "about_member_id": "whose data was looked at",
            "by_member_id": "who looked; nobody: by the command line",
            "what": "what was looked at",
            "at": "when, in UTC",
        },
    ),
    "local_message": Kept(
        "A message in the local web chat, which plays the platform and so keeps what is written.",
        "for good",
        {
            "author_id": Person(Erased.FORMER),
            "direct_with": Person(Erased.GONE),
            "only_for": Person(Erased.GONE),
            "text": Written(),
            "content": Written(),
            "delivery_id": Cleared(),
        },
        keys={
            "id": "the message's number",
            "channel_id": "the channel it stands in",
            "direct_with": "you, in your conversation with the bot",
            "thread_of": "the number of the message it answers",
            "author_id": "you, who wrote it; nobody: the bot",
            "only_for": "you, who alone see it",
            "text": "what you wrote",
            "content": "what the bot said",
            "delivery_id": "what keeps it from being there twice",
            "written_at": "when, in UTC",
            "edited_at": "when it was edited, in UTC",
        },
    ),
    "local_reaction": Kept(
        "A reaction in the local web chat.",
        "for good",
        {"member_id": Person(Erased.GONE)},
        ("emoji",),
        keys={"message_id": "the message's number", "member_id": "you, who reacted", "emoji": "with what"},
    ),
    "local_seen": Kept(
        "How far somebody has looked in the local web chat.",
        "for good",
        {"member_id": Person(Erased.GONE)},
        ("place", "last_message_id"),
        keys={
            "member_id": "you, who looked",
            "place": "the conversation",
            "last_message_id": "the number of the last message you saw",
        },
    ),
    "product_clock": Kept("How far the local chat's clock was moved.", "for good"),
}
