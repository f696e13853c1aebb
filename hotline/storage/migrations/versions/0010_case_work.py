"""What a case was about and where, dates set by staff, and reasons to open a colleague's case."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from hotline.storage.tables import BigId, Utc

revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('cases', sa.Column('local_code', sa.String(length=32), nullable=True))
    op.add_column('cases', sa.Column('place', sa.String(length=8), nullable=True))
    op.add_column('cases', sa.Column('facts_sealed', sa.LargeBinary(), nullable=True))
    op.add_column('follow_up', sa.Column('reason_sealed', sa.LargeBinary(), nullable=True))
    op.create_index('outbox_of_case', 'outbox_item', ['case_id', 'id'], unique=False)
    op.create_table('case_access',
    sa.Column('id', BigId, sa.Identity(always=False), nullable=False),
    sa.Column('case_id', BigId, nullable=False),
    sa.Column('staff_id', BigId, nullable=False),
    sa.Column('reason_sealed', sa.LargeBinary(), nullable=False),
    sa.Column('at', Utc(), nullable=False),
    sa.Column('expires_at', Utc(), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_case_access_case_id')),
    sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], name=op.f('fk_case_access_staff_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_case_access'))
    )
    op.create_index('access_of_case', 'case_access', ['case_id', 'staff_id', 'expires_at'], unique=False)
    op.create_index('access_by_time', 'case_access', ['at'], unique=False)
