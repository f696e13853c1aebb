"""Two clocks a case, calls beside texts in the outbox, answers to pages, how staff are reached."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from hotline.storage.tables import BigId, Utc

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('cases', sa.Column('claim_due_at', Utc(), nullable=True))
    op.add_column('cases', sa.Column('attempt_due_at', Utc(), nullable=True))
    op.add_column('cases', sa.Column('heeded', sa.JSON(), nullable=True))
    op.add_column('outbox_item', sa.Column('ask_sealed', sa.LargeBinary(), nullable=True))
    op.create_index('outbox_of_staff', 'outbox_item', ['staff_id', 'channel', 'created_at'], unique=False)
    op.add_column('page', sa.Column('answer', sa.String(length=16), nullable=True))
    op.add_column('page', sa.Column('answered_at', Utc(), nullable=True))
    op.add_column('page', sa.Column('held_until', Utc(), nullable=True))
    op.create_index('page_held', 'page', ['held_until'], unique=False,
        sqlite_where=sa.text('held_until IS NOT NULL'),
        postgresql_where=sa.text('held_until IS NOT NULL'))
    op.add_column('staff', sa.Column('by_sms', sa.Boolean(), server_default=sa.true(), nullable=False))
    op.add_column('staff', sa.Column('by_voice', sa.Boolean(), server_default=sa.true(), nullable=False))
    op.add_column('staff', sa.Column('quiet_from', sa.String(length=5), nullable=True))
    op.add_column('staff', sa.Column('quiet_to', sa.String(length=5), nullable=True))
    op.add_column('staff', sa.Column('zone', sa.String(length=40), server_default='Asia/Phnom_Penh', nullable=False))
    op.add_column('staff', sa.Column('wrong_codes', sa.Integer(), server_default='0', nullable=False))
    op.create_table('follow_up',
    sa.Column('case_id', BigId, autoincrement=False, nullable=False),
    sa.Column('what', sa.String(length=24), nullable=False),
    sa.Column('step', sa.Integer(), nullable=False),
    sa.Column('due_at', Utc(), nullable=False),
    sa.Column('next_at', Utc(), nullable=False),
    sa.Column('ended_at', Utc(), nullable=True),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_follow_up_case_id')),
    sa.PrimaryKeyConstraint('case_id', name=op.f('pk_follow_up'))
    )
    op.create_index('follow_up_due', 'follow_up', ['next_at'], unique=False,
        sqlite_where=sa.text('ended_at IS NULL'), postgresql_where=sa.text('ended_at IS NULL'))
