"""Exports that a worker makes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from hotline.storage.tables import BigId, Utc

revision = '0016'
down_revision = '0015'
branch_labels = None
depends_on = None

_UNDER_WAY = sa.text("state IN ('waiting', 'making')")


def upgrade() -> None:
    op.create_table('export_job',
    sa.Column('id', BigId, sa.Identity(always=False), nullable=False),
    sa.Column('asked_by', BigId, nullable=False),
    sa.Column('asked_at', Utc(), nullable=False),
    sa.Column('format', sa.String(length=8), nullable=False),
    sa.Column('first_month', sa.String(length=7), nullable=False),
    sa.Column('last_month', sa.String(length=7), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('lease_owner', sa.String(length=48), nullable=True),
    sa.Column('lease_until', Utc(), nullable=True),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.Column('looked_at', sa.Integer(), nullable=False),
    sa.Column('total', sa.Integer(), nullable=True),
    sa.Column('told', sa.Integer(), nullable=True),
    sa.Column('file', sa.String(length=64), nullable=True),
    sa.Column('size', BigId, nullable=True),
    sa.Column('ended_at', Utc(), nullable=True),
    sa.ForeignKeyConstraint(['asked_by'], ['staff.id'], name=op.f('fk_export_job_asked_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_export_job'))
    )
    op.create_index('export_by_time', 'export_job', ['asked_at'], unique=False)
    op.create_index(
        'export_under_way',
        'export_job',
        ['id'],
        unique=False,
        sqlite_where=_UNDER_WAY,
        postgresql_where=_UNDER_WAY,
    )
