"""Indexes by which cases are found again, and by which those that are not closed are due."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_NOT_CLOSED = sa.text("state != 'closed'")
_TO_DO = ["id", "state", "claimed_by", "priority", "opened_at", "claim_due_at", "attempt_due_at"]


def upgrade() -> None:
    for name in ("kind", "chi", "place", "outcome"):
        op.create_index(
            f"case_by_{name}", "cases", [name, "state", "opened_at", "id"], unique=False
        )
    op.create_index("case_by_opening", "cases", ["state", "opened_at", "id"], unique=False)
    op.create_index(
        "case_to_do",
        "cases",
        _TO_DO,
        unique=False,
        sqlite_where=_NOT_CLOSED,
        postgresql_where=_NOT_CLOSED,
    )
    for name in ("by_state", "not_closed"):  # the new ones serve what these did
        op.drop_index(f"case_{name}", table_name="cases")
