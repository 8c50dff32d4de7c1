"""How actors evaluate agendas, and how records of agendas were at each moment."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "culturape_agenda_0003"
down_revision = "culturape_agenda_0002"
branch_labels = None
depends_on = None

EVALUATION, VERSION = "culturape_agenda_evaluation", "culturape_agenda_version"


def upgrade() -> None:
    """Make the tables, unless a copy of the database brought them."""
    if sa.inspect(op.get_bind()).has_table(EVALUATION):
        return
    op.create_table(
        EVALUATION,
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("agenda_id", sa.Text, sa.ForeignKey("package.id", ondelete="CASCADE"), nullable=False),
        sa.Column("about_id", sa.Text, sa.ForeignKey("package.id", ondelete="CASCADE"), nullable=False),  # a commitment, or the agenda
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("actor_key", sa.Text, nullable=False),  # the name as it is compared
        sa.Column("actor_type", sa.Text, nullable=False),  # a concept of actor-type
        sa.Column("answers", JSONB, nullable=False),
        sa.Column("lessons", sa.Text, nullable=False, server_default=""),
        sa.Column("moment", sa.DateTime(timezone=True), nullable=False),
        sa.Column("user_id", sa.Text, nullable=False, server_default=""),  # who entered it; never shown to the public
        sa.Column("ended", sa.DateTime(timezone=True)),  # when it was replaced or removed
        sa.Column("removal", sa.Text, nullable=False, server_default=""),  # why it was removed, for everybody
    )
    op.create_index(f"{EVALUATION}_agenda", EVALUATION, ["agenda_id", "about_id"])
    op.create_index(f"{EVALUATION}_about", EVALUATION, ["about_id"])
    op.create_index(
        f"{EVALUATION}_current", EVALUATION, ["agenda_id", "about_id", "actor_key"], unique=True,
        postgresql_where=sa.text("ended IS NULL"),
    )
    op.create_table(
        VERSION,
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("record_id", sa.Text, sa.ForeignKey("package.id", ondelete="CASCADE"), nullable=False),
        sa.Column("type", sa.Text, nullable=False),
        sa.Column("agenda_id", sa.Text, nullable=False, server_default=""),  # the agenda that it belonged to
        sa.Column("moment", sa.DateTime(timezone=True), nullable=False),
        sa.Column("content", JSONB),  # the record as anybody could read it; NULL from when nobody could
    )
    op.create_index(f"{VERSION}_record", VERSION, ["record_id", "moment", "id"])
    op.create_index(f"{VERSION}_agenda", VERSION, ["agenda_id", "record_id"])


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table(VERSION)
    op.drop_table(EVALUATION)
