"""What has happened in one life, counted: so that it is seen that what matters really does happen."""

from collections import Counter

from tests.bot.whole.company import Company
from tests.bot.whole.platform import TAKEN

# Each by the rows that tell of it.
_COUNTS = {
    "announcements published": "SELECT count(*) FROM announcement_step WHERE to_state = 'publishing'",
    "published at their time": (
        "SELECT count(*) FROM announcement_step WHERE from_state = 'scheduled' AND to_state = 'publishing'"
        " AND by_member_id IS NULL"
    ),
    "edited": "SELECT count(*) FROM announcement WHERE edited_at IS NOT NULL",
    "withdrawn": "SELECT count(*) FROM announcement WHERE state = 'withdrawn'",
    "cancelled": "SELECT count(*) FROM announcement WHERE state = 'cancelled'",
    "on behalf of somebody, approved": "SELECT count(*) FROM behalf_request WHERE state = 'approved'",
    "decisions published": (
        "SELECT count(*) FROM decision JOIN announcement ON announcement.id = announcement_id WHERE outcome IS NOT NULL"
        " AND published_at IS NOT NULL"
    ),
    "decisions anchored by the group": "SELECT count(*) FROM decision WHERE outcome = 'by_group'",
    "decisions published anyway": "SELECT count(*) FROM announcement WHERE why_open <> ''",
    "proposals": "SELECT count(*) FROM announcement WHERE is_proposal AND published_at IS NOT NULL",
    "questions to the group": "SELECT count(*) FROM anchoring_request",
    "questions that lapsed": "SELECT count(*) FROM anchoring_request WHERE state = 'lapsed'",
    "questions asked again": (
        "SELECT count(*) FROM anchoring_request AS again WHERE EXISTS (SELECT 1 FROM anchoring_request AS before"
        " JOIN anchoring_answer ON request_id = before.id WHERE before.announcement_id = again.announcement_id"
        " AND before.id < again.id AND answer = 'anchored')"
    ),
    "anchored over a concern": (
        "SELECT count(*) FROM anchoring_request WHERE rule <> 'all' AND state = 'met' AND EXISTS"
        " (SELECT 1 FROM anchoring_answer WHERE request_id = anchoring_request.id AND answer = 'concern')"
    ),
    "not anchored for one concern": (
        "SELECT count(*) FROM anchoring_request WHERE EXISTS (SELECT 1 FROM anchoring_answer WHERE request_id ="
        " anchoring_request.id AND answer = 'concern') AND rule = 'all' AND NOT EXISTS (SELECT 1 FROM anchoring_answer"
        " WHERE request_id = anchoring_request.id AND coalesce(answer, '') NOT IN ('anchored', 'concern'))"
    ),
    "concerns": "SELECT count(*) FROM anchoring_answer WHERE answer = 'concern'",
    "meetings wanted": "SELECT count(*) FROM anchoring_answer WHERE answer = 'meeting'",
    "published themselves": (
        "SELECT count(*) FROM announcement_step WHERE from_state = 'draft' AND by_member_id IS NULL"
    ),
    "signs of reading": "SELECT count(*) FROM recipient WHERE read_at IS NOT NULL",
    "reminders": (
        "SELECT count(*) FROM contact_item JOIN contact ON contact.id = contact_id WHERE kind = 'reminder'"
        " AND state = 'sent'"
    ),
    "digests": (
        "SELECT count(*) FROM contact_item JOIN contact ON contact.id = contact_id WHERE kind = 'digest'"
        " AND state = 'sent'"
    ),
    "recipients blocked": "SELECT count(*) FROM recipient WHERE delivery = 'blocked'",
    "recipients failed": "SELECT count(*) FROM recipient WHERE delivery = 'failed'",
    "recipients left": (
        "SELECT count(*) FROM recipient JOIN member ON member.id = member_id WHERE state = 'left' AND read_at IS NULL"
    ),
    "recipients erased": "SELECT coalesce(sum(count), 0) FROM former_recipients",
}

# What a whole run is about: each of these happens in one of its lives at least.
MATTERS = (
    *(name for name in _COUNTS if name != "recipients failed"),
    "a press taken back",
    "an hour back",
    "an hour forth",
    "put back before what had gone out at its time",
    "down for weeks",
    "killed before a commit",
    "killed after a commit",
    TAKEN,
    "rate limited",
    "taken, the answer lost",
    "people who left",
    "people who came back",
    "recipients who came back",
)


def happened(company: Company) -> Counter[str]:
    """Return how often each thing has happened in a company's life."""
    seen = Counter(lives=1, restarts=company.restarts)
    for name, query in _COUNTS.items():
        [row] = company.records.rows(query)
        [seen[name]] = row.values()
    twice = [deliveries for deliveries in company.gateway.told.values() if len(deliveries) > 1]
    seen["told twice, since nobody could tell"] = len(twice)
    seen["people who left"] = len(company.have_been_away)
    back = company.have_been_away & company.here
    seen["people who came back"] = len(back)
    received = company.records.rows("SELECT external_id FROM recipient JOIN member ON member.id = member_id")
    seen["recipients who came back"] = sum(row["external_id"] in back for row in received)
    return seen + company.fuse.kills + company.gateway.met + company.seen
