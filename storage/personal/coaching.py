"""The register's part about coaching: who offers it, who has asked for it, and the talks that come of it."""

from collections.abc import Mapping

from storage.personal.forms import Confided, Erased, Kept, Person, Written
from storage.tables import TalkState

COACHING: Mapping[str, Kept] = {
    "coach": Kept(
        "What a coach has offered.",
        "until they step down or are erased",
        {"member_id": Person(Erased.GONE), "about": Written()},
        ("languages",),
        keys={
            "member_id": "you, who are a coach",
            "a_week": "with how many colleagues you talk in a week at most",
            "languages": "in which languages",
            "about": "what you gladly talk about, in your words",
            "paused_until": "until when you have paused as a coach",
            "since": "since when you are one, in UTC",
        },
    ),
    "coaching_request": Kept(
        "That somebody would like to talk with a coach, and what about.",
        "as long as the person is in the organisation, and after that until they are erased",
        {"member_id": Person(Erased.GONE), "about": Written()},
        ("language", "state"),
        keys={
            "id": "the request's number",
            "member_id": "you, who asked",
            "language": "in which language",
            "about": "what about, in your words; the coach reads it",
            "state": "where it is",
            "asked_at": "when you asked, in UTC",
        },
    ),
    "coaching_talk": Kept(
        "A talk between somebody and a coach, from being matched to afterwards.",
        "as long as the request",
        {"coach_id": Person(Erased.EMPTIED)},
        ("state", "chosen_time_id"),
        part_of="request_id",
        keys={
            "id": "the talk's number",
            "request_id": "the request's number",
            "coach_id": "the coach",
            "state": "where it is; that a coach said *not this time* only the coach reads",
            "matched_at": "when you were matched, in UTC",
            "chosen_time_id": "the number of the chosen time",
            "chosen_by_member": "whether whoever asked chose it, or else the coach",
            "member_answered": "whether you have said how it was, if you asked for it; not what you said",
            "coach_answered": "whether you have, if you are the coach",
            "version": "how often it has changed",
            "round": "how often times have been proposed",
        },
        confided={
            "state": Confided(to="coach_id", instead={TalkState.DECLINED: TalkState.GONE}),
            "member_answered": Confided(but="coach_id"),
            "coach_answered": Confided(to="coach_id"),
        },
    ),
    "coaching_time": Kept(
        "A time that was proposed for a talk.",
        "as long as the talk",
        part_of="talk_id",
        keys={
            "id": "the time's number",
            "talk_id": "the talk's number",
            "begins_at": "when it begins, in UTC",
            "round": "in which round it was proposed",
        },
    ),
    "coaching_sum": Kept(
        "How many said in a month that a talk took place or helped, and not who.",
        "for good",
        nobody=("answer",),
    ),
}
