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
    op.add_column('staff', sa.Column('pin_hash', sa.String(length=256), nullable=True))
    op.add_column('staff', sa.Column('pin_keys', sa.Integer(), nullable=True))
    op.add_column('staff', sa.Column('pin_wrong', sa.Integer(), server_default='0', nullable=False))
    op.add_column('staff', sa.Column('pin_locked_until', Utc(), nullable=True))
