"""contacts, and what they say."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "contact",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("local_date", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.String(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('planned', 'sent', 'refused', 'given_back')", name=op.f("ck_contact_state_known")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_contact_member_id_member"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_contact_workspace_id_workspace"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact")),
    )
    with op.batch_alter_table("contact", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_contact_member_id"), ["member_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_contact_workspace_id"), ["workspace_id"], unique=False)
        batch_op.create_index(
            "uq_contact_paid",
            ["member_id", "local_date"],
            unique=True,
            sqlite_where=sa.text("state <> 'given_back'"),
            postgresql_where=sa.text("state <> 'given_back'"),
        )

    op.create_table(
        "contact_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name=op.f("fk_contact_item_contact_id_contact"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_contact_item_workspace_id_workspace"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_item")),
        sa.UniqueConstraint(
            "contact_id", "kind", "subject_id", name=op.f("uq_contact_item_contact_id_kind_subject_id")
        ),
    )
    with op.batch_alter_table("contact_item", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_contact_item_contact_id"), ["contact_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_contact_item_workspace_id"), ["workspace_id"], unique=False)

    with op.batch_alter_table("nudge", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_nudge_member_id"))
        batch_op.drop_index(batch_op.f("ix_nudge_workspace_id"))

    op.drop_table("nudge")


def downgrade() -> None:
    op.create_table(
        "nudge",
        sa.Column("id", sa.INTEGER(), nullable=False),
        sa.Column("workspace_id", sa.INTEGER(), nullable=False),
        sa.Column("member_id", sa.INTEGER(), nullable=False),
        sa.Column("kind", sa.VARCHAR(), nullable=False),
        sa.Column("reason", sa.VARCHAR(), nullable=False),
        sa.Column("local_date", sa.INTEGER(), nullable=False),
        sa.Column("channel_id", sa.INTEGER(), nullable=True),
        sa.Column("planned_at", sa.DATETIME(), nullable=False),
        sa.Column("answer", sa.VARCHAR(), nullable=True),
        sa.Column("answered_at", sa.DATETIME(), nullable=True),
        sa.Column("dropped", sa.BOOLEAN(), nullable=False),
        sa.CheckConstraint("kind IN ('tip')", name=op.f("ck_nudge_kind_known")),
        sa.ForeignKeyConstraint(
            ["channel_id"], ["channel.id"], name=op.f("fk_nudge_channel_id_channel"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_nudge_member_id_member"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_nudge_workspace_id_workspace"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_nudge")),
        sa.UniqueConstraint("member_id", "kind", "local_date", name=op.f("uq_nudge_member_id_kind_local_date")),
    )
    with op.batch_alter_table("nudge", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_nudge_workspace_id"), ["workspace_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_nudge_member_id"), ["member_id"], unique=False)

    with op.batch_alter_table("contact_item", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_contact_item_workspace_id"))
        batch_op.drop_index(batch_op.f("ix_contact_item_contact_id"))

    op.drop_table("contact_item")
    with op.batch_alter_table("contact", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_contact_paid",
            sqlite_where=sa.text("state <> 'given_back'"),
            postgresql_where=sa.text("state <> 'given_back'"),
        )
        batch_op.drop_index(batch_op.f("ix_contact_workspace_id"))
        batch_op.drop_index(batch_op.f("ix_contact_member_id"))

    op.drop_table("contact")
