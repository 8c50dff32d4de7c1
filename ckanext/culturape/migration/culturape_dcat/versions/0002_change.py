"""What changed in the catalogue, deletions included: one row per dataset and address, ordered by moments that never repeat."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "culturape_dcat_0002"
down_revision = "culturape_dcat_0001"
branch_labels = None
depends_on = None

TABLE = "culturape_dcat_change"
FRAGMENT = "culturape_dcat_fragment"
MOVED = ("changed", "removed")


def _columns() -> set[str]:
    return {column["name"] for column in sa.inspect(op.get_bind()).get_columns(FRAGMENT)}


def upgrade() -> None:
    """Make the table, unless a copy of the database brought it; what is in the catalogue today counts as published today."""
    if not sa.inspect(op.get_bind()).has_table(TABLE):
        op.create_table(
            TABLE,
            sa.Column("package_id", sa.Text, primary_key=True),
            sa.Column("uri", sa.Text, primary_key=True),
            sa.Column("digest", sa.Text, nullable=False),
            sa.Column("published", sa.DateTime(timezone=True), nullable=False),
            sa.Column("changed", sa.DateTime(timezone=True), nullable=False),
            sa.Column("removed", sa.Boolean, nullable=False),
        )
        op.create_index(f"{TABLE}_changed", TABLE, ["changed"], unique=True)
        op.execute(
            f"""INSERT INTO {TABLE} SELECT package_id, uri, digest, moment, moment, false FROM (
                SELECT *, now() + row_number() OVER (ORDER BY package_id) * interval '1 microsecond' AS moment
                FROM {FRAGMENT} WHERE digest <> '') AS there"""
        )
    for name in _columns().intersection(MOVED):
        # The index on them goes with them.
        op.drop_column(FRAGMENT, name)


def downgrade() -> None:
    """Back to the moments in the table of fragments; deletions are forgotten."""
    there = _columns()
    if "changed" not in there:
        now = sa.text("clock_timestamp()")
        op.add_column(FRAGMENT, sa.Column("changed", sa.DateTime(timezone=True), nullable=False, server_default=now))
        op.create_index(f"{FRAGMENT}_changed", FRAGMENT, ["changed", "package_id"])
    if "removed" not in there:
        op.add_column(FRAGMENT, sa.Column("removed", sa.Boolean, nullable=False, server_default=sa.false()))
    op.drop_table(TABLE)
