"""one picture."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
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

    with op.batch_alter_table("anchoring_request", schema=None) as batch_op:
        batch_op.add_column(sa.Column("image_id", sa.Integer(), nullable=True))

    with op.batch_alter_table("announcement", schema=None) as batch_op:
        batch_op.add_column(sa.Column("image_id", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_announcement_image_id"), ["image_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_announcement_image_id_image"), "image", ["image_id"], ["id"], ondelete="SET NULL"
        )

    with op.batch_alter_table("announcement_text", schema=None) as batch_op:
        batch_op.add_column(sa.Column("alt", sa.String(), nullable=False))

    with op.batch_alter_table("behalf_request", schema=None) as batch_op:
        batch_op.add_column(sa.Column("image_id", sa.Integer(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("behalf_request", schema=None) as batch_op:
        batch_op.drop_column("image_id")

    with op.batch_alter_table("announcement_text", schema=None) as batch_op:
        batch_op.drop_column("alt")

    with op.batch_alter_table("announcement", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_announcement_image_id_image"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_announcement_image_id"))
        batch_op.drop_column("image_id")

    with op.batch_alter_table("anchoring_request", schema=None) as batch_op:
        batch_op.drop_column("image_id")

    with op.batch_alter_table("image", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_image_workspace_id"))
        batch_op.drop_index(batch_op.f("ix_image_waiting_for_id"))

    op.drop_table("image")
