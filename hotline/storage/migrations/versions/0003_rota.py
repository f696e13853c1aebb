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
    op.add_column('shift', sa.Column('source', sa.String(length=12), server_default='hand', nullable=False))
    op.add_column('shift', sa.Column('rotation_id', BigId, nullable=True))
    op.add_column('shift', sa.Column('told_start', Utc(), nullable=True))
    op.create_table('rotation',
    sa.Column('id', BigId, sa.Identity(always=False), nullable=False),
    sa.Column('people', sa.JSON(), nullable=False),
    sa.Column('every', sa.String(length=8), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=False),
    sa.Column('from_time', sa.String(length=5), nullable=False),
    sa.Column('until_time', sa.String(length=5), nullable=False),
    sa.Column('weekday', sa.Integer(), nullable=False),
    sa.Column('days', sa.String(length=8), nullable=False),
    sa.Column('zone', sa.String(length=40), nullable=False),
    sa.Column('place', sa.Integer(), nullable=False),
    sa.Column('created_at', Utc(), nullable=False),
    sa.Column('ended_at', Utc(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_rotation'))
    )
    op.create_table('holiday',
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('is_off', sa.Boolean(), nullable=False),
    sa.Column('set_at', Utc(), nullable=False),
    sa.PrimaryKeyConstraint('day', name=op.f('pk_holiday'))
    )
    op.create_table('shift_swap',
    sa.Column('id', BigId, sa.Identity(always=False), nullable=False),
    sa.Column('asker_id', BigId, nullable=False),
    sa.Column('other_id', BigId, nullable=False),
    sa.Column('starts_at', Utc(), nullable=False),
    sa.Column('ends_at', Utc(), nullable=False),
    sa.Column('place', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('asked_at', Utc(), nullable=False),
    sa.Column('answered_at', Utc(), nullable=True),
    sa.ForeignKeyConstraint(['asker_id'], ['staff.id'], name=op.f('fk_shift_swap_asker_id')),
    sa.ForeignKeyConstraint(['other_id'], ['staff.id'], name=op.f('fk_shift_swap_other_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_shift_swap'))
    )
    op.create_index('swap_by_state', 'shift_swap', ['state', 'ends_at'], unique=False)
    op.create_table('calendar_address',
    sa.Column('id', BigId, sa.Identity(always=False), nullable=False),
    sa.Column('staff_id', BigId, nullable=False),
    sa.Column('token_hash', sa.LargeBinary(length=32), nullable=False),
    sa.Column('created_at', Utc(), nullable=False),
    sa.Column('revoked_at', Utc(), nullable=True),
    sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], name=op.f('fk_calendar_address_staff_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_calendar_address')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_calendar_address_token_hash'))
    )
    op.create_index('calendar_of_staff', 'calendar_address', ['staff_id'], unique=False)
