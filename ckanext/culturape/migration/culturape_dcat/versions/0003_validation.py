"""What SHACL shapes say of each dataset, for those who edit it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "culturape_dcat_0003"
down_revision = "culturape_dcat_0002"
branch_labels = None
depends_on = None

TABLE = "culturape_dcat_validation"


def upgrade() -> None:
    """Make the table, unless a copy of the database brought it."""
    if not sa.inspect(op.get_bind()).has_table(TABLE):
        op.create_table(
            TABLE,
            sa.Column("package_id", sa.Text, primary_key=True),
            sa.Column("version", sa.Text, nullable=False),
            sa.Column("checked", sa.DateTime(timezone=True), nullable=False),
            sa.Column("findings", sa.Text, nullable=False),
        )


def downgrade() -> None:
    """Remove it; everything in it can be made again."""
    op.drop_table(TABLE)
