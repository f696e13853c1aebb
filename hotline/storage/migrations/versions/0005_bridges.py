"""Bridges: masked calls between a staff member and a caller."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from hotline.storage.tables import BigId, Utc

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('bridge',
    sa.Column('id', BigId, sa.Identity(always=False), nullable=False),
    sa.Column('case_id', BigId, nullable=False),
    sa.Column('staff_id', BigId, nullable=False),
    sa.Column('mode', sa.String(length=8), nullable=True),
    sa.Column('state', sa.String(length=8), nullable=False),
    sa.Column('overridden', sa.Boolean(), nullable=False),
    sa.Column('staff_item_id', BigId, nullable=True),
    sa.Column('caller_item_id', BigId, nullable=True),
    sa.Column('started_at', Utc(), nullable=False),
    sa.Column('news_at', Utc(), nullable=False),
    sa.Column('accepted_at', Utc(), nullable=True),
    sa.Column('ended_at', Utc(), nullable=True),
    sa.Column('outcome', sa.String(length=16), nullable=True),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_bridge_case_id')),
    sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], name=op.f('fk_bridge_staff_id')),
    sa.ForeignKeyConstraint(['staff_item_id'], ['outbox_item.id'], name=op.f('fk_bridge_staff_item_id')),
    sa.ForeignKeyConstraint(['caller_item_id'], ['outbox_item.id'], name=op.f('fk_bridge_caller_item_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_bridge'))
    )
    op.create_index('bridge_of_case', 'bridge', ['case_id', 'started_at'], unique=False)
    op.create_index('bridge_of_staff_item', 'bridge', ['staff_item_id'], unique=False)
    op.create_index('bridge_of_caller_item', 'bridge', ['caller_item_id'], unique=False)
    op.create_index('bridge_open', 'bridge', ['case_id'], unique=True,
        sqlite_where=sa.text('ended_at IS NULL'), postgresql_where=sa.text('ended_at IS NULL'))
    op.create_index('bridge_unsettled', 'bridge', ['news_at'], unique=False,
        sqlite_where=sa.text('outcome IS NULL'), postgresql_where=sa.text('outcome IS NULL'))
