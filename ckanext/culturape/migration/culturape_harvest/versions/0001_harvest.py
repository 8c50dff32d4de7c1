"""What each source has given, what became of it, and what is still to be done.

Clearing a source or its history deletes the rows of ckanext-harvest; these stay.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "culturape_harvest_0001"
down_revision = None
branch_labels = None
depends_on = None

DATASET, FAULT = "culturape_harvest_dataset", "culturape_harvest_fault"
PAGE, RESIDUE, RUN = "culturape_harvest_page", "culturape_harvest_residue", "culturape_harvest_run"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables, unless a copy of the database brought them."""
    if not sa.inspect(op.get_bind()).has_table(DATASET):
        _make_runs()
        _make_datasets()
        _make_pages()
        _make_faults()
        op.create_table(
            RESIDUE,
            sa.Column("package_id", sa.Text, primary_key=True),
            sa.Column("content", sa.LargeBinary, nullable=False),
        )


def _make_runs() -> None:
    op.create_table(
        RUN,
        sa.Column("id", sa.Text, primary_key=True),  # of the job of ckanext-harvest
        sa.Column("source_id", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),  # gathering, importing, guarded, finished, failed
        sa.Column("started", MOMENT, nullable=False),
        sa.Column("gathered", MOMENT),
        sa.Column("finished", MOMENT),
        sa.Column("rules", sa.Text, nullable=False),  # version of code, vocabularies and options
        sa.Column("family", sa.Text, nullable=False, server_default=""),
        sa.Column("pending", JSONB, nullable=False),  # addresses of pages still to be read, in their order
        sa.Column("pages", sa.Integer, nullable=False, server_default="0"),
        sa.Column("total", sa.Integer),  # datasets that the source says it has
        sa.Column("is_whole", sa.Boolean, nullable=False, server_default=sa.true()),
        sa.Column("counts", JSONB, nullable=False, server_default="{}"),  # outcome: number, once it is finished
        sa.Column("error", JSONB),  # a fault: why nothing more could be read
        sa.Column("guard", JSONB),  # missing, known, reason: why nothing was deleted
        sa.Column("confirmed", MOMENT),
        sa.Column("confirmed_by", sa.Text),
    )
    op.create_index(f"{RUN}_source", RUN, ["source_id", "started"])


def _make_datasets() -> None:
    op.create_table(
        DATASET,
        sa.Column("source_id", sa.Text, primary_key=True),
        sa.Column("key", sa.Text, primary_key=True),  # digest of the URI, which may be long
        sa.Column("uri", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False, server_default=""),
        sa.Column("package_id", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),  # waiting, current, stale, gone, refused, conflict, withdrawn
        sa.Column("digest", sa.Text, nullable=False, server_default=""),  # of the statements that were read last
        sa.Column("rules", sa.Text, nullable=False, server_default=""),
        sa.Column("base", sa.LargeBinary),  # the record as it was taken over last
        sa.Column("page", sa.Text, nullable=False, server_default=""),
        sa.Column("seen", sa.Text, nullable=False, server_default=""),  # last run that found it
        sa.Column("outcome", sa.Text, nullable=False, server_default=""),  # added, changed, stale, deleted, refused...
        sa.Column("outcome_run", sa.Text, nullable=False, server_default=""),
        sa.Column("reason", JSONB),  # a fault: why it is stale, refused or in conflict
        sa.Column("first_seen", MOMENT, nullable=False),
        sa.Column("last_seen", MOMENT, nullable=False),
        sa.Column("changed", MOMENT),
    )
    op.create_index(f"{DATASET}_package", DATASET, ["package_id"])
    op.create_index(f"{DATASET}_key", DATASET, ["key"])
    op.create_index(f"{DATASET}_outcome", DATASET, ["outcome_run"])


def _make_pages() -> None:
    op.create_table(
        PAGE,
        sa.Column("source_id", sa.Text, primary_key=True),
        sa.Column("key", sa.Text, primary_key=True),  # digest of the address
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("run_id", sa.Text, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("rules", sa.Text, nullable=False),
        sa.Column("etag", sa.Text, nullable=False, server_default=""),
        sa.Column("modified", sa.Text, nullable=False, server_default=""),
        sa.Column("digest", sa.Text, nullable=False, server_default=""),  # of the bytes
        sa.Column("next", JSONB, nullable=False, server_default="[]"),
        sa.Column("family", sa.Text, nullable=False, server_default=""),
        sa.Column("datasets", sa.Integer, nullable=False, server_default="0"),
        sa.Column("total", sa.Integer),
        sa.Column("is_whole", sa.Boolean, nullable=False, server_default=sa.true()),
    )


def _make_faults() -> None:
    op.create_table(
        FAULT,
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("source_id", sa.Text, nullable=False),
        sa.Column("run_id", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=False, server_default=""),  # of the dataset; that of the page for a document
        sa.Column("uri", sa.Text, nullable=False, server_default=""),
        sa.Column("kind", sa.Text, nullable=False),  # document, value, refused, conflict, kept, withdrawn
        sa.Column("field", sa.Text, nullable=False, server_default=""),
        sa.Column("value", sa.Text, nullable=False, server_default=""),
        sa.Column("fault", JSONB, nullable=False),  # message (a msgid) and parameters
    )
    op.create_index(f"{FAULT}_dataset", FAULT, ["source_id", "key"])


def downgrade() -> None:
    """Remove them; the datasets stay, but a source no longer knows which are its own."""
    for table in (FAULT, PAGE, RESIDUE, DATASET, RUN):
        op.drop_table(table)
