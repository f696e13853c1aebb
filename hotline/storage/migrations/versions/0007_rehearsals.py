"""Rehearsals: the weekly trial of the whole chain."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from hotline.storage.tables import BigId, Utc

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass
