"""The register's part about insights and the web pages: frozen membership, figures, links and sessions."""

from collections.abc import Mapping

from storage.personal.forms import Erased, Kept, Person

PAGES: Mapping[str, Kept] = {
    "frozen_quarter": Kept("That a quarter's membership was written down.", "for good"),
    "frozen_membership": Kept(
        "Who belonged to which home team in a quarter, for summing up its weeks.",
        "until all weeks of the quarter have been summed up",
        {"member_id": Person(Erased.GONE)},
        ("home_team_id",),
        keys={
            "quarter": "the quarter's first day",
            "member_id": "you",
            "home_team_id": "your home team then",
        },
    ),
    "week_figure": Kept(
        "How many of a group of 5 people or more took part in a week, rounded.",
        "for good",
        {},
        ("team_id", "bound", "spread"),
    ),
    "summed_week": Kept("That a week has been summed up.", "for good"),
    "reach_figure": Kept(
        "How many of an audience of 5 people or more had read an announcement after some days, rounded.",
        "for good",
        {},
        ("bound",),
    ),
    "nudge_figure": Kept("How many of 5 people or more gave a sign after a tip.", "for good"),
    "page_link": Kept(
        "A link into the web pages, which works once.",
        "for half a day after it has expired",
        {"member_id": Person(Erased.GONE)},
        ("goal", "secret", "digest"),
        keys={
            "id": "the link's number",
            "member_id": "you, who asked for it",
            "goal": "where it leads",
            "expires_at": "until when it works, in UTC",
            "used_at": "when it was used, in UTC",
        },
        besides="what the link carries, and the hash of it, are left out: they are a key to your pages, and say nothing"
        " about you",
    ),
    "page_session": Kept(
        "A browser that has come into the web pages.",
        "until half a day after it was last seen",
        {"member_id": Person(Erased.GONE)},
        ("digest",),
        keys={
            "id": "the session's number",
            "member_id": "you, whose browser it is",
            "seen_at": "when it was last seen, in UTC",
            "expires_at": "until when it lasts, in UTC",
        },
        besides="the hash of its cookie is left out: it is a lock of your pages, and says nothing about you",
    ),
}
