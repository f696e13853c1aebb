"""PINs for staff who work by phone."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from hotline.storage.tables import BigId, Utc

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass
