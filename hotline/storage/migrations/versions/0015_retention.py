"""Legal holds, what is due to be forgotten and who agreed, copies at the carrier."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from hotline.storage.tables import BigId, Utc

revision = '0015'
down_revision = '0014'
branch_labels = None
depends_on = None


def _where(condition: str) -> dict[str, sa.TextClause]:
    return {'sqlite_where': sa.text(condition), 'postgresql_where': sa.text(condition)}


def upgrade() -> None:
    op.create_table('legal_hold',
    sa.Column('id', BigId, sa.Identity(always=False), nullable=False),
    sa.Column('case_id', BigId, nullable=False),
    sa.Column('reason_sealed', sa.LargeBinary(), nullable=False),
    sa.Column('placed_by', BigId, nullable=False),
    sa.Column('placed_at', Utc(), nullable=False),
    sa.Column('until', Utc(), nullable=False),
    sa.Column('lifted_by', BigId, nullable=True),
    sa.Column('lifted_at', Utc(), nullable=True),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_legal_hold_case_id')),
    sa.ForeignKeyConstraint(['lifted_by'], ['staff.id'], name=op.f('fk_legal_hold_lifted_by')),
    sa.ForeignKeyConstraint(['placed_by'], ['staff.id'], name=op.f('fk_legal_hold_placed_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_legal_hold'))
    )
    op.create_index('hold_of_case', 'legal_hold', ['case_id'], unique=True, **_where('lifted_at IS NULL'))
    op.create_table('retention_run',
    sa.Column('id', BigId, sa.Identity(always=False), nullable=False),
    sa.Column('state', sa.String(length=8), nullable=False),
    sa.Column('slot', sa.Integer(), nullable=True),
    sa.Column('as_of', Utc(), nullable=False),
    sa.Column('runs_at', Utc(), nullable=False),
    sa.Column('reasons', sa.JSON(), nullable=False),
    sa.Column('due', sa.JSON(), nullable=False),
    sa.Column('done', sa.JSON(), nullable=False),
    sa.Column('decided_by', BigId, nullable=True),
    sa.Column('decided_at', Utc(), nullable=True),
    sa.Column('ended_at', Utc(), nullable=True),
    sa.ForeignKeyConstraint(['decided_by'], ['staff.id'], name=op.f('fk_retention_run_decided_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_retention_run')),
    sa.UniqueConstraint('slot', name=op.f('uq_retention_run_slot'))
    )
    op.create_table('retention_consent',
    sa.Column('case_id', BigId, autoincrement=False, nullable=False),
    sa.Column('proposed_by', BigId, nullable=False),
    sa.Column('proposed_at', Utc(), nullable=False),
    sa.Column('agreed_by', BigId, nullable=True),
    sa.Column('agreed_at', Utc(), nullable=True),
    sa.ForeignKeyConstraint(['agreed_by'], ['staff.id'], name=op.f('fk_retention_consent_agreed_by')),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_retention_consent_case_id')),
    sa.ForeignKeyConstraint(['proposed_by'], ['staff.id'], name=op.f('fk_retention_consent_proposed_by')),
    sa.PrimaryKeyConstraint('case_id', name=op.f('pk_retention_consent'))
    )
    op.add_column('cases', sa.Column('forgotten_at', Utc(), nullable=True))
    op.add_column('cases', sa.Column('age_band', sa.String(length=8), nullable=True))
    op.create_index('case_to_forget', 'cases', ['state', 'closed_at'], unique=False, **_where("state = 'closed' AND forgotten_at IS NULL"))
    op.add_column('conversation', sa.Column('forgotten_at', Utc(), nullable=True))
    op.create_index('conversation_of_case', 'conversation', ['case_id'], unique=False)
    op.create_index('conversation_to_forget', 'conversation', ['started_at'], unique=False, **_where('forgotten_at IS NULL'))
    for table in ('incoming_text', 'outbox_item'):
        op.add_column(table, sa.Column('forgotten_at', Utc(), nullable=True))
    op.add_column('recording', sa.Column('wrapped', sa.LargeBinary(), nullable=True))
    for table in ('incoming_text', 'outbox_item', 'recording'):
        op.add_column(table, sa.Column('copy_state', sa.String(length=8), nullable=True))
        op.add_column(table, sa.Column('copy_at', Utc(), nullable=True))
    op.create_index('incoming_text_copy', 'incoming_text', ['id'], unique=False, **_where('copy_state IS NULL'))
    op.create_index('text_to_forget', 'incoming_text', ['received_at'], unique=False, **_where('forgotten_at IS NULL'))
    op.create_index('outbox_item_copy', 'outbox_item', ['id'], unique=False, **_where("copy_state IS NULL AND provider_sid IS NOT NULL AND channel = 'sms'"))
    op.create_index('outbox_of_caller', 'outbox_item', ['caller_id'], unique=False, **_where('caller_id IS NOT NULL'))
    op.create_index('outbox_to_forget', 'outbox_item', ['created_at'], unique=False, **_where('forgotten_at IS NULL'))
    op.create_index('recording_of_conversation', 'recording', ['conversation_id'], unique=False)
    op.create_index('recording_copy', 'recording', ['id'], unique=False, **_where('copy_state IS NULL'))
