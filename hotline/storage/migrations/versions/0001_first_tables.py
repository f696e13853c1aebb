"""The first tables: callers, conversations, cases, pages, the outbox, staff, the audit chain."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from hotline.storage.tables import BigId, Utc

revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('audit_line',
    sa.Column('number', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('at', Utc(), nullable=False),
    sa.Column('actor', sa.String(length=48), nullable=False),
    sa.Column('action', sa.String(length=48), nullable=False),
    sa.Column('object', sa.String(length=64), nullable=False),
    sa.Column('detail', sa.String(length=96), nullable=False),
    sa.Column('hash', sa.LargeBinary(length=32), nullable=False),
    sa.PrimaryKeyConstraint('number', name=op.f('pk_audit_line'))
    )
    op.create_table('caller',
    sa.Column('id', BigId, sa.Identity(always=False), nullable=False),
    sa.Column('number_sealed', sa.LargeBinary(), nullable=False),
    sa.Column('number_index', sa.LargeBinary(length=16), nullable=False),
    sa.Column('language', sa.String(length=8), nullable=True),
    sa.Column('script', sa.String(length=8), nullable=True),
    sa.Column('stopped_at', Utc(), nullable=True),
    sa.Column('agreed_to_texts', sa.Boolean(), nullable=False),
    sa.Column('first_seen', Utc(), nullable=False),
    sa.Column('last_seen', Utc(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_caller')),
    sa.UniqueConstraint('number_index', name=op.f('uq_caller_number_index'))
    )
    op.create_table('heartbeat',
    sa.Column('name', sa.String(length=32), nullable=False),
    sa.Column('at', Utc(), nullable=False),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_heartbeat'))
    )
    op.create_table('sign_in_attempt',
    sa.Column('id', BigId, sa.Identity(always=False), nullable=False),
    sa.Column('name_hash', sa.LargeBinary(length=16), nullable=False),
    sa.Column('address_hash', sa.LargeBinary(length=16), nullable=False),
    sa.Column('at', Utc(), nullable=False),
    sa.Column('succeeded', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sign_in_attempt'))
    )
    with op.batch_alter_table('sign_in_attempt', schema=None) as batch_op:
        batch_op.create_index('sign_in_by_address', ['address_hash', 'at'], unique=False)
        batch_op.create_index('sign_in_by_name', ['name_hash', 'at'], unique=False)

    op.create_table('staff',
    sa.Column('id', BigId, sa.Identity(always=False), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('role', sa.String(length=16), nullable=False),
    sa.Column('phone_sealed', sa.LargeBinary(), nullable=False),
    sa.Column('phone_index', sa.LargeBinary(length=16), nullable=False),
    sa.Column('language', sa.String(length=8), nullable=False),
    sa.Column('password_hash', sa.String(length=256), nullable=True),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('created_at', Utc(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_staff')),
    sa.UniqueConstraint('name', name=op.f('uq_staff_name')),
    sa.UniqueConstraint('phone_index', name=op.f('uq_staff_phone_index'))
    )
    op.create_table('cases',
    sa.Column('id', BigId, sa.Identity(always=False), nullable=False),
    sa.Column('ref', sa.String(length=8), nullable=False),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('chi', sa.String(length=48), nullable=True),
    sa.Column('priority', sa.String(length=2), nullable=False),
    sa.Column('reason', sa.String(length=48), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('channel', sa.String(length=8), nullable=False),
    sa.Column('flags', sa.JSON(), nullable=False),
    sa.Column('caller_id', BigId, nullable=True),
    sa.Column('plan_sealed', sa.LargeBinary(), nullable=False),
    sa.Column('notes_sealed', sa.LargeBinary(), nullable=False),
    sa.Column('opened_at', Utc(), nullable=False),
    sa.Column('claimed_at', Utc(), nullable=True),
    sa.Column('claimed_by', BigId, nullable=True),
    sa.Column('first_attempt_at', Utc(), nullable=True),
    sa.Column('closed_at', Utc(), nullable=True),
    sa.Column('closed_by', BigId, nullable=True),
    sa.Column('outcome', sa.String(length=32), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['caller_id'], ['caller.id'], name=op.f('fk_cases_caller_id')),
    sa.ForeignKeyConstraint(['claimed_by'], ['staff.id'], name=op.f('fk_cases_claimed_by')),
    sa.ForeignKeyConstraint(['closed_by'], ['staff.id'], name=op.f('fk_cases_closed_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_cases')),
    sa.UniqueConstraint('ref', name=op.f('uq_cases_ref'))
    )
    with op.batch_alter_table('cases', schema=None) as batch_op:
        batch_op.create_index('case_by_state', ['state', 'priority', 'opened_at'], unique=False)
        batch_op.create_index('case_of_caller', ['caller_id', 'opened_at'], unique=False)

    op.create_table('desk_session',
    sa.Column('id', BigId, sa.Identity(always=False), nullable=False),
    sa.Column('token_hash', sa.LargeBinary(length=32), nullable=False),
    sa.Column('staff_id', BigId, nullable=False),
    sa.Column('created_at', Utc(), nullable=False),
    sa.Column('last_seen', Utc(), nullable=False),
    sa.Column('ended_at', Utc(), nullable=True),
    sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], name=op.f('fk_desk_session_staff_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_desk_session')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_desk_session_token_hash'))
    )
    op.create_table('incoming_text',
    sa.Column('id', BigId, sa.Identity(always=False), nullable=False),
    sa.Column('carrier', sa.String(length=16), nullable=False),
    sa.Column('sid', sa.String(length=64), nullable=False),
    sa.Column('caller_id', BigId, nullable=True),
    sa.Column('body_sealed', sa.LargeBinary(), nullable=False),
    sa.Column('received_at', Utc(), nullable=False),
    sa.Column('topic', sa.String(length=32), nullable=True),
    sa.Column('how', sa.String(length=16), nullable=True),
    sa.Column('score', sa.Integer(), nullable=True),
    sa.Column('answered', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['caller_id'], ['caller.id'], name=op.f('fk_incoming_text_caller_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_incoming_text')),
    sa.UniqueConstraint('carrier', 'sid', name=op.f('uq_incoming_text_carrier_sid'))
    )
    with op.batch_alter_table('incoming_text', schema=None) as batch_op:
        batch_op.create_index('text_not_understood', ['how', 'received_at'], unique=False)
        batch_op.create_index('text_of_caller', ['caller_id'], unique=False)

    op.create_table('shift',
    sa.Column('id', BigId, sa.Identity(always=False), nullable=False),
    sa.Column('staff_id', BigId, nullable=False),
    sa.Column('starts_at', Utc(), nullable=False),
    sa.Column('ends_at', Utc(), nullable=False),
    sa.Column('place', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], name=op.f('fk_shift_staff_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_shift'))
    )
    with op.batch_alter_table('shift', schema=None) as batch_op:
        batch_op.create_index('shift_by_time', ['ends_at', 'starts_at'], unique=False)

    op.create_table('attempt',
    sa.Column('id', BigId, sa.Identity(always=False), nullable=False),
    sa.Column('case_id', BigId, nullable=False),
    sa.Column('staff_id', BigId, nullable=False),
    sa.Column('at', Utc(), nullable=False),
    sa.Column('outcome', sa.String(length=16), nullable=False),
    sa.Column('note_sealed', sa.LargeBinary(), nullable=True),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_attempt_case_id')),
    sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], name=op.f('fk_attempt_staff_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_attempt'))
    )
    with op.batch_alter_table('attempt', schema=None) as batch_op:
        batch_op.create_index('attempt_of_case', ['case_id', 'at'], unique=False)

    op.create_table('case_event',
    sa.Column('id', BigId, sa.Identity(always=False), nullable=False),
    sa.Column('case_id', BigId, nullable=False),
    sa.Column('at', Utc(), nullable=False),
    sa.Column('what', sa.String(length=32), nullable=False),
    sa.Column('code', sa.String(length=48), nullable=True),
    sa.Column('staff_id', BigId, nullable=True),
    sa.Column('text_sealed', sa.LargeBinary(), nullable=True),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_case_event_case_id')),
    sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], name=op.f('fk_case_event_staff_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_case_event'))
    )
    with op.batch_alter_table('case_event', schema=None) as batch_op:
        batch_op.create_index('event_of_case', ['case_id', 'at'], unique=False)

    op.create_table('case_key',
    sa.Column('case_id', BigId, autoincrement=False, nullable=False),
    sa.Column('wrapped', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_case_key_case_id')),
    sa.PrimaryKeyConstraint('case_id', name=op.f('pk_case_key'))
    )
    op.create_table('conversation',
    sa.Column('id', BigId, sa.Identity(always=False), nullable=False),
    sa.Column('carrier', sa.String(length=16), nullable=False),
    sa.Column('channel', sa.String(length=8), nullable=False),
    sa.Column('sid', sa.String(length=64), nullable=False),
    sa.Column('caller_id', BigId, nullable=True),
    sa.Column('case_id', BigId, nullable=True),
    sa.Column('flow', sa.String(length=64), nullable=False),
    sa.Column('turn', sa.Integer(), nullable=False),
    sa.Column('state_sealed', sa.LargeBinary(), nullable=False),
    sa.Column('started_at', Utc(), nullable=False),
    sa.Column('last_at', Utc(), nullable=False),
    sa.Column('ended_at', Utc(), nullable=True),
    sa.Column('ended_how', sa.String(length=16), nullable=True),
    sa.ForeignKeyConstraint(['caller_id'], ['caller.id'], name=op.f('fk_conversation_caller_id')),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_conversation_case_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_conversation')),
    sa.UniqueConstraint('carrier', 'sid', name=op.f('uq_conversation_carrier_sid'))
    )
    with op.batch_alter_table('conversation', schema=None) as batch_op:
        batch_op.create_index('call_under_way', ['id'], unique=False, sqlite_where=sa.text("ended_at IS NULL AND channel = 'voice'"), postgresql_where=sa.text("ended_at IS NULL AND channel = 'voice'"))
        batch_op.create_index('conversation_of_caller', ['caller_id', 'channel'], unique=False)

    op.create_table('escalation',
    sa.Column('case_id', BigId, autoincrement=False, nullable=False),
    sa.Column('policy', sa.JSON(), nullable=False),
    sa.Column('step', sa.Integer(), nullable=False),
    sa.Column('started_at', Utc(), nullable=False),
    sa.Column('next_at', Utc(), nullable=False),
    sa.Column('ended_at', Utc(), nullable=True),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_escalation_case_id')),
    sa.PrimaryKeyConstraint('case_id', name=op.f('pk_escalation'))
    )
    with op.batch_alter_table('escalation', schema=None) as batch_op:
        batch_op.create_index('escalation_due', ['next_at'], unique=False, sqlite_where=sa.text('ended_at IS NULL'), postgresql_where=sa.text('ended_at IS NULL'))

    op.create_table('outbox_item',
    sa.Column('id', BigId, sa.Identity(always=False), nullable=False),
    sa.Column('queue', sa.String(length=16), nullable=False),
    sa.Column('audience', sa.String(length=8), nullable=False),
    sa.Column('channel', sa.String(length=8), nullable=False),
    sa.Column('staff_id', BigId, nullable=True),
    sa.Column('caller_id', BigId, nullable=True),
    sa.Column('case_id', BigId, nullable=True),
    sa.Column('prompt', sa.String(length=48), nullable=False),
    sa.Column('body_sealed', sa.LargeBinary(), nullable=False),
    sa.Column('segments', sa.Integer(), nullable=False),
    sa.Column('idempotency_key', sa.String(length=96), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.Column('next_at', Utc(), nullable=True),
    sa.Column('lease_owner', sa.String(length=48), nullable=True),
    sa.Column('lease_until', Utc(), nullable=True),
    sa.Column('carrier', sa.String(length=16), nullable=True),
    sa.Column('provider_sid', sa.String(length=64), nullable=True),
    sa.Column('error', sa.String(length=32), nullable=True),
    sa.Column('created_at', Utc(), nullable=False),
    sa.Column('sent_at', Utc(), nullable=True),
    sa.Column('updated_at', Utc(), nullable=False),
    sa.ForeignKeyConstraint(['caller_id'], ['caller.id'], name=op.f('fk_outbox_item_caller_id')),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_outbox_item_case_id')),
    sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], name=op.f('fk_outbox_item_staff_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_outbox_item')),
    sa.UniqueConstraint('idempotency_key', name=op.f('uq_outbox_item_idempotency_key'))
    )
    with op.batch_alter_table('outbox_item', schema=None) as batch_op:
        batch_op.create_index('outbox_by_sid', ['carrier', 'provider_sid'], unique=False)
        batch_op.create_index('outbox_due', ['queue', 'next_at'], unique=False, sqlite_where=sa.text("state = 'pending'"), postgresql_where=sa.text("state = 'pending'"))
        batch_op.create_index('outbox_leased', ['lease_until'], unique=False, sqlite_where=sa.text("state = 'sending'"), postgresql_where=sa.text("state = 'sending'"))

    op.create_table('page',
    sa.Column('id', BigId, sa.Identity(always=False), nullable=False),
    sa.Column('case_id', BigId, nullable=False),
    sa.Column('staff_id', BigId, nullable=False),
    sa.Column('code', sa.Integer(), nullable=False),
    sa.Column('sent_at', Utc(), nullable=False),
    sa.Column('expires_at', Utc(), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_page_case_id')),
    sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], name=op.f('fk_page_staff_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_page')),
    sa.UniqueConstraint('case_id', 'staff_id', name=op.f('uq_page_case_id_staff_id'))
    )
    with op.batch_alter_table('page', schema=None) as batch_op:
        batch_op.create_index('page_of_staff', ['staff_id', 'expires_at'], unique=False)

    op.create_table('recording',
    sa.Column('id', BigId, sa.Identity(always=False), nullable=False),
    sa.Column('carrier', sa.String(length=16), nullable=False),
    sa.Column('sid', sa.String(length=64), nullable=False),
    sa.Column('conversation_id', BigId, nullable=False),
    sa.Column('case_id', BigId, nullable=True),
    sa.Column('url_sealed', sa.LargeBinary(), nullable=True),
    sa.Column('seconds', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('file', sa.String(length=64), nullable=True),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.Column('next_at', Utc(), nullable=True),
    sa.Column('created_at', Utc(), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_recording_case_id')),
    sa.ForeignKeyConstraint(['conversation_id'], ['conversation.id'], name=op.f('fk_recording_conversation_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_recording')),
    sa.UniqueConstraint('carrier', 'sid', name=op.f('uq_recording_carrier_sid'))
    )
    with op.batch_alter_table('recording', schema=None) as batch_op:
        batch_op.create_index('recording_due', ['state', 'next_at'], unique=False)
        batch_op.create_index('recording_of_case', ['case_id'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('recording', schema=None) as batch_op:
        batch_op.drop_index('recording_of_case')
        batch_op.drop_index('recording_due')

    op.drop_table('recording')
    with op.batch_alter_table('page', schema=None) as batch_op:
        batch_op.drop_index('page_of_staff')

    op.drop_table('page')
    with op.batch_alter_table('outbox_item', schema=None) as batch_op:
        batch_op.drop_index('outbox_leased', sqlite_where=sa.text("state = 'sending'"), postgresql_where=sa.text("state = 'sending'"))
        batch_op.drop_index('outbox_due', sqlite_where=sa.text("state = 'pending'"), postgresql_where=sa.text("state = 'pending'"))
        batch_op.drop_index('outbox_by_sid')

    op.drop_table('outbox_item')
    with op.batch_alter_table('escalation', schema=None) as batch_op:
        batch_op.drop_index('escalation_due', sqlite_where=sa.text('ended_at IS NULL'), postgresql_where=sa.text('ended_at IS NULL'))

    op.drop_table('escalation')
    with op.batch_alter_table('conversation', schema=None) as batch_op:
        batch_op.drop_index('conversation_of_caller')

    op.drop_table('conversation')
    op.drop_table('case_key')
    with op.batch_alter_table('case_event', schema=None) as batch_op:
        batch_op.drop_index('event_of_case')

    op.drop_table('case_event')
    with op.batch_alter_table('attempt', schema=None) as batch_op:
        batch_op.drop_index('attempt_of_case')

    op.drop_table('attempt')
    with op.batch_alter_table('shift', schema=None) as batch_op:
        batch_op.drop_index('shift_by_time')

    op.drop_table('shift')
    with op.batch_alter_table('incoming_text', schema=None) as batch_op:
        batch_op.drop_index('text_of_caller')
        batch_op.drop_index('text_not_understood')

    op.drop_table('incoming_text')
    op.drop_table('desk_session')
    with op.batch_alter_table('cases', schema=None) as batch_op:
        batch_op.drop_index('case_of_caller')
        batch_op.drop_index('case_by_state')

    op.drop_table('cases')
    op.drop_table('staff')
    with op.batch_alter_table('sign_in_attempt', schema=None) as batch_op:
        batch_op.drop_index('sign_in_by_name')
        batch_op.drop_index('sign_in_by_address')

    op.drop_table('sign_in_attempt')
    op.drop_table('heartbeat')
    op.drop_table('caller')
    op.drop_table('audit_line')
