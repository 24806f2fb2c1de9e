"""insights and the pages."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "frozen_quarter",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("quarter", sa.Integer(), nullable=False),
        sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("has_teams", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspace.id"],
            name=op.f("fk_frozen_quarter_workspace_id_workspace"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("workspace_id", "quarter", name=op.f("pk_frozen_quarter")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "nudge_figure",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("last_week", sa.Integer(), nullable=False),
        sa.Column("first_week", sa.Integer(), nullable=False),
        sa.Column("tipped", sa.Integer(), nullable=False),
        sa.Column("returned", sa.Integer(), nullable=False),
        sa.CheckConstraint("returned BETWEEN 0 AND tipped", name=op.f("ck_nudge_figure_returned_part")),
        sa.CheckConstraint("tipped >= 5", name=op.f("ck_nudge_figure_tipped_floor")),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_nudge_figure_workspace_id_workspace"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("workspace_id", "last_week", name=op.f("pk_nudge_figure")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "summed_week",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("week", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_summed_week_workspace_id_workspace"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("workspace_id", "week", name=op.f("pk_summed_week")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "week_figure",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("week", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("members", sa.Integer(), nullable=False),
        sa.Column("active", sa.Integer(), nullable=False),
        sa.Column("bound", sa.String(), nullable=False),
        sa.Column("spread", sa.JSON(), nullable=False),
        sa.CheckConstraint("bound IN ('about', 'at_most', 'at_least')", name=op.f("ck_week_figure_bound_known")),
        sa.CheckConstraint("active BETWEEN 0 AND 1000", name=op.f("ck_week_figure_active_share")),
        sa.CheckConstraint("members >= 5", name=op.f("ck_week_figure_members_floor")),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_week_figure_workspace_id_workspace"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("workspace_id", "week", "team_id", name=op.f("pk_week_figure")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "frozen_membership",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("quarter", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("home_team_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_frozen_membership_member_id_member"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspace.id"],
            name=op.f("fk_frozen_membership_workspace_id_workspace"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("workspace_id", "quarter", "member_id", name=op.f("pk_frozen_membership")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("frozen_membership", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_frozen_membership_member_id"), ["member_id"], unique=False)

    op.create_table(
        "page_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("goal", sa.String(), nullable=False),
        sa.Column("secret", sa.String(), nullable=True),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("goal IN ('insights', 'me')", name=op.f("ck_page_link_goal_known")),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_page_link_member_id_member"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_page_link_workspace_id_workspace"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_page_link")),
        sa.UniqueConstraint("digest", name=op.f("uq_page_link_digest")),
    )
    with op.batch_alter_table("page_link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_page_link_member_id"), ["member_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_page_link_workspace_id"), ["workspace_id"], unique=False)

    op.create_table(
        "page_session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_page_session_member_id_member"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_page_session_workspace_id_workspace"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_page_session")),
        sa.UniqueConstraint("digest", name=op.f("uq_page_session_digest")),
    )
    with op.batch_alter_table("page_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_page_session_member_id"), ["member_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_page_session_workspace_id"), ["workspace_id"], unique=False)

    op.create_table(
        "reach_figure",
        sa.Column("announcement_id", sa.Integer(), nullable=False),
        sa.Column("after_days", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("recipients", sa.Integer(), nullable=False),
        sa.Column("read", sa.Integer(), nullable=False),
        sa.Column("bound", sa.String(), nullable=False),
        sa.CheckConstraint("bound IN ('about', 'at_most', 'at_least')", name=op.f("ck_reach_figure_bound_known")),
        sa.CheckConstraint("read BETWEEN 0 AND 1000", name=op.f("ck_reach_figure_read_share")),
        sa.CheckConstraint("recipients >= 5", name=op.f("ck_reach_figure_recipients_floor")),
        sa.ForeignKeyConstraint(
            ["announcement_id"],
            ["announcement.id"],
            name=op.f("fk_reach_figure_announcement_id_announcement"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_reach_figure_workspace_id_workspace"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("announcement_id", "after_days", name=op.f("pk_reach_figure")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("reach_figure", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reach_figure_workspace_id"), ["workspace_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("reach_figure", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_reach_figure_workspace_id"))

    op.drop_table("reach_figure")
    with op.batch_alter_table("page_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_page_session_workspace_id"))
        batch_op.drop_index(batch_op.f("ix_page_session_member_id"))

    op.drop_table("page_session")
    with op.batch_alter_table("page_link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_page_link_workspace_id"))
        batch_op.drop_index(batch_op.f("ix_page_link_member_id"))

    op.drop_table("page_link")
    with op.batch_alter_table("frozen_membership", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_frozen_membership_member_id"))

    op.drop_table("frozen_membership")
    op.drop_table("week_figure")
    op.drop_table("summed_week")
    op.drop_table("nudge_figure")
    op.drop_table("frozen_quarter")
