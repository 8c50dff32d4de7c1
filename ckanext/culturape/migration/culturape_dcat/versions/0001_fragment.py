"""The statements of each public dataset, ready to be joined."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "culturape_dcat_0001"
down_revision = None
branch_labels = None
depends_on = None

TABLE = "culturape_dcat_fragment"


def upgrade() -> None:
    """Make the table, unless a copy of the database brought it."""
    if sa.inspect(op.get_bind()).has_table(TABLE):
        return
    op.create_table(
        TABLE,
        sa.Column("package_id", sa.Text, primary_key=True),
        sa.Column("uri", sa.Text, nullable=False),
        sa.Column("version", sa.Text, nullable=False),
        sa.Column("owner_version", sa.Text, nullable=False),
        sa.Column("site", sa.Text, nullable=False),
        sa.Column("modified", sa.DateTime),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("content", sa.LargeBinary),
        sa.Column("concepts", sa.Text, nullable=False),
        sa.Column("problem", sa.Text, nullable=False),
        sa.Column("changed", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed", sa.Boolean, nullable=False),
    )
    op.create_index(f"{TABLE}_changed", TABLE, ["changed", "package_id"])


def downgrade() -> None:
    """Remove the table; everything in it can be made again."""
    op.drop_table(TABLE)
