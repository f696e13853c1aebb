"""How each carrier has been doing lately, and when a message was last asked after."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from hotline.storage.tables import BigId, Utc

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass
