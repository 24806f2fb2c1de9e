"""The register's part about topics: what there are, and who follows or seems to like which."""

from collections.abc import Mapping

from storage.personal.forms import Erased, Kept, Person, Written

TOPICS: Mapping[str, Kept] = {
    "topic": Kept("A topic that announcements can be about.", "for good", nobody=("name_sv", "name_en", "folded")),
    "announcement_topic": Kept("What an announcement is about.", "as long as the announcement"),
    "search": Kept(
        "What somebody has searched for, where more was found than could be shown at once.",
        "a day",
        {"member_id": Person(Erased.GONE), "words": Written()},
        keys={
            "id": "the search's number",
            "member_id": "you, who searched",
            "words": "for what",
            "searched_at": "when, in UTC",
        },
    ),
    "followed_topic": Kept(
        "Which topics somebody has chosen to follow.",
        "until they choose otherwise or are erased",
        {"member_id": Person(Erased.GONE)},
        keys={"topic_id": "the topic's number", "member_id": "you, who follow it"},
    ),
    "learnt_topic": Kept(
        "Which topics somebody seems to like, by what they read and called not relevant; never by what they wrote.",
        "180 days after it was last learnt, or until they ask not to be counted",
        {"member_id": Person(Erased.GONE)},
        keys={
            "topic_id": "the topic's number",
            "member_id": "you, who seem to like it",
            "score": "how much; it fades to half in 45 days",
            "as_of": "as of which day",
        },
    ),
}
