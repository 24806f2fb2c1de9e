"""keep coaches, who would like one, and their talks."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "coaching_sum",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.CheckConstraint("answer IN ('helped', 'took_place', 'not_yet')", name=op.f("ck_coaching_sum_answer_known")),
        sa.CheckConstraint("count > 0", name=op.f("ck_coaching_sum_count_positive")),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_coaching_sum_workspace_id_workspace"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("workspace_id", "month", "answer", name=op.f("pk_coaching_sum")),
    )
    op.create_table(
        "coach",
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("a_week", sa.Integer(), nullable=False),
        sa.Column("languages", sa.String(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("paused_until", sa.Integer(), nullable=True),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("a_week BETWEEN 1 AND 10", name=op.f("ck_coach_a_week_bounds")),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_coach_member_id_member"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_coach_workspace_id_workspace"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_coach")),
    )
    with op.batch_alter_table("coach", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_coach_workspace_id"), ["workspace_id"], unique=False)

    op.create_table(
        "coaching_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state IN ('waiting', 'matched', 'ended')", name=op.f("ck_coaching_request_state_known")),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_coaching_request_member_id_member"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspace.id"],
            name=op.f("fk_coaching_request_workspace_id_workspace"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coaching_request")),
    )
    with op.batch_alter_table("coaching_request", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_coaching_request_member_id"), ["member_id"], unique=False)
        batch_op.create_index(
            "ix_coaching_request_waiting",
            ["workspace_id", "asked_at"],
            unique=False,
            sqlite_where=sa.text("state = 'waiting'"),
            postgresql_where=sa.text("state = 'waiting'"),
        )
        batch_op.create_index(batch_op.f("ix_coaching_request_workspace_id"), ["workspace_id"], unique=False)
        batch_op.create_index(
            "uq_coaching_request_open",
            ["member_id"],
            unique=True,
            sqlite_where=sa.text("state <> 'ended'"),
            postgresql_where=sa.text("state <> 'ended'"),
        )

    op.create_table(
        "coaching_talk",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("coach_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("matched_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("chosen_time_id", sa.Integer(), nullable=True),
        sa.Column("chosen_by_member", sa.Boolean(), nullable=False),
        sa.Column("member_answered", sa.Boolean(), nullable=False),
        sa.Column("coach_answered", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "state IN ('proposed', 'chosen', 'agreed', 'over', 'declined', 'cancelled', 'lapsed', 'gone')",
            name=op.f("ck_coaching_talk_state_known"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('chosen', 'agreed') OR chosen_time_id IS NOT NULL",
            name=op.f("ck_coaching_talk_chosen_has_time"),
        ),
        sa.ForeignKeyConstraint(
            ["coach_id"], ["member.id"], name=op.f("fk_coaching_talk_coach_id_member"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["coaching_request.id"],
            name=op.f("fk_coaching_talk_request_id_coaching_request"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_coaching_talk_workspace_id_workspace"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coaching_talk")),
    )
    with op.batch_alter_table("coaching_talk", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_coaching_talk_coach_id"), ["coach_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_coaching_talk_request_id"), ["request_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_coaching_talk_workspace_id"), ["workspace_id"], unique=False)
        batch_op.create_index(
            "uq_coaching_talk_open",
            ["request_id"],
            unique=True,
            sqlite_where=sa.text("state IN ('proposed', 'chosen', 'agreed')"),
            postgresql_where=sa.text("state IN ('proposed', 'chosen', 'agreed')"),
        )

    op.create_table(
        "coaching_time",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("talk_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("begins_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["talk_id"], ["coaching_talk.id"], name=op.f("fk_coaching_time_talk_id_coaching_talk"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_coaching_time_workspace_id_workspace"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coaching_time")),
        sa.UniqueConstraint("talk_id", "begins_at", name=op.f("uq_coaching_time_talk_id_begins_at")),
    )
    with op.batch_alter_table("coaching_time", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_coaching_time_workspace_id"), ["workspace_id"], unique=False)

    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.add_column(sa.Column("with_member_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_outbox_with_member_id_member"), "member", ["with_member_id"], ["id"], ondelete="CASCADE"
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_outbox_with_a_member"), "with_member_id IS NULL OR member_id IS NOT NULL"
        )


def downgrade() -> None:
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_outbox_with_a_member"), type_="check")
        batch_op.drop_constraint(batch_op.f("fk_outbox_with_member_id_member"), type_="foreignkey")
        batch_op.drop_column("with_member_id")

    with op.batch_alter_table("coaching_time", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_coaching_time_workspace_id"))

    op.drop_table("coaching_time")
    with op.batch_alter_table("coaching_talk", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_coaching_talk_open",
            sqlite_where=sa.text("state IN ('proposed', 'chosen', 'agreed')"),
            postgresql_where=sa.text("state IN ('proposed', 'chosen', 'agreed')"),
        )
        batch_op.drop_index(batch_op.f("ix_coaching_talk_workspace_id"))
        batch_op.drop_index(batch_op.f("ix_coaching_talk_request_id"))
        batch_op.drop_index(batch_op.f("ix_coaching_talk_coach_id"))

    op.drop_table("coaching_talk")
    with op.batch_alter_table("coaching_request", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_coaching_request_open",
            sqlite_where=sa.text("state <> 'ended'"),
            postgresql_where=sa.text("state <> 'ended'"),
        )
        batch_op.drop_index(batch_op.f("ix_coaching_request_workspace_id"))
        batch_op.drop_index(
            "ix_coaching_request_waiting",
            sqlite_where=sa.text("state = 'waiting'"),
            postgresql_where=sa.text("state = 'waiting'"),
        )
        batch_op.drop_index(batch_op.f("ix_coaching_request_member_id"))

    op.drop_table("coaching_request")
    with op.batch_alter_table("coach", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_coach_workspace_id"))

    op.drop_table("coach")
    op.drop_table("coaching_sum")
