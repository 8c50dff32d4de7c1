"""The statements of each public dataset, ready to be joined."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "culturape_dcat_0001"
down_revision = None
branch_labels = None
depends_on = None

TABLE = "culturape_dcat_fragment"

#: Public datasets in the order of the catalogue, so that a page costs the same wherever it stands.
CATALOGUE = "culturape_dcat_catalogue"


def upgrade() -> None:
    """Make the table, unless a copy of the database brought it, and an index on that of CKAN."""
    op.execute(
        f"CREATE INDEX IF NOT EXISTS {CATALOGUE} ON package (metadata_created, id) "
        "WHERE type = 'dataset' AND state = 'active' AND NOT private"
    )
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
    # It is compressed before it comes here.
    op.execute(f"ALTER TABLE {TABLE} ALTER COLUMN content SET STORAGE EXTERNAL")
    op.create_index(f"{TABLE}_changed", TABLE, ["changed", "package_id"])


def downgrade() -> None:
    """Remove both; everything in them can be made again."""
    op.execute(f"DROP INDEX IF EXISTS {CATALOGUE}")
    op.drop_table(TABLE)
