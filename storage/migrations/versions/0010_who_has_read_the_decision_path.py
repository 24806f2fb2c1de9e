"""who has read the decision path."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "path_reader",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_path_reader_member_id_member"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_path_reader_workspace_id_workspace"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("workspace_id", "member_id", "version", name=op.f("pk_path_reader")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("path_reader", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_path_reader_member_id"), ["member_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_path_reader_workspace_id"), ["workspace_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("path_reader", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_path_reader_workspace_id"))
        batch_op.drop_index(batch_op.f("ix_path_reader_member_id"))

    op.drop_table("path_reader")
