"""Phones of staff that were verified by a code, exchanges of shifts, and who changed the rota."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from hotline.storage.tables import BigId, Utc

revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Nobody has shown yet that the phone is theirs: empty means not verified.
    op.add_column('staff', sa.Column('phone_verified_at', Utc(), nullable=True))
    op.add_column('staff', sa.Column('phone_lost_at', Utc(), nullable=True))
    op.add_column(
        'staff', sa.Column('version', sa.Integer(), server_default='1', nullable=False)
    )
    op.create_table('phone_code',
    sa.Column('id', BigId, sa.Identity(always=False), nullable=False),
    sa.Column('staff_id', BigId, nullable=False),
    sa.Column('phone_index', sa.LargeBinary(length=16), nullable=False),
    sa.Column('code_hash', sa.LargeBinary(length=16), nullable=False),
    sa.Column('made_at', Utc(), nullable=False),
    sa.Column('expires_at', Utc(), nullable=False),
    sa.Column('tries', sa.Integer(), server_default='0', nullable=False),
    sa.Column('ended_at', Utc(), nullable=True),
    sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], name=op.f('fk_phone_code_staff_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_phone_code'))
    )
    op.create_index('phone_code_of_staff', 'phone_code', ['staff_id', 'made_at'], unique=False)
    op.create_table('rota_change',
    sa.Column('id', BigId, sa.Identity(always=False), nullable=False),
    sa.Column('staff_id', BigId, nullable=False),
    sa.Column('starts_at', Utc(), nullable=False),
    sa.Column('ends_at', Utc(), nullable=False),
    sa.Column('at', Utc(), nullable=False),
    sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], name=op.f('fk_rota_change_staff_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_rota_change'))
    )
    op.add_column('shift_swap', sa.Column('back_starts_at', Utc(), nullable=True))
    op.add_column('shift_swap', sa.Column('back_ends_at', Utc(), nullable=True))
    op.add_column('shift_swap', sa.Column('back_place', sa.Integer(), nullable=True))
    op.create_index('shift_of_staff', 'shift', ['staff_id', 'ends_at'], unique=False)
