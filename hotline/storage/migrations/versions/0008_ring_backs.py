"""Missed calls that are rung back, and what is known of silent and pestering phones."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from hotline.storage.tables import BigId, Utc

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('ring_back',
    sa.Column('id', BigId, sa.Identity(always=False), nullable=False),
    sa.Column('caller_id', BigId, nullable=False),
    sa.Column('outbox_id', BigId, nullable=False),
    sa.Column('asked_at', Utc(), nullable=False),
    sa.Column('told_at', Utc(), nullable=True),
    sa.ForeignKeyConstraint(['caller_id'], ['caller.id'], name=op.f('fk_ring_back_caller_id')),
    sa.ForeignKeyConstraint(['outbox_id'], ['outbox_item.id'], name=op.f('fk_ring_back_outbox_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ring_back')),
    sa.UniqueConstraint('outbox_id', name=op.f('uq_ring_back_outbox_id'))
    )
    op.create_index('ring_back_of_caller', 'ring_back', ['caller_id', 'asked_at'], unique=False)
    op.create_index('ring_back_asked', 'ring_back', ['asked_at'], unique=False)
    op.create_table('silent_call',
    sa.Column('id', BigId, sa.Identity(always=False), nullable=False),
    sa.Column('caller_id', BigId, nullable=False),
    sa.Column('at', Utc(), nullable=False),
    sa.ForeignKeyConstraint(['caller_id'], ['caller.id'], name=op.f('fk_silent_call_caller_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_silent_call'))
    )
    op.create_index('silent_call_of_caller', 'silent_call', ['caller_id', 'at'], unique=False)
    op.create_table('pause',
    sa.Column('caller_id', BigId, autoincrement=False, nullable=False),
    sa.Column('ends_at', Utc(), nullable=False),
    sa.ForeignKeyConstraint(['caller_id'], ['caller.id'], name=op.f('fk_pause_caller_id')),
    sa.PrimaryKeyConstraint('caller_id', name=op.f('pk_pause'))
    )
