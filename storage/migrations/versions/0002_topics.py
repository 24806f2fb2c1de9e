"""topics."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "topic",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("name_sv", sa.String(), nullable=False),
        sa.Column("name_en", sa.String(), nullable=False),
        sa.Column("folded", sa.String(), nullable=False),
        sa.Column("is_retired", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("name_sv <> '' AND name_en <> ''", name=op.f("ck_topic_has_names")),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_topic_workspace_id_workspace"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_topic")),
    )
    with op.batch_alter_table("topic", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_topic_workspace_id"), ["workspace_id"], unique=False)

    op.create_table(
        "followed_topic",
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("topic_id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_followed_topic_member_id_member"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["topic_id"], ["topic.id"], name=op.f("fk_followed_topic_topic_id_topic"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspace.id"],
            name=op.f("fk_followed_topic_workspace_id_workspace"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("member_id", "topic_id", name=op.f("pk_followed_topic")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("followed_topic", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_followed_topic_topic_id"), ["topic_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_followed_topic_workspace_id"), ["workspace_id"], unique=False)

    op.create_table(
        "learnt_topic",
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("topic_id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("as_of", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_learnt_topic_member_id_member"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["topic_id"], ["topic.id"], name=op.f("fk_learnt_topic_topic_id_topic"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_learnt_topic_workspace_id_workspace"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("member_id", "topic_id", name=op.f("pk_learnt_topic")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("learnt_topic", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_learnt_topic_topic_id"), ["topic_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_learnt_topic_workspace_id"), ["workspace_id"], unique=False)

    op.create_table(
        "announcement_topic",
        sa.Column("announcement_id", sa.Integer(), nullable=False),
        sa.Column("topic_id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["announcement_id"],
            ["announcement.id"],
            name=op.f("fk_announcement_topic_announcement_id_announcement"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["topic_id"], ["topic.id"], name=op.f("fk_announcement_topic_topic_id_topic"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspace.id"],
            name=op.f("fk_announcement_topic_workspace_id_workspace"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("announcement_id", "topic_id", name=op.f("pk_announcement_topic")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("announcement_topic", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_announcement_topic_topic_id"), ["topic_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_announcement_topic_workspace_id"), ["workspace_id"], unique=False)

    with op.batch_alter_table("contact_item", schema=None) as batch_op:
        batch_op.add_column(sa.Column("because", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("topic_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_contact_item_topic_id_topic"), "topic", ["topic_id"], ["id"], ondelete="SET NULL"
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_contact_item_because_known"),
            "because IN ('followed', 'shown', 'same_topic', 'home_team', 'shared_channels')",
        )

    with op.batch_alter_table("workspace", schema=None) as batch_op:
        batch_op.add_column(sa.Column("topics_begun_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("workspace", schema=None) as batch_op:
        batch_op.drop_column("topics_begun_at")

    with op.batch_alter_table("contact_item", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_contact_item_because_known"), type_="check")
        batch_op.drop_constraint(batch_op.f("fk_contact_item_topic_id_topic"), type_="foreignkey")
        batch_op.drop_column("topic_id")
        batch_op.drop_column("because")

    with op.batch_alter_table("announcement_topic", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_announcement_topic_workspace_id"))
        batch_op.drop_index(batch_op.f("ix_announcement_topic_topic_id"))

    op.drop_table("announcement_topic")
    with op.batch_alter_table("learnt_topic", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_learnt_topic_workspace_id"))
        batch_op.drop_index(batch_op.f("ix_learnt_topic_topic_id"))

    op.drop_table("learnt_topic")
    with op.batch_alter_table("followed_topic", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_followed_topic_workspace_id"))
        batch_op.drop_index(batch_op.f("ix_followed_topic_topic_id"))

    op.drop_table("followed_topic")
    with op.batch_alter_table("topic", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_topic_workspace_id"))

    op.drop_table("topic")
