"""when everything was stopped."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("workspace", schema=None) as batch_op:
        batch_op.add_column(sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True))

    # The rounds are turned on with the notice: where they are off after it, they were stopped.
    op.execute(
        "UPDATE workspace SET stopped_at = notice_given_at WHERE notice_given_at IS NOT NULL AND rounds_on_at IS NULL"
    )


def downgrade() -> None:
    with op.batch_alter_table("workspace", schema=None) as batch_op:
        batch_op.drop_column("stopped_at")
