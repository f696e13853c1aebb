"""The rota: rotations, swaps, holidays, calendar addresses."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from hotline.storage.tables import BigId, Utc

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass
