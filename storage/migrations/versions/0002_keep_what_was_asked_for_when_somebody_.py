"""keep what was asked for when somebody is erased."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "wish_key",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wish_key")),
    )
    op.create_table(
        "counts_swept",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("kept_from", sa.Integer(), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("batches", sa.Integer(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_counts_swept_workspace_id_workspace"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("workspace_id", name=op.f("pk_counts_swept")),
    )
    op.create_table(
        "kept_wish",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("not_counted", sa.Boolean(), nullable=False),
        sa.Column("nudges_off", sa.Boolean(), nullable=False),
        sa.CheckConstraint("not_counted OR nudges_off", name=op.f("ck_kept_wish_asks_for_something")),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_kept_wish_workspace_id_workspace"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("workspace_id", "digest", name=op.f("pk_kept_wish")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "monthly_participation",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Integer(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.CheckConstraint("count > 0", name=op.f("ck_monthly_participation_count_positive")),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspace.id"],
            name=op.f("fk_monthly_participation_workspace_id_workspace"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("workspace_id", "month", "kind", name=op.f("pk_monthly_participation")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "former_recipients",
        sa.Column("announcement_id", sa.Integer(), nullable=False),
        sa.Column("has_read", sa.Boolean(), nullable=False),
        sa.Column("delivery", sa.String(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "delivery IN ('by_post', 'waiting', 'sent', 'failed', 'blocked', 'unreachable', 'unknown')",
            name=op.f("ck_former_recipients_delivery_known"),
        ),
        sa.CheckConstraint("count > 0", name=op.f("ck_former_recipients_count_positive")),
        sa.ForeignKeyConstraint(
            ["announcement_id"],
            ["announcement.id"],
            name=op.f("fk_former_recipients_announcement_id_announcement"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspace.id"],
            name=op.f("fk_former_recipients_workspace_id_workspace"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("announcement_id", "has_read", "delivery", name=op.f("pk_former_recipients")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("former_recipients", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_former_recipients_workspace_id"), ["workspace_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("former_recipients", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_former_recipients_workspace_id"))

    op.drop_table("former_recipients")
    op.drop_table("monthly_participation")
    op.drop_table("kept_wish")
    op.drop_table("counts_swept")
    op.drop_table("wish_key")
