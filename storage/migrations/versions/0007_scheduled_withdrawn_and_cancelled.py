"""announcements that are scheduled, withdrawn or cancelled, and why."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

STATES = "('draft', 'scheduled', 'publishing', 'published', 'withdrawn', 'cancelled')"


def upgrade() -> None:
    with op.batch_alter_table("announcement", schema=None) as batch_op:
        batch_op.add_column(sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.drop_constraint(op.f("ck_announcement_state_known"), type_="check")
        batch_op.create_check_constraint(op.f("ck_announcement_state_known"), f"state IN {STATES}")
    with op.batch_alter_table("announcement_step", schema=None) as batch_op:
        batch_op.add_column(sa.Column("why", sa.String(), nullable=False, server_default=""))
        for state in ("from_state", "to_state"):
            constraint = op.f(f"ck_announcement_step_{state}_known")
            batch_op.drop_constraint(constraint, type_="check")
            batch_op.create_check_constraint(constraint, f"{state} IN {STATES}")
