"""replies to copies, which wait for their writers' choice."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("is_reply", "is_waiting"):
        op.add_column("question", sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("question", sa.Column("in_thread", sa.Boolean(), nullable=False, server_default=sa.true()))
