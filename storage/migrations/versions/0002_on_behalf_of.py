"""on behalf of."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


STATES = ("draft", "awaiting", "scheduled", "publishing", "published", "withdrawn", "cancelled")


def one_of(column: str) -> str:
    return f"{column} IN ({', '.join(repr(state) for state in STATES)})"


def upgrade() -> None:
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

    with op.batch_alter_table("anchoring_request", schema=None) as batch_op:
        batch_op.add_column(sa.Column("behalf_of_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_anchoring_request_behalf_of_id_member"), "member", ["behalf_of_id"], ["id"]
        )

    with op.batch_alter_table("announcement", schema=None) as batch_op:
        batch_op.add_column(sa.Column("behalf_of_id", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_announcement_behalf_of_id"), ["behalf_of_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_announcement_behalf_of_id_member"), "member", ["behalf_of_id"], ["id"]
        )

    with op.batch_alter_table("announcement", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_announcement_state_known"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_announcement_state_known"), one_of("state"))

    with op.batch_alter_table("announcement_step", schema=None) as batch_op:
        for column in ("from_state", "to_state"):
            name = batch_op.f(f"ck_announcement_step_{column}_known")
            batch_op.drop_constraint(name, type_="check")
            batch_op.create_check_constraint(name, one_of(column))

    with op.batch_alter_table("fan_out", schema=None) as batch_op:
        batch_op.add_column(sa.Column("also_except_member_id", sa.Integer(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("fan_out", schema=None) as batch_op:
        batch_op.drop_column("also_except_member_id")

    with op.batch_alter_table("announcement", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_announcement_behalf_of_id_member"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_announcement_behalf_of_id"))
        batch_op.drop_column("behalf_of_id")

    with op.batch_alter_table("anchoring_request", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_anchoring_request_behalf_of_id_member"), type_="foreignkey")
        batch_op.drop_column("behalf_of_id")

    with op.batch_alter_table("behalf_request", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_behalf_request_workspace_id"))
        batch_op.drop_index(batch_op.f("ix_behalf_request_member_id"))
        batch_op.drop_index(batch_op.f("ix_behalf_request_announcement_id"))

    op.drop_table("behalf_request")
