"""The links between records, as a table that follows from them, and what became of needs."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "culturape_agenda_0001"
down_revision = None
branch_labels = None
depends_on = None

LINK, STATUS = "culturape_agenda_link", "culturape_agenda_status"


def upgrade() -> None:
    """Make the tables, unless a copy of the database brought them."""
    if sa.inspect(op.get_bind()).has_table(LINK):
        return
    op.create_table(
        LINK,
        sa.Column("source_id", sa.Text, sa.ForeignKey("package.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("field", sa.Text, primary_key=True),
        sa.Column("target_id", sa.Text, sa.ForeignKey("package.id", ondelete="CASCADE"), primary_key=True),
    )
    op.create_index(f"{LINK}_target", LINK, ["target_id"])
    op.create_table(
        STATUS,
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("need_id", sa.Text, sa.ForeignKey("package.id", ondelete="CASCADE"), nullable=False),
        sa.Column("status", sa.Text, nullable=False),  # a concept of need-status
        sa.Column("moment", sa.DateTime(timezone=True), nullable=False),
        sa.Column("user_id", sa.Text, nullable=False, server_default=""),  # who set it; never shown to the public
        sa.Column("comment", sa.Text, nullable=False, server_default=""),  # for everybody
    )
    op.create_index(f"{STATUS}_need", STATUS, ["need_id", "id"])


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table(STATUS)
    op.drop_table(LINK)
