"""How each carrier has been doing lately, and when a message is to be asked after."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from hotline.storage.tables import BigId, Utc

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('carrier_health',
    sa.Column('id', BigId, sa.Identity(always=False), nullable=False),
    sa.Column('carrier', sa.String(length=16), nullable=False),
    sa.Column('direction', sa.String(length=8), nullable=False),
    sa.Column('recent', sa.String(length=20), nullable=False),
    sa.Column('opened_at', Utc(), nullable=True),
    sa.Column('probe_at', Utc(), nullable=True),
    sa.Column('is_probing', sa.Boolean(), nullable=False),
    sa.Column('good', sa.Integer(), nullable=False),
    sa.Column('openings', sa.Integer(), nullable=False),
    sa.Column('episode', sa.Integer(), nullable=False),
    sa.Column('told', sa.Boolean(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('polls', sa.Integer(), server_default='0', nullable=False),
    sa.Column('updated_at', Utc(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_carrier_health')),
    sa.UniqueConstraint('carrier', 'direction', name=op.f('uq_carrier_health_carrier_direction'))
    )
    op.add_column('outbox_item', sa.Column('resends', sa.Integer(), server_default='0', nullable=False))
    op.add_column('outbox_item', sa.Column('polls', sa.Integer(), server_default='0', nullable=False))
    op.add_column('outbox_item', sa.Column('poll_at', Utc(), nullable=True))
    op.create_index('outbox_to_poll', 'outbox_item', ['poll_at'], unique=False,
        sqlite_where=sa.text('poll_at IS NOT NULL'), postgresql_where=sa.text('poll_at IS NOT NULL'))
