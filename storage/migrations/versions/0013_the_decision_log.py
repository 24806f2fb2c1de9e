"""the decision log: what replaces what, reviews, withdrawn decisions, and the index to search in."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

STATUS = "ck_decision_status_known"
AUDIENCE = "ck_anchoring_request_audience_kind_known"
REPLACES = "fk_decision_replaces_id_decision"


def upgrade() -> None:
    with op.batch_alter_table("anchoring_request", schema=None) as batch_op:
        # A group can be an announcement's audience, and so what the management group is asked about.
        batch_op.drop_constraint(op.f(AUDIENCE), type_="check")
        batch_op.create_check_constraint(
            op.f(AUDIENCE), "audience_kind IN ('channel', 'home_team', 'group', 'everyone')"
        )
    with op.batch_alter_table("decision", schema=None) as batch_op:
        batch_op.add_column(sa.Column("replaces_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("review_asked_on", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("withdrawn_why", sa.String(), nullable=False, server_default=""))
        batch_op.create_index(batch_op.f("ix_decision_replaces_id"), ["replaces_id"], unique=False)
        batch_op.create_foreign_key(op.f(REPLACES), "decision", ["replaces_id"], ["id"], ondelete="SET NULL")
        batch_op.drop_constraint(op.f(STATUS), type_="check")
        batch_op.create_check_constraint(op.f(STATUS), "status IN ('proposed', 'decided', 'replaced', 'withdrawn')")
    # Letters with rings and dots are letters of their own, so they are not taken for others.
    op.execute("CREATE VIRTUAL TABLE decision_search USING fts5(words, tokenize = 'unicode61 remove_diacritics 0')")
    op.execute(
        "INSERT INTO decision_search (rowid, words)"
        " SELECT decision.id, group_concat(announcement_text.folded, char(10)) FROM decision"
        " JOIN announcement ON announcement.id = decision.announcement_id"
        " JOIN announcement_text ON announcement_text.announcement_id = announcement.id"
        " AND announcement_text.revision = announcement.revision"
        " WHERE decision.outcome IS NOT NULL GROUP BY decision.id"
    )


def downgrade() -> None:
    op.execute("DROP TABLE decision_search")
    op.execute("UPDATE decision SET status = 'decided' WHERE status NOT IN ('proposed', 'decided')")
    with op.batch_alter_table("decision", schema=None) as batch_op:
        batch_op.drop_constraint(op.f(REPLACES), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_decision_replaces_id"))
        batch_op.drop_column("withdrawn_why")
        batch_op.drop_column("review_asked_on")
        batch_op.drop_column("replaces_id")
        batch_op.drop_constraint(op.f(STATUS), type_="check")
        batch_op.create_check_constraint(op.f(STATUS), "status IN ('proposed', 'decided')")
    op.execute(
        "UPDATE anchoring_request SET audience_kind = 'everyone', audience_id = NULL WHERE audience_kind = 'group'"
    )
    with op.batch_alter_table("anchoring_request", schema=None) as batch_op:
        batch_op.drop_constraint(op.f(AUDIENCE), type_="check")
        batch_op.create_check_constraint(op.f(AUDIENCE), "audience_kind IN ('channel', 'home_team', 'everyone')")
