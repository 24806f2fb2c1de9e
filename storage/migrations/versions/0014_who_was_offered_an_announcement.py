"""who was last offered to make a message to everybody an announcement."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("member", sa.Column("reflex_at", sa.DateTime(timezone=True), nullable=True))
