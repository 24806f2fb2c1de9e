"""The register's part about team leads: the cards that they are sent, and whom these name."""

from collections.abc import Mapping

from storage.personal.forms import Erased, Kept, Person

LEADING: Mapping[str, Kept] = {
    "lead_card": Kept(
        "A private card to a team lead, with colleagues who may welcome an invitation.",
        "30 weeks",
        {"lead_id": Person(Erased.GONE)},
        ("state",),
        keys={
            "id": "the card's number",
            "lead_id": "you, who lead a team",
            "week": "the Monday of its week",
            "state": "planned, sent or given_back (never arrived)",
            "planned_at": "when it was planned, in UTC",
            "due_at": "when it was to go, in UTC",
            "snoozed_until": "until when you wanted no more of these",
        },
    ),
    "lead_name": Kept(
        "That a card names a colleague, and whether the lead means to do something.",
        "as long as the card",
        {"member_id": Person(Erased.GONE)},
        ("reason", "answer"),
        keys={
            "id": "the number of this line",
            "card_id": "the card's number",
            "member_id": "you, who are named",
            "reason": "why it came to that; your lead does not see it",
            "local_date": "the day, where you are",
            "answer": "will or coach, where your lead has pressed that",
            "answered_at": "when they did, in UTC",
            "snoozed_until": "until when you are not named",
        },
    ),
}
