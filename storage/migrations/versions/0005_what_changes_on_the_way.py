"""what changes on the way, fan-outs of edits, and what may be swept."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("fan_out", schema=None) as batch_op:
        batch_op.add_column(sa.Column("operation", sa.String(), nullable=False, server_default="post"))
        batch_op.add_column(sa.Column("attempts", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("not_before", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("reason", sa.String(), nullable=False, server_default=""))
        batch_op.drop_constraint(batch_op.f("uq_fan_out_workspace_id_message_subject_id_revision"), type_="unique")
        batch_op.create_unique_constraint(
            batch_op.f("uq_fan_out_workspace_id_operation_message_subject_id_revision"),
            ["workspace_id", "operation", "message", "subject_id", "revision"],
        )
        batch_op.create_check_constraint(batch_op.f("ck_fan_out_operation_known"), "operation IN ('post', 'edit')")

    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.add_column(sa.Column("changed", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("is_record", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.create_index(
            "ix_outbox_swept",
            ["workspace_id", "settled_at"],
            unique=False,
            sqlite_where=sa.text("settled_at IS NOT NULL AND NOT is_record"),
            postgresql_where=sa.text("settled_at IS NOT NULL AND NOT is_record"),
        )

    # What has been said once and for all stays; what became of an announcement's copies stands with its recipients.
    op.execute(
        "UPDATE outbox SET is_record = true WHERE once IS NOT NULL AND NOT EXISTS (SELECT 1 FROM fan_out"
        " WHERE fan_out.workspace_id = outbox.workspace_id AND fan_out.message = outbox.message"
        " AND fan_out.subject_id = outbox.subject_id AND fan_out.announcement_id IS NOT NULL)"
    )
    # Edits that wait go before copies from now on.
    op.execute("UPDATE outbox SET priority = 15 WHERE state = 'queued' AND priority = 60")


def downgrade() -> None:
    # An edit of many has no place in the older table.
    op.execute("DELETE FROM fan_out WHERE operation = 'edit'")

    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_outbox_swept",
            sqlite_where=sa.text("settled_at IS NOT NULL AND NOT is_record"),
            postgresql_where=sa.text("settled_at IS NOT NULL AND NOT is_record"),
        )
        batch_op.drop_column("is_record")
        batch_op.drop_column("changed")

    with op.batch_alter_table("fan_out", schema=None) as batch_op:
        batch_op.drop_constraint(
            batch_op.f("uq_fan_out_workspace_id_operation_message_subject_id_revision"), type_="unique"
        )
        batch_op.drop_constraint(batch_op.f("ck_fan_out_operation_known"), type_="check")
        batch_op.create_unique_constraint(
            batch_op.f("uq_fan_out_workspace_id_message_subject_id_revision"),
            ["workspace_id", "message", "subject_id", "revision"],
        )
        batch_op.drop_column("reason")
        batch_op.drop_column("not_before")
        batch_op.drop_column("attempts")
        batch_op.drop_column("operation")
