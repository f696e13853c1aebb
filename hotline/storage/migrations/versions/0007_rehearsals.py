"""Rehearsals: the weekly trial of the whole chain; findings: what the auditor saw last."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from hotline.storage.tables import BigId, Utc

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index('case_not_closed', 'cases', ['id'], unique=False,
        sqlite_where=sa.text("state != 'closed'"), postgresql_where=sa.text("state != 'closed'"))
    op.create_table('finding',
    sa.Column('code', sa.String(length=32), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('since', Utc(), nullable=False),
    sa.PrimaryKeyConstraint('code', name=op.f('pk_finding'))
    )
    op.create_table('rehearsal',
    sa.Column('id', BigId, sa.Identity(always=False), nullable=False),
    sa.Column('planned_for', Utc(), nullable=False),
    sa.Column('state', sa.String(length=8), nullable=False),
    sa.Column('carrier', sa.String(length=16), nullable=False),
    sa.Column('sid', sa.String(length=64), nullable=False),
    sa.Column('case_id', BigId, nullable=True),
    sa.Column('steps', sa.JSON(), nullable=False),
    sa.Column('failed_at', sa.String(length=16), nullable=True),
    sa.Column('why', sa.String(length=32), nullable=True),
    sa.Column('started_at', Utc(), nullable=False),
    sa.Column('ended_at', Utc(), nullable=True),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_rehearsal_case_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_rehearsal')),
    sa.UniqueConstraint('planned_for', name=op.f('uq_rehearsal_planned_for'))
    )
    op.create_index('rehearsal_by_call', 'rehearsal', ['carrier', 'sid'], unique=False)
    op.create_index('rehearsal_running', 'rehearsal', ['state'], unique=True,
        sqlite_where=sa.text("state = 'running'"), postgresql_where=sa.text("state = 'running'"))
