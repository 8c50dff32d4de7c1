"""Who stated a need from outside of the organisations, and how they can be reached."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "culturape_agenda_0002"
down_revision = "culturape_agenda_0001"
branch_labels = None
depends_on = None

SENDER = "culturape_agenda_sender"


def upgrade() -> None:
    """Make the table, unless a copy of the database brought it."""
    if sa.inspect(op.get_bind()).has_table(SENDER):
        return
    op.create_table(
        SENDER,
        sa.Column("need_id", sa.Text, sa.ForeignKey("package.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("user_id", sa.Text, nullable=False),  # empty for a visitor
        sa.Column("digest", sa.Text, nullable=False, unique=True),  # of who said what
        sa.Column("moment", sa.DateTime(timezone=True), nullable=False),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("email", sa.Text, nullable=False),
    )
    op.create_index(f"{SENDER}_user", SENDER, ["user_id"])


def downgrade() -> None:
    """Drop the table, with the addresses that it holds."""
    op.drop_table(SENDER)
