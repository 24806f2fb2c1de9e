"""anchoring requests remind, lapse and publish by themselves, and keep what was asked about."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

STATE = "ck_anchoring_request_state_known"
AUDIENCE = "ck_anchoring_request_audience_kind_known"


def upgrade() -> None:
    with op.batch_alter_table("anchoring_request", schema=None) as batch_op:
        # Requests of before were asked about what is not known any more: nothing, for everyone.
        batch_op.add_column(sa.Column("answers", sa.JSON(), nullable=False, server_default="{}"))
        batch_op.add_column(sa.Column("audience_kind", sa.String(), nullable=False, server_default="everyone"))
        batch_op.add_column(sa.Column("audience_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("publish_when_met", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("publishing_stopped", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_check_constraint(
            op.f(AUDIENCE), "audience_kind IN ('channel', 'home_team', 'group', 'everyone')"
        )
        batch_op.drop_constraint(op.f(STATE), type_="check")
        batch_op.create_check_constraint(op.f(STATE), "state IN ('open', 'met', 'lapsed')")


def downgrade() -> None:
    op.execute("UPDATE anchoring_request SET state = 'open' WHERE state = 'lapsed'")
    with op.batch_alter_table("anchoring_request", schema=None) as batch_op:
        batch_op.drop_constraint(op.f(AUDIENCE), type_="check")
        batch_op.drop_column("reminded_at")
        batch_op.drop_column("publishing_stopped")
        batch_op.drop_column("publish_when_met")
        batch_op.drop_column("audience_id")
        batch_op.drop_column("audience_kind")
        batch_op.drop_column("answers")
        batch_op.drop_constraint(op.f(STATE), type_="check")
        batch_op.create_check_constraint(op.f(STATE), "state IN ('open', 'met')")
