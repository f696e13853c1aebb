"""Services callers are referred to, and the referrals."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from hotline.storage.tables import BigId, Utc

revision = '0013'
down_revision = '0012'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('service',
    sa.Column('id', BigId, sa.Identity(always=False), nullable=False),
    sa.Column('known_as', sa.String(length=8), nullable=True),
    sa.Column('name_km', sa.String(length=160), nullable=False),
    sa.Column('name_en', sa.String(length=160), nullable=False),
    sa.Column('search', sa.String(length=1000), nullable=False),
    sa.Column('place', sa.String(length=6), nullable=False),
    sa.Column('serves', sa.String(length=12), nullable=False),
    sa.Column('hours', sa.String(length=200), nullable=False),
    sa.Column('phones', sa.String(length=200), nullable=False),
    sa.Column('is_authority', sa.Boolean(), nullable=False),
    sa.Column('is_example', sa.Boolean(), server_default=sa.text('false'), nullable=False),
    sa.Column('is_active', sa.Boolean(), nullable=False),
    sa.Column('agreed_on', sa.Date(), nullable=True),
    sa.Column('checked_on', sa.Date(), nullable=True),
    sa.Column('check_due_on', sa.Date(), nullable=False),
    sa.Column('entrusted_sealed', sa.LargeBinary(), nullable=True),
    sa.Column('added_at', Utc(), nullable=False),
    sa.Column('changed_at', Utc(), nullable=False),
    sa.Column('changed_by', BigId, nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['changed_by'], ['staff.id'], name=op.f('fk_service_changed_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_service')),
    sa.UniqueConstraint('known_as', name=op.f('uq_service_known_as'))
    )
    op.create_index('service_by_place', 'service', ['is_active', 'place'], unique=False)
    op.create_index('service_by_check', 'service', ['is_active', 'check_due_on'], unique=False)
    op.create_table('service_category',
    sa.Column('service_id', BigId, autoincrement=False, nullable=False),
    sa.Column('category', sa.String(length=24), nullable=False),
    sa.ForeignKeyConstraint(['service_id'], ['service.id'], name=op.f('fk_service_category_service_id')),
    sa.PrimaryKeyConstraint('service_id', 'category', name=op.f('pk_service_category'))
    )
    op.create_table('service_check',
    sa.Column('id', BigId, sa.Identity(always=False), nullable=False),
    sa.Column('service_id', BigId, nullable=False),
    sa.Column('at', Utc(), nullable=False),
    sa.Column('staff_id', BigId, nullable=False),
    sa.Column('spoken_to_sealed', sa.LargeBinary(), nullable=True),
    sa.ForeignKeyConstraint(['service_id'], ['service.id'], name=op.f('fk_service_check_service_id')),
    sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], name=op.f('fk_service_check_staff_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_service_check'))
    )
    op.create_index('check_of_service', 'service_check', ['service_id', 'at'], unique=False)
    op.create_table('referral',
    sa.Column('id', BigId, sa.Identity(always=False), nullable=False),
    sa.Column('case_id', BigId, nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('service_id', BigId, nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('answer', sa.String(length=8), nullable=False),
    sa.Column('said_by', sa.String(length=8), nullable=True),
    sa.Column('fields', sa.JSON(), nullable=False),
    sa.Column('words_sealed', sa.LargeBinary(), nullable=True),
    sa.Column('reason_sealed', sa.LargeBinary(), nullable=True),
    sa.Column('asked_at', Utc(), nullable=False),
    sa.Column('asked_by', BigId, nullable=False),
    sa.Column('changed_at', Utc(), nullable=False),
    sa.Column('due_at', Utc(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['asked_by'], ['staff.id'], name=op.f('fk_referral_asked_by')),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_referral_case_id')),
    sa.ForeignKeyConstraint(['service_id'], ['service.id'], name=op.f('fk_referral_service_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_referral')),
    sa.UniqueConstraint('case_id', 'number', name=op.f('uq_referral_case_id_number'))
    )
    op.create_index('referral_due', 'referral', ['due_at'], unique=False,
        sqlite_where=sa.text('due_at IS NOT NULL'), postgresql_where=sa.text('due_at IS NOT NULL'))
    op.create_table('referral_step',
    sa.Column('id', BigId, sa.Identity(always=False), nullable=False),
    sa.Column('referral_id', BigId, nullable=False),
    sa.Column('at', Utc(), nullable=False),
    sa.Column('staff_id', BigId, nullable=False),
    sa.Column('what', sa.String(length=16), nullable=False),
    sa.Column('words_sealed', sa.LargeBinary(), nullable=True),
    sa.ForeignKeyConstraint(['referral_id'], ['referral.id'], name=op.f('fk_referral_step_referral_id')),
    sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], name=op.f('fk_referral_step_staff_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_referral_step'))
    )
    op.create_index('step_of_referral', 'referral_step', ['referral_id', 'at'], unique=False)
