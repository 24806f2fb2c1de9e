"""reach before publishing."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "closed_way",
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("why IN ('blocked', 'unreachable')", name=op.f("ck_closed_way_why_known")),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_closed_way_member_id_member"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_closed_way_workspace_id_workspace"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_closed_way")),
    )
    with op.batch_alter_table("closed_way", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_closed_way_workspace_id"), ["workspace_id"], unique=False)

    with op.batch_alter_table("announcement", schema=None) as batch_op:
        batch_op.add_column(sa.Column("home_gone_at", sa.DateTime(timezone=True), nullable=True))

    with op.batch_alter_table("channel", schema=None) as batch_op:
        batch_op.add_column(sa.Column("outsiders", sa.Integer(), nullable=False, server_default="0"))
        batch_op.create_check_constraint(batch_op.f("ck_channel_outsiders_counted"), "outsiders >= 0")


def downgrade() -> None:
    with op.batch_alter_table("channel", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_channel_outsiders_counted"), type_="check")
        batch_op.drop_column("outsiders")

    with op.batch_alter_table("announcement", schema=None) as batch_op:
        batch_op.drop_column("home_gone_at")

    with op.batch_alter_table("closed_way", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_closed_way_workspace_id"))

    op.drop_table("closed_way")
