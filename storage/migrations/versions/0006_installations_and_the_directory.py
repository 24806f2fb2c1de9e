"""installations and the directory."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

AUDIENCE = "ck_announcement_audience_kind_known"


def upgrade() -> None:
    op.create_table(
        "installing_state",
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_installing_state")),
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
        "outsider",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_outsider_workspace_id_workspace"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("workspace_id", "digest", name=op.f("pk_outsider")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("channel", schema=None) as batch_op:
        batch_op.add_column(sa.Column("installation_id", sa.Integer(), nullable=True))

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

    with op.batch_alter_table("announcement", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f(AUDIENCE), type_="check")
        batch_op.create_check_constraint(
            batch_op.f(AUDIENCE), "audience_kind IN ('channel', 'home_team', 'group', 'everyone')"
        )


def downgrade() -> None:
    op.execute(sa.text("DELETE FROM announcement WHERE audience_kind = 'group'"))
    with op.batch_alter_table("announcement", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f(AUDIENCE), type_="check")
        batch_op.create_check_constraint(batch_op.f(AUDIENCE), "audience_kind IN ('channel', 'home_team', 'everyone')")
    with op.batch_alter_table("group_member", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_group_member_workspace_id"))
        batch_op.drop_index(batch_op.f("ix_group_member_member_id"))

    op.drop_table("group_member")
    with op.batch_alter_table("people_group", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_people_group_workspace_id"))

    op.drop_table("people_group")
    with op.batch_alter_table("channel", schema=None) as batch_op:
        batch_op.drop_column("installation_id")

    op.drop_table("outsider")
    with op.batch_alter_table("installation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_installation_workspace_id"))
        batch_op.drop_index(batch_op.f("ix_installation_external_id"))

    op.drop_table("installation")
    op.drop_table("directory")
    op.drop_table("installing_state")
