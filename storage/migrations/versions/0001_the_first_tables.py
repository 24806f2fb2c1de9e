"""the first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "comparing_key",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comparing_key")),
    )
    op.create_table(
        "installing_state",
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_installing_state")),
    )
    op.create_table(
        "product_clock",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("offset_seconds", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_product_clock")),
    )
    op.create_table(
        "program_floor",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("oldest_program", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_program_floor")),
    )
    op.create_table(
        "wish_key",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wish_key")),
    )
    op.create_table(
        "workspace",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("platform", sa.String(), nullable=False),
        sa.Column("external_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("settings", sa.JSON(), nullable=False),
        sa.Column("settings_version", sa.Integer(), nullable=False),
        sa.Column("settings_changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settings_changed_by", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("app_for_each", sa.Boolean(), nullable=False),
        sa.Column("tells_what_is_open", sa.Boolean(), nullable=False),
        sa.Column("made_up", sa.Boolean(), nullable=False),
        sa.Column("notice_given_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rounds_on_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("people_listed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("topics_begun_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workspace")),
        sa.UniqueConstraint("platform", "external_id", name=op.f("uq_workspace_platform_external_id")),
    )
    op.create_table(
        "channel",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("external_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("is_private", sa.Boolean(), nullable=False),
        sa.Column("is_archived", sa.Boolean(), nullable=False),
        sa.Column("bot_is_in", sa.Boolean(), nullable=False),
        sa.Column("installation_id", sa.Integer(), nullable=True),
        sa.Column("outsiders", sa.Integer(), nullable=False),
        sa.CheckConstraint("outsiders >= 0", name=op.f("ck_channel_outsiders_counted")),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_channel_workspace_id_workspace"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_channel")),
        sa.UniqueConstraint("workspace_id", "external_id", name=op.f("uq_channel_workspace_id_external_id")),
    )
    with op.batch_alter_table("channel", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_channel_workspace_id"), ["workspace_id"], unique=False)

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
        "compared_sum",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("is_without", sa.Boolean(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("returned", sa.Integer(), nullable=False),
        sa.CheckConstraint("people >= 5", name=op.f("ck_compared_sum_people_floor")),
        sa.CheckConstraint("returned BETWEEN 0 AND people", name=op.f("ck_compared_sum_returned_part")),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_compared_sum_workspace_id_workspace"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("workspace_id", "is_without", name=op.f("pk_compared_sum")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "conversation_reference",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("reference", sa.JSON(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspace.id"],
            name=op.f("fk_conversation_reference_workspace_id_workspace"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("workspace_id", "who", name=op.f("pk_conversation_reference")),
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
        "direct_participation",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Integer(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.CheckConstraint("count > 0", name=op.f("ck_direct_participation_count_positive")),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspace.id"],
            name=op.f("fk_direct_participation_workspace_id_workspace"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("workspace_id", "day", "kind", name=op.f("pk_direct_participation")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "directory",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outsider_key", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_directory_workspace_id_workspace"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("workspace_id", name=op.f("pk_directory")),
    )
    op.create_table(
        "directory_part",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("part", sa.String(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspace.id"],
            name=op.f("fk_directory_part_workspace_id_workspace"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("workspace_id", "place", "part", name=op.f("pk_directory_part")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "errand",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cursor", sa.Integer(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_errand_workspace_id_workspace"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_errand")),
        sa.UniqueConstraint(
            "workspace_id", "name", "subject_id", "day", name=op.f("uq_errand_workspace_id_name_subject_id_day")
        ),
    )
    with op.batch_alter_table("errand", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_errand_workspace_id"), ["workspace_id"], unique=False)

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
        "happened",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("identity", sa.String(), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_happened_workspace_id_workspace"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("workspace_id", "identity", name=op.f("pk_happened")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("happened", schema=None) as batch_op:
        batch_op.create_index("ix_happened_swept", ["workspace_id", "day"], unique=False)

    op.create_table(
        "home_team",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("lead_id", sa.Integer(), nullable=True),
        sa.Column("channel_id", sa.Integer(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_home_team_workspace_id_workspace"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_home_team")),
        sa.UniqueConstraint("workspace_id", "name", name=op.f("uq_home_team_workspace_id_name")),
    )
    with op.batch_alter_table("home_team", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_home_team_workspace_id"), ["workspace_id"], unique=False)

    op.create_table(
        "installation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("external_id", sa.String(), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("secret", sa.String(), nullable=True),
        sa.Column("installed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_installation_workspace_id_workspace"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_installation")),
        sa.UniqueConstraint("workspace_id", "external_id", name=op.f("uq_installation_workspace_id_external_id")),
    )
    with op.batch_alter_table("installation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_installation_external_id"), ["external_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_installation_workspace_id"), ["workspace_id"], unique=False)

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
        "lane",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("owner", sa.String(), nullable=True),
        sa.Column("lease_until", sa.Float(), nullable=False),
        sa.Column("term", sa.Integer(), nullable=False),
        sa.Column("tokens", sa.Float(), nullable=False),
        sa.Column("tokens_at", sa.Float(), nullable=False),
        sa.Column("not_before", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_lane_workspace_id_workspace"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("workspace_id", name=op.f("pk_lane")),
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
        "outsider",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_outsider_workspace_id_workspace"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("workspace_id", "digest", name=op.f("pk_outsider")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "people_group",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("external_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("is_gone", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_people_group_workspace_id_workspace"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people_group")),
        sa.UniqueConstraint("workspace_id", "external_id", name=op.f("uq_people_group_workspace_id_external_id")),
    )
    with op.batch_alter_table("people_group", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_people_group_workspace_id"), ["workspace_id"], unique=False)

    op.create_table(
        "round",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("week", sa.Integer(), nullable=False),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cursor", sa.Integer(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_round_workspace_id_workspace"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round")),
        sa.UniqueConstraint("workspace_id", "week", name=op.f("uq_round_workspace_id_week")),
    )
    with op.batch_alter_table("round", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_round_workspace_id"), ["workspace_id"], unique=False)

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
        "channel_participation",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("channel_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Integer(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.CheckConstraint("count > 0", name=op.f("ck_channel_participation_count_positive")),
        sa.ForeignKeyConstraint(
            ["channel_id"], ["channel.id"], name=op.f("fk_channel_participation_channel_id_channel"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspace.id"],
            name=op.f("fk_channel_participation_workspace_id_workspace"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("workspace_id", "channel_id", "day", "kind", name=op.f("pk_channel_participation")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "counted_day",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("channel_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("imported_until", sa.Float(), nullable=True),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["channel_id"], ["channel.id"], name=op.f("fk_counted_day_channel_id_channel"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_counted_day_workspace_id_workspace"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("workspace_id", "channel_id", "day", name=op.f("pk_counted_day")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("counted_day", schema=None) as batch_op:
        batch_op.create_index(
            "ix_counted_day_imported",
            ["workspace_id", "imported_at", "day"],
            unique=False,
            sqlite_where=sa.text("imported_at IS NOT NULL"),
            postgresql_where=sa.text("imported_at IS NOT NULL"),
        )

    op.create_table(
        "member",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("external_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("is_bot", sa.Boolean(), nullable=False),
        sa.Column("locale", sa.String(), nullable=True),
        sa.Column("zone", sa.String(), nullable=True),
        sa.Column("country", sa.String(), nullable=True),
        sa.Column("region", sa.String(), nullable=True),
        sa.Column("working_days", sa.String(), nullable=True),
        sa.Column("work_start", sa.Integer(), nullable=True),
        sa.Column("work_end", sa.Integer(), nullable=True),
        sa.Column("home_team_id", sa.Integer(), nullable=True),
        sa.Column("is_communications_lead", sa.Boolean(), nullable=False),
        sa.Column("unnamed_lead_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_coach", sa.Boolean(), nullable=False),
        sa.Column("in_management_group", sa.Boolean(), nullable=False),
        sa.Column("joined_on", sa.Integer(), nullable=True),
        sa.Column("left_on", sa.Integer(), nullable=True),
        sa.Column("leave_from", sa.Integer(), nullable=True),
        sa.Column("leave_to", sa.Integer(), nullable=True),
        sa.Column("calendar_set_by_self", sa.String(), nullable=True),
        sa.Column("zone_set_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("paused_until", sa.Integer(), nullable=True),
        sa.Column("reading_along_until", sa.Integer(), nullable=True),
        sa.Column("not_counted", sa.Boolean(), nullable=False),
        sa.Column("nudges_off", sa.Boolean(), nullable=False),
        sa.Column("nudges_snoozed_until", sa.Integer(), nullable=True),
        sa.Column("lead_not_involved", sa.Boolean(), nullable=False),
        sa.Column("reflex_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state IN ('listed', 'stub', 'active', 'left')", name=op.f("ck_member_state_known")),
        sa.CheckConstraint(
            "leave_from IS NULL OR leave_to IS NULL OR leave_from <= leave_to", name=op.f("ck_member_leave_order")
        ),
        sa.CheckConstraint("work_end IS NULL OR work_end BETWEEN 1 AND 1440", name=op.f("ck_member_work_end_in_day")),
        sa.CheckConstraint(
            "work_start IS NULL OR work_start BETWEEN 0 AND 1439", name=op.f("ck_member_work_start_in_day")
        ),
        sa.ForeignKeyConstraint(
            ["home_team_id"], ["home_team.id"], name=op.f("fk_member_home_team_id_home_team"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_member_workspace_id_workspace"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member")),
        sa.UniqueConstraint("workspace_id", "external_id", name=op.f("uq_member_workspace_id_external_id")),
    )
    with op.batch_alter_table("member", schema=None) as batch_op:
        batch_op.create_index("ix_member_email", ["workspace_id", "email"], unique=False)
        batch_op.create_index(batch_op.f("ix_member_home_team_id"), ["home_team_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_member_workspace_id"), ["workspace_id"], unique=False)

    op.create_table(
        "away",
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("first_day", sa.Integer(), nullable=False),
        sa.Column("last_day", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("first_day <= last_day", name=op.f("ck_away_away_order")),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_away_member_id_member"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_away_workspace_id_workspace"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("member_id", "first_day", name=op.f("pk_away")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("away", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_away_workspace_id"), ["workspace_id"], unique=False)

    op.create_table(
        "channel_member",
        sa.Column("channel_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["channel_id"], ["channel.id"], name=op.f("fk_channel_member_channel_id_channel"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_channel_member_member_id_member"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspace.id"],
            name=op.f("fk_channel_member_workspace_id_workspace"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("channel_id", "member_id", name=op.f("pk_channel_member")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("channel_member", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_channel_member_member_id"), ["member_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_channel_member_workspace_id"), ["workspace_id"], unique=False)

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
        "compared",
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Integer(), nullable=False),
        sa.Column("is_without", sa.Boolean(), nullable=False),
        sa.Column("is_summed", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_compared_member_id_member"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_compared_workspace_id_workspace"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_compared")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("compared", schema=None) as batch_op:
        batch_op.create_index(
            "ix_compared_due",
            ["workspace_id", "due_on"],
            unique=False,
            sqlite_where=sa.text("NOT is_summed"),
            postgresql_where=sa.text("NOT is_summed"),
        )

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
        "group_member",
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"], ["people_group.id"], name=op.f("fk_group_member_group_id_people_group"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_group_member_member_id_member"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_group_member_workspace_id_workspace"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("group_id", "member_id", name=op.f("pk_group_member")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("group_member", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_group_member_member_id"), ["member_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_group_member_workspace_id"), ["workspace_id"], unique=False)

    op.create_table(
        "image",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("stored_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("waiting_for_id", sa.Integer(), nullable=True),
        sa.Column("known_as", sa.JSON(), nullable=True),
        sa.CheckConstraint("media_type IN ('image/png', 'image/jpeg')", name=op.f("ck_image_media_type_known")),
        sa.ForeignKeyConstraint(
            ["waiting_for_id"], ["member.id"], name=op.f("fk_image_waiting_for_id_member"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_image_workspace_id_workspace"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_image")),
        sa.UniqueConstraint("name", name=op.f("uq_image_name")),
    )
    with op.batch_alter_table("image", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_image_waiting_for_id"), ["waiting_for_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_image_workspace_id"), ["workspace_id"], unique=False)

    op.create_table(
        "last_sign",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("first_day", sa.Integer(), nullable=False),
        sa.Column("last_day", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_last_sign_member_id_member"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_last_sign_workspace_id_workspace"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("workspace_id", "member_id", name=op.f("pk_last_sign")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "lead_card",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("lead_id", sa.Integer(), nullable=False),
        sa.Column("week", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("snoozed_until", sa.Integer(), nullable=True),
        sa.CheckConstraint("state IN ('planned', 'sent', 'given_back')", name=op.f("ck_lead_card_state_known")),
        sa.ForeignKeyConstraint(
            ["lead_id"], ["member.id"], name=op.f("fk_lead_card_lead_id_member"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_lead_card_workspace_id_workspace"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lead_card")),
        sa.UniqueConstraint("lead_id", "week", name=op.f("uq_lead_card_lead_id_week")),
    )
    with op.batch_alter_table("lead_card", schema=None) as batch_op:
        batch_op.create_index(
            "ix_lead_card_planned",
            ["workspace_id", "due_at"],
            unique=False,
            sqlite_where=sa.text("state = 'planned'"),
            postgresql_where=sa.text("state = 'planned'"),
        )
        batch_op.create_index(batch_op.f("ix_lead_card_workspace_id"), ["workspace_id"], unique=False)

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
        "local_message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("channel_id", sa.Integer(), nullable=True),
        sa.Column("direct_with", sa.Integer(), nullable=True),
        sa.Column("thread_of", sa.Integer(), nullable=True),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("only_for", sa.Integer(), nullable=True),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=True),
        sa.Column("delivery_id", sa.String(), nullable=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["author_id"], ["member.id"], name=op.f("fk_local_message_author_id_member"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["channel_id"], ["channel.id"], name=op.f("fk_local_message_channel_id_channel"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["direct_with"], ["member.id"], name=op.f("fk_local_message_direct_with_member"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["only_for"], ["member.id"], name=op.f("fk_local_message_only_for_member"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["thread_of"],
            ["local_message.id"],
            name=op.f("fk_local_message_thread_of_local_message"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_local_message_workspace_id_workspace"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_local_message")),
        sa.UniqueConstraint("workspace_id", "delivery_id", name=op.f("uq_local_message_workspace_id_delivery_id")),
    )
    with op.batch_alter_table("local_message", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_local_message_channel_id"), ["channel_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_local_message_direct_with"), ["direct_with"], unique=False)
        batch_op.create_index(batch_op.f("ix_local_message_thread_of"), ["thread_of"], unique=False)
        batch_op.create_index(batch_op.f("ix_local_message_workspace_id"), ["workspace_id"], unique=False)

    op.create_table(
        "local_seen",
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("last_message_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_local_seen_member_id_member"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_local_seen_workspace_id_workspace"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("member_id", "place", name=op.f("pk_local_seen")),
    )
    with op.batch_alter_table("local_seen", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_local_seen_workspace_id"), ["workspace_id"], unique=False)

    op.create_table(
        "look",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("about_member_id", sa.Integer(), nullable=False),
        sa.Column("by_member_id", sa.Integer(), nullable=True),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["about_member_id"], ["member.id"], name=op.f("fk_look_about_member_id_member"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["by_member_id"], ["member.id"], name=op.f("fk_look_by_member_id_member"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_look_workspace_id_workspace"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_look")),
    )
    with op.batch_alter_table("look", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_look_about_member_id"), ["about_member_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_look_workspace_id"), ["workspace_id"], unique=False)

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
        "participation",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Integer(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.CheckConstraint("count > 0", name=op.f("ck_participation_count_positive")),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_participation_member_id_member"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_participation_workspace_id_workspace"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("workspace_id", "member_id", "day", "kind", name=op.f("pk_participation")),
        sqlite_with_rowid=False,
    )
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

    op.create_table(
        "posted",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("message", sa.String(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=True),
        sa.Column("channel_id", sa.Integer(), nullable=True),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("reference_key", sa.String(), nullable=False),
        sa.Column("reference", sa.JSON(), nullable=False),
        sa.Column("link", sa.String(), nullable=True),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["channel_id"], ["channel.id"], name=op.f("fk_posted_channel_id_channel"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_posted_member_id_member"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_posted_workspace_id_workspace"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_posted")),
    )
    with op.batch_alter_table("posted", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_posted_member_id"), ["member_id"], unique=False)
        batch_op.create_index("ix_posted_place", ["workspace_id", "place", "reference_key"], unique=False)
        batch_op.create_index("ix_posted_subject", ["workspace_id", "message", "subject_id", "member_id"], unique=False)

    op.create_table(
        "search",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("searched_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_search_member_id_member"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_search_workspace_id_workspace"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search")),
    )
    with op.batch_alter_table("search", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_search_member_id"), ["member_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_search_workspace_id"), ["workspace_id"], unique=False)

    op.create_table(
        "thread_invite",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("inviter_id", sa.Integer(), nullable=False),
        sa.Column("invited_id", sa.Integer(), nullable=True),
        sa.Column("channel_id", sa.Integer(), nullable=True),
        sa.Column("channel", sa.String(), nullable=True),
        sa.Column("thread", sa.String(), nullable=True),
        sa.Column("link", sa.String(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state = 'draft' OR (invited_id IS NOT NULL AND channel_id IS NOT NULL AND thread IS NOT NULL AND asked_at IS NOT NULL)",
            name=op.f("ck_thread_invite_asked_is_whole"),
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'asked', 'accepted', 'declined')", name=op.f("ck_thread_invite_state_known")
        ),
        sa.ForeignKeyConstraint(
            ["channel_id"], ["channel.id"], name=op.f("fk_thread_invite_channel_id_channel"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["invited_id"], ["member.id"], name=op.f("fk_thread_invite_invited_id_member"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["inviter_id"], ["member.id"], name=op.f("fk_thread_invite_inviter_id_member"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_thread_invite_workspace_id_workspace"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_thread_invite")),
    )
    with op.batch_alter_table("thread_invite", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_thread_invite_invited_id"), ["invited_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_thread_invite_inviter_id"), ["inviter_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_thread_invite_workspace_id"), ["workspace_id"], unique=False)
        batch_op.create_index(
            "uq_thread_invite_asked",
            ["channel_id", "thread", "invited_id"],
            unique=True,
            sqlite_where=sa.text("state <> 'draft'"),
            postgresql_where=sa.text("state <> 'draft'"),
        )

    op.create_table(
        "announcement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("behalf_of_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("audience_kind", sa.String(), nullable=False),
        sa.Column("audience_id", sa.Integer(), nullable=True),
        sa.Column("home_channel_id", sa.Integer(), nullable=True),
        sa.Column("home_failure", sa.String(), nullable=False),
        sa.Column("home_gone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("image_id", sa.Integer(), nullable=True),
        sa.Column("confirm", sa.Boolean(), nullable=False),
        sa.Column("important", sa.Boolean(), nullable=False),
        sa.Column("is_proposal", sa.Boolean(), nullable=False),
        sa.Column("why_open", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("publish_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "audience_kind IN ('channel', 'home_team', 'group', 'everyone')",
            name=op.f("ck_announcement_audience_kind_known"),
        ),
        sa.CheckConstraint("kind IN ('news', 'decision')", name=op.f("ck_announcement_kind_known")),
        sa.CheckConstraint(
            "state IN ('draft', 'awaiting', 'scheduled', 'publishing', 'published', 'withdrawn', 'cancelled')",
            name=op.f("ck_announcement_state_known"),
        ),
        sa.ForeignKeyConstraint(["author_id"], ["member.id"], name=op.f("fk_announcement_author_id_member")),
        sa.ForeignKeyConstraint(["behalf_of_id"], ["member.id"], name=op.f("fk_announcement_behalf_of_id_member")),
        sa.ForeignKeyConstraint(
            ["home_channel_id"], ["channel.id"], name=op.f("fk_announcement_home_channel_id_channel")
        ),
        sa.ForeignKeyConstraint(
            ["image_id"], ["image.id"], name=op.f("fk_announcement_image_id_image"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_announcement_workspace_id_workspace"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_announcement")),
    )
    with op.batch_alter_table("announcement", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_announcement_author_id"), ["author_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_announcement_behalf_of_id"), ["behalf_of_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_announcement_image_id"), ["image_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_announcement_workspace_id"), ["workspace_id"], unique=False)

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
        "contact_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("because", sa.String(), nullable=True),
        sa.Column("topic_id", sa.Integer(), nullable=True),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "because IN ('followed', 'shown', 'same_topic', 'home_team', 'shared_channels')",
            name=op.f("ck_contact_item_because_known"),
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name=op.f("fk_contact_item_contact_id_contact"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["topic_id"], ["topic.id"], name=op.f("fk_contact_item_topic_id_topic"), ondelete="SET NULL"
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

    op.create_table(
        "lead_name",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("card_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("local_date", sa.Integer(), nullable=False),
        sa.Column("answer", sa.String(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("snoozed_until", sa.Integer(), nullable=True),
        sa.CheckConstraint("answer IN ('will', 'coach')", name=op.f("ck_lead_name_answer_known")),
        sa.ForeignKeyConstraint(
            ["card_id"], ["lead_card.id"], name=op.f("fk_lead_name_card_id_lead_card"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_lead_name_member_id_member"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_lead_name_workspace_id_workspace"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lead_name")),
        sa.UniqueConstraint("card_id", "member_id", name=op.f("uq_lead_name_card_id_member_id")),
    )
    with op.batch_alter_table("lead_name", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_lead_name_card_id"), ["card_id"], unique=False)
        batch_op.create_index(
            "ix_lead_name_coach",
            ["workspace_id", "answered_at"],
            unique=False,
            sqlite_where=sa.text("answer = 'coach'"),
            postgresql_where=sa.text("answer = 'coach'"),
        )
        batch_op.create_index(batch_op.f("ix_lead_name_member_id"), ["member_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_lead_name_workspace_id"), ["workspace_id"], unique=False)

    op.create_table(
        "local_reaction",
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("emoji", sa.String(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_local_reaction_member_id_member"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["message_id"],
            ["local_message.id"],
            name=op.f("fk_local_reaction_message_id_local_message"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspace.id"],
            name=op.f("fk_local_reaction_workspace_id_workspace"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("message_id", "member_id", "emoji", name=op.f("pk_local_reaction")),
    )
    with op.batch_alter_table("local_reaction", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_local_reaction_workspace_id"), ["workspace_id"], unique=False)

    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("operation", sa.String(), nullable=False),
        sa.Column("message", sa.String(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=True),
        sa.Column("with_member_id", sa.Integer(), nullable=True),
        sa.Column("channel_id", sa.Integer(), nullable=True),
        sa.Column("thread_id", sa.Integer(), nullable=True),
        sa.Column("under", sa.String(), nullable=True),
        sa.Column("posted_id", sa.Integer(), nullable=True),
        sa.Column("once", sa.String(), nullable=True),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("resend_if_unknown", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("changed", sa.Boolean(), nullable=False),
        sa.Column("is_record", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("cause", sa.String(), nullable=False),
        sa.Column("delivery_id", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "operation = 'edit' AND posted_id IS NOT NULL OR operation = 'post' AND (member_id IS NULL) <> (channel_id IS NULL)",
            name=op.f("ck_outbox_one_target"),
        ),
        sa.CheckConstraint("operation IN ('post', 'edit')", name=op.f("ck_outbox_operation_known")),
        sa.CheckConstraint(
            "state IN ('queued', 'sending', 'sent', 'failed', 'blocked', 'unreachable', 'unknown', 'dropped')",
            name=op.f("ck_outbox_state_known"),
        ),
        sa.CheckConstraint("with_member_id IS NULL OR member_id IS NOT NULL", name=op.f("ck_outbox_with_a_member")),
        sa.ForeignKeyConstraint(
            ["channel_id"], ["channel.id"], name=op.f("fk_outbox_channel_id_channel"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_outbox_member_id_member"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["posted_id"], ["posted.id"], name=op.f("fk_outbox_posted_id_posted"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["thread_id"], ["posted.id"], name=op.f("fk_outbox_thread_id_posted"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["with_member_id"], ["member.id"], name=op.f("fk_outbox_with_member_id_member"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_outbox_workspace_id_workspace"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("delivery_id", name=op.f("uq_outbox_delivery_id")),
        sa.UniqueConstraint("workspace_id", "once", name=op.f("uq_outbox_workspace_id_once")),
    )
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.create_index(
            "ix_outbox_due",
            ["workspace_id", "priority", "id", "not_before"],
            unique=False,
            sqlite_where=sa.text("state = 'queued'"),
            postgresql_where=sa.text("state = 'queued'"),
        )
        batch_op.create_index(batch_op.f("ix_outbox_member_id"), ["member_id"], unique=False)
        batch_op.create_index(
            "ix_outbox_next",
            ["workspace_id", "not_before"],
            unique=False,
            sqlite_where=sa.text("state = 'queued'"),
            postgresql_where=sa.text("state = 'queued'"),
        )
        batch_op.create_index(batch_op.f("ix_outbox_posted_id"), ["posted_id"], unique=False)
        batch_op.create_index(
            "ix_outbox_sending",
            ["workspace_id"],
            unique=False,
            sqlite_where=sa.text("state = 'sending'"),
            postgresql_where=sa.text("state = 'sending'"),
        )
        batch_op.create_index(
            "ix_outbox_swept",
            ["workspace_id", "settled_at"],
            unique=False,
            sqlite_where=sa.text("settled_at IS NOT NULL AND NOT is_record"),
            postgresql_where=sa.text("settled_at IS NOT NULL AND NOT is_record"),
        )

    op.create_table(
        "anchoring_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("announcement_id", sa.Integer(), nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("audience_kind", sa.String(), nullable=False),
        sa.Column("audience_id", sa.Integer(), nullable=True),
        sa.Column("behalf_of_id", sa.Integer(), nullable=True),
        sa.Column("image_id", sa.Integer(), nullable=True),
        sa.Column("publish_when_met", sa.Boolean(), nullable=False),
        sa.Column("publishing_stopped", sa.Boolean(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "audience_kind IN ('channel', 'home_team', 'group', 'everyone')",
            name=op.f("ck_anchoring_request_audience_kind_known"),
        ),
        sa.CheckConstraint("state IN ('open', 'met', 'lapsed')", name=op.f("ck_anchoring_request_state_known")),
        sa.ForeignKeyConstraint(
            ["announcement_id"],
            ["announcement.id"],
            name=op.f("fk_anchoring_request_announcement_id_announcement"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["behalf_of_id"], ["member.id"], name=op.f("fk_anchoring_request_behalf_of_id_member")),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspace.id"],
            name=op.f("fk_anchoring_request_workspace_id_workspace"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_anchoring_request")),
    )
    with op.batch_alter_table("anchoring_request", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_anchoring_request_announcement_id"), ["announcement_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_anchoring_request_workspace_id"), ["workspace_id"], unique=False)

    op.create_table(
        "announcement_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("announcement_id", sa.Integer(), nullable=False),
        sa.Column("from_state", sa.String(), nullable=False),
        sa.Column("to_state", sa.String(), nullable=False),
        sa.Column("by_member_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.CheckConstraint(
            "from_state IN ('draft', 'awaiting', 'scheduled', 'publishing', 'published', 'withdrawn', 'cancelled')",
            name=op.f("ck_announcement_step_from_state_known"),
        ),
        sa.CheckConstraint(
            "to_state IN ('draft', 'awaiting', 'scheduled', 'publishing', 'published', 'withdrawn', 'cancelled')",
            name=op.f("ck_announcement_step_to_state_known"),
        ),
        sa.ForeignKeyConstraint(
            ["announcement_id"],
            ["announcement.id"],
            name=op.f("fk_announcement_step_announcement_id_announcement"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["by_member_id"], ["member.id"], name=op.f("fk_announcement_step_by_member_id_member")),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspace.id"],
            name=op.f("fk_announcement_step_workspace_id_workspace"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_announcement_step")),
    )
    with op.batch_alter_table("announcement_step", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_announcement_step_announcement_id"), ["announcement_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_announcement_step_workspace_id"), ["workspace_id"], unique=False)

    op.create_table(
        "announcement_text",
        sa.Column("announcement_id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("alt", sa.String(), nullable=False),
        sa.Column("folded", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["announcement_id"],
            ["announcement.id"],
            name=op.f("fk_announcement_text_announcement_id_announcement"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspace.id"],
            name=op.f("fk_announcement_text_workspace_id_workspace"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("announcement_id", "revision", "language", name=op.f("pk_announcement_text")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("announcement_text", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_announcement_text_workspace_id"), ["workspace_id"], unique=False)

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

    op.create_table(
        "behalf_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("announcement_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("is_edit", sa.Boolean(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("audience_kind", sa.String(), nullable=False),
        sa.Column("audience_id", sa.Integer(), nullable=True),
        sa.Column("wordings", sa.JSON(), nullable=False),
        sa.Column("image_id", sa.Integer(), nullable=True),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("goes_out_itself", sa.Boolean(), nullable=False),
        sa.Column("passed_told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("change_wanted", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.CheckConstraint(
            "audience_kind IN ('channel', 'home_team', 'group', 'everyone')",
            name=op.f("ck_behalf_request_audience_kind_known"),
        ),
        sa.CheckConstraint("kind IN ('news', 'decision')", name=op.f("ck_behalf_request_kind_known")),
        sa.CheckConstraint(
            "state IN ('open', 'approved', 'declined', 'taken_back', 'unreached')",
            name=op.f("ck_behalf_request_state_known"),
        ),
        sa.ForeignKeyConstraint(
            ["announcement_id"],
            ["announcement.id"],
            name=op.f("fk_behalf_request_announcement_id_announcement"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_behalf_request_member_id_member")),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspace.id"],
            name=op.f("fk_behalf_request_workspace_id_workspace"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_behalf_request")),
    )
    with op.batch_alter_table("behalf_request", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_behalf_request_announcement_id"), ["announcement_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_behalf_request_member_id"), ["member_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_behalf_request_workspace_id"), ["workspace_id"], unique=False)

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

    op.create_table(
        "decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("announcement_id", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("checklist", sa.JSON(), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("replaces_id", sa.Integer(), nullable=True),
        sa.Column("review_on", sa.Integer(), nullable=True),
        sa.Column("review_asked_on", sa.Integer(), nullable=True),
        sa.Column("withdrawn_why", sa.String(), nullable=False),
        sa.CheckConstraint(
            "outcome IN ('by_group', 'self_declared', 'partly', 'not_yet')", name=op.f("ck_decision_outcome_known")
        ),
        sa.CheckConstraint(
            "status IN ('proposed', 'decided', 'replaced', 'withdrawn')", name=op.f("ck_decision_status_known")
        ),
        sa.ForeignKeyConstraint(
            ["announcement_id"],
            ["announcement.id"],
            name=op.f("fk_decision_announcement_id_announcement"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["replaces_id"], ["decision.id"], name=op.f("fk_decision_replaces_id_decision"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_decision_workspace_id_workspace"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
        sa.UniqueConstraint("announcement_id", name=op.f("uq_decision_announcement_id")),
    )
    with op.batch_alter_table("decision", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_decision_announcement_id"), ["announcement_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_decision_replaces_id"), ["replaces_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_decision_workspace_id"), ["workspace_id"], unique=False)

    op.create_table(
        "fan_out",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("operation", sa.String(), nullable=False),
        sa.Column("message", sa.String(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("audience_kind", sa.String(), nullable=False),
        sa.Column("audience_id", sa.Integer(), nullable=True),
        sa.Column("copies", sa.String(), nullable=False),
        sa.Column("home_channel_id", sa.Integer(), nullable=True),
        sa.Column("except_member_id", sa.Integer(), nullable=True),
        sa.Column("also_except_member_id", sa.Integer(), nullable=True),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("resend_if_unknown", sa.Boolean(), nullable=False),
        sa.Column("announcement_id", sa.Integer(), nullable=True),
        sa.Column("audience_as_of", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cursor", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("cause", sa.String(), nullable=False),
        sa.CheckConstraint("copies IN ('all', 'absent', 'none')", name=op.f("ck_fan_out_copies_known")),
        sa.CheckConstraint("operation IN ('post', 'edit')", name=op.f("ck_fan_out_operation_known")),
        sa.ForeignKeyConstraint(
            ["announcement_id"],
            ["announcement.id"],
            name=op.f("fk_fan_out_announcement_id_announcement"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_fan_out_workspace_id_workspace"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fan_out")),
        sa.UniqueConstraint(
            "workspace_id",
            "operation",
            "message",
            "subject_id",
            "revision",
            name=op.f("uq_fan_out_workspace_id_operation_message_subject_id_revision"),
        ),
    )
    with op.batch_alter_table("fan_out", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_fan_out_announcement_id"), ["announcement_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_fan_out_workspace_id"), ["workspace_id"], unique=False)

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

    op.create_table(
        "question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("announcement_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("failure", sa.String(), nullable=False),
        sa.Column("is_reply", sa.Boolean(), nullable=False),
        sa.Column("is_waiting", sa.Boolean(), nullable=False),
        sa.Column("in_thread", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["announcement_id"],
            ["announcement.id"],
            name=op.f("fk_question_announcement_id_announcement"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_question_member_id_member")),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_question_workspace_id_workspace"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question")),
    )
    with op.batch_alter_table("question", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_question_announcement_id"), ["announcement_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_question_member_id"), ["member_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_question_workspace_id"), ["workspace_id"], unique=False)

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

    op.create_table(
        "recipient",
        sa.Column("announcement_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("delivery", sa.String(), nullable=False),
        sa.Column("delivery_reason", sa.String(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("read_by", sa.String(), nullable=True),
        sa.Column("sign_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sign_by", sa.String(), nullable=True),
        sa.CheckConstraint(
            "delivery IN ('by_post', 'waiting', 'sent', 'failed', 'blocked', 'unreachable', 'unknown')",
            name=op.f("ck_recipient_delivery_known"),
        ),
        sa.ForeignKeyConstraint(
            ["announcement_id"],
            ["announcement.id"],
            name=op.f("fk_recipient_announcement_id_announcement"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_recipient_member_id_member"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_recipient_workspace_id_workspace"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("announcement_id", "member_id", name=op.f("pk_recipient")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("recipient", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_recipient_member_id"), ["member_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_recipient_workspace_id"), ["workspace_id"], unique=False)

    op.create_table(
        "anchoring_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("answer", sa.String(), nullable=True),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "answer IN ('anchored', 'concern', 'meeting')", name=op.f("ck_anchoring_answer_answer_known")
        ),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_anchoring_answer_member_id_member")),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["anchoring_request.id"],
            name=op.f("fk_anchoring_answer_request_id_anchoring_request"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspace.id"],
            name=op.f("fk_anchoring_answer_workspace_id_workspace"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_anchoring_answer")),
        sa.UniqueConstraint("request_id", "member_id", name=op.f("uq_anchoring_answer_request_id_member_id")),
    )
    with op.batch_alter_table("anchoring_answer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_anchoring_answer_member_id"), ["member_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_anchoring_answer_request_id"), ["request_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_anchoring_answer_workspace_id"), ["workspace_id"], unique=False)

    op.execute("INSERT INTO program_floor (id, oldest_program) VALUES (1, '0.1.0')")
    if op.get_context().dialect.name == "postgresql":
        op.execute(
            "CREATE TABLE decision_search ("
            "decision_id INTEGER PRIMARY KEY REFERENCES decision (id) ON DELETE CASCADE, words TSVECTOR NOT NULL)"
        )
        op.execute("CREATE INDEX ix_decision_search_words ON decision_search USING gin (words)")
    else:
        # Letters with rings and dots are letters of their own, so they are not taken for others.
        op.execute("CREATE VIRTUAL TABLE decision_search USING fts5(words, tokenize = 'unicode61 remove_diacritics 0')")


def downgrade() -> None:
    op.execute("DROP TABLE decision_search")
    with op.batch_alter_table("anchoring_answer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_anchoring_answer_workspace_id"))
        batch_op.drop_index(batch_op.f("ix_anchoring_answer_request_id"))
        batch_op.drop_index(batch_op.f("ix_anchoring_answer_member_id"))

    op.drop_table("anchoring_answer")
    with op.batch_alter_table("recipient", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_recipient_workspace_id"))
        batch_op.drop_index(batch_op.f("ix_recipient_member_id"))

    op.drop_table("recipient")
    with op.batch_alter_table("reach_figure", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_reach_figure_workspace_id"))

    op.drop_table("reach_figure")
    with op.batch_alter_table("question", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_question_workspace_id"))
        batch_op.drop_index(batch_op.f("ix_question_member_id"))
        batch_op.drop_index(batch_op.f("ix_question_announcement_id"))

    op.drop_table("question")
    with op.batch_alter_table("former_recipients", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_former_recipients_workspace_id"))

    op.drop_table("former_recipients")
    with op.batch_alter_table("fan_out", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_fan_out_workspace_id"))
        batch_op.drop_index(batch_op.f("ix_fan_out_announcement_id"))

    op.drop_table("fan_out")
    with op.batch_alter_table("decision", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_decision_workspace_id"))
        batch_op.drop_index(batch_op.f("ix_decision_replaces_id"))
        batch_op.drop_index(batch_op.f("ix_decision_announcement_id"))

    op.drop_table("decision")
    with op.batch_alter_table("coaching_time", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_coaching_time_workspace_id"))

    op.drop_table("coaching_time")
    with op.batch_alter_table("behalf_request", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_behalf_request_workspace_id"))
        batch_op.drop_index(batch_op.f("ix_behalf_request_member_id"))
        batch_op.drop_index(batch_op.f("ix_behalf_request_announcement_id"))

    op.drop_table("behalf_request")
    with op.batch_alter_table("announcement_topic", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_announcement_topic_workspace_id"))
        batch_op.drop_index(batch_op.f("ix_announcement_topic_topic_id"))

    op.drop_table("announcement_topic")
    with op.batch_alter_table("announcement_text", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_announcement_text_workspace_id"))

    op.drop_table("announcement_text")
    with op.batch_alter_table("announcement_step", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_announcement_step_workspace_id"))
        batch_op.drop_index(batch_op.f("ix_announcement_step_announcement_id"))

    op.drop_table("announcement_step")
    with op.batch_alter_table("anchoring_request", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_anchoring_request_workspace_id"))
        batch_op.drop_index(batch_op.f("ix_anchoring_request_announcement_id"))

    op.drop_table("anchoring_request")
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_outbox_swept",
            sqlite_where=sa.text("settled_at IS NOT NULL AND NOT is_record"),
            postgresql_where=sa.text("settled_at IS NOT NULL AND NOT is_record"),
        )
        batch_op.drop_index(
            "ix_outbox_sending",
            sqlite_where=sa.text("state = 'sending'"),
            postgresql_where=sa.text("state = 'sending'"),
        )
        batch_op.drop_index(batch_op.f("ix_outbox_posted_id"))
        batch_op.drop_index(
            "ix_outbox_next", sqlite_where=sa.text("state = 'queued'"), postgresql_where=sa.text("state = 'queued'")
        )
        batch_op.drop_index(batch_op.f("ix_outbox_member_id"))
        batch_op.drop_index(
            "ix_outbox_due", sqlite_where=sa.text("state = 'queued'"), postgresql_where=sa.text("state = 'queued'")
        )

    op.drop_table("outbox")
    with op.batch_alter_table("local_reaction", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_local_reaction_workspace_id"))

    op.drop_table("local_reaction")
    with op.batch_alter_table("lead_name", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_lead_name_workspace_id"))
        batch_op.drop_index(batch_op.f("ix_lead_name_member_id"))
        batch_op.drop_index(
            "ix_lead_name_coach", sqlite_where=sa.text("answer = 'coach'"), postgresql_where=sa.text("answer = 'coach'")
        )
        batch_op.drop_index(batch_op.f("ix_lead_name_card_id"))

    op.drop_table("lead_name")
    with op.batch_alter_table("contact_item", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_contact_item_workspace_id"))
        batch_op.drop_index(batch_op.f("ix_contact_item_contact_id"))

    op.drop_table("contact_item")
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
    with op.batch_alter_table("announcement", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_announcement_workspace_id"))
        batch_op.drop_index(batch_op.f("ix_announcement_image_id"))
        batch_op.drop_index(batch_op.f("ix_announcement_behalf_of_id"))
        batch_op.drop_index(batch_op.f("ix_announcement_author_id"))

    op.drop_table("announcement")
    with op.batch_alter_table("thread_invite", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_thread_invite_asked",
            sqlite_where=sa.text("state <> 'draft'"),
            postgresql_where=sa.text("state <> 'draft'"),
        )
        batch_op.drop_index(batch_op.f("ix_thread_invite_workspace_id"))
        batch_op.drop_index(batch_op.f("ix_thread_invite_inviter_id"))
        batch_op.drop_index(batch_op.f("ix_thread_invite_invited_id"))

    op.drop_table("thread_invite")
    with op.batch_alter_table("search", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_search_workspace_id"))
        batch_op.drop_index(batch_op.f("ix_search_member_id"))

    op.drop_table("search")
    with op.batch_alter_table("posted", schema=None) as batch_op:
        batch_op.drop_index("ix_posted_subject")
        batch_op.drop_index("ix_posted_place")
        batch_op.drop_index(batch_op.f("ix_posted_member_id"))

    op.drop_table("posted")
    with op.batch_alter_table("path_reader", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_path_reader_workspace_id"))
        batch_op.drop_index(batch_op.f("ix_path_reader_member_id"))

    op.drop_table("path_reader")
    op.drop_table("participation")
    with op.batch_alter_table("page_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_page_session_workspace_id"))
        batch_op.drop_index(batch_op.f("ix_page_session_member_id"))

    op.drop_table("page_session")
    with op.batch_alter_table("page_link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_page_link_workspace_id"))
        batch_op.drop_index(batch_op.f("ix_page_link_member_id"))

    op.drop_table("page_link")
    with op.batch_alter_table("look", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_look_workspace_id"))
        batch_op.drop_index(batch_op.f("ix_look_about_member_id"))

    op.drop_table("look")
    with op.batch_alter_table("local_seen", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_local_seen_workspace_id"))

    op.drop_table("local_seen")
    with op.batch_alter_table("local_message", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_local_message_workspace_id"))
        batch_op.drop_index(batch_op.f("ix_local_message_thread_of"))
        batch_op.drop_index(batch_op.f("ix_local_message_direct_with"))
        batch_op.drop_index(batch_op.f("ix_local_message_channel_id"))

    op.drop_table("local_message")
    with op.batch_alter_table("learnt_topic", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_learnt_topic_workspace_id"))
        batch_op.drop_index(batch_op.f("ix_learnt_topic_topic_id"))

    op.drop_table("learnt_topic")
    with op.batch_alter_table("lead_card", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_lead_card_workspace_id"))
        batch_op.drop_index(
            "ix_lead_card_planned",
            sqlite_where=sa.text("state = 'planned'"),
            postgresql_where=sa.text("state = 'planned'"),
        )

    op.drop_table("lead_card")
    op.drop_table("last_sign")
    with op.batch_alter_table("image", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_image_workspace_id"))
        batch_op.drop_index(batch_op.f("ix_image_waiting_for_id"))

    op.drop_table("image")
    with op.batch_alter_table("group_member", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_group_member_workspace_id"))
        batch_op.drop_index(batch_op.f("ix_group_member_member_id"))

    op.drop_table("group_member")
    with op.batch_alter_table("frozen_membership", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_frozen_membership_member_id"))

    op.drop_table("frozen_membership")
    with op.batch_alter_table("followed_topic", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_followed_topic_workspace_id"))
        batch_op.drop_index(batch_op.f("ix_followed_topic_topic_id"))

    op.drop_table("followed_topic")
    with op.batch_alter_table("contact", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_contact_paid",
            sqlite_where=sa.text("state <> 'given_back'"),
            postgresql_where=sa.text("state <> 'given_back'"),
        )
        batch_op.drop_index(batch_op.f("ix_contact_workspace_id"))
        batch_op.drop_index(batch_op.f("ix_contact_member_id"))

    op.drop_table("contact")
    with op.batch_alter_table("compared", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_compared_due", sqlite_where=sa.text("NOT is_summed"), postgresql_where=sa.text("NOT is_summed")
        )

    op.drop_table("compared")
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
    with op.batch_alter_table("closed_way", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_closed_way_workspace_id"))

    op.drop_table("closed_way")
    with op.batch_alter_table("channel_member", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_channel_member_workspace_id"))
        batch_op.drop_index(batch_op.f("ix_channel_member_member_id"))

    op.drop_table("channel_member")
    with op.batch_alter_table("away", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_away_workspace_id"))

    op.drop_table("away")
    with op.batch_alter_table("member", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_member_workspace_id"))
        batch_op.drop_index(batch_op.f("ix_member_home_team_id"))
        batch_op.drop_index("ix_member_email")

    op.drop_table("member")
    with op.batch_alter_table("counted_day", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_counted_day_imported",
            sqlite_where=sa.text("imported_at IS NOT NULL"),
            postgresql_where=sa.text("imported_at IS NOT NULL"),
        )

    op.drop_table("counted_day")
    op.drop_table("channel_participation")
    op.drop_table("week_figure")
    with op.batch_alter_table("topic", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_topic_workspace_id"))

    op.drop_table("topic")
    op.drop_table("summed_week")
    with op.batch_alter_table("round", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_round_workspace_id"))

    op.drop_table("round")
    with op.batch_alter_table("people_group", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_people_group_workspace_id"))

    op.drop_table("people_group")
    op.drop_table("outsider")
    op.drop_table("nudge_figure")
    op.drop_table("monthly_participation")
    op.drop_table("lane")
    op.drop_table("kept_wish")
    with op.batch_alter_table("installation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_installation_workspace_id"))
        batch_op.drop_index(batch_op.f("ix_installation_external_id"))

    op.drop_table("installation")
    with op.batch_alter_table("home_team", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_home_team_workspace_id"))

    op.drop_table("home_team")
    with op.batch_alter_table("happened", schema=None) as batch_op:
        batch_op.drop_index("ix_happened_swept")

    op.drop_table("happened")
    op.drop_table("frozen_quarter")
    with op.batch_alter_table("errand", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_errand_workspace_id"))

    op.drop_table("errand")
    op.drop_table("directory_part")
    op.drop_table("directory")
    op.drop_table("direct_participation")
    op.drop_table("counts_swept")
    op.drop_table("conversation_reference")
    op.drop_table("compared_sum")
    op.drop_table("coaching_sum")
    with op.batch_alter_table("channel", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_channel_workspace_id"))

    op.drop_table("channel")
    op.drop_table("workspace")
    op.drop_table("wish_key")
    op.drop_table("program_floor")
    op.drop_table("product_clock")
    op.drop_table("installing_state")
    op.drop_table("comparing_key")
