"""Callers' messages; texts nobody understood, reviewed; spellings added at the desk."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from hotline.storage.tables import BigId, Utc

revision = '0014'
down_revision = '0013'
branch_labels = None
depends_on = None

_NOT_DONE = sa.text("state <> 'done'")
_UNREVIEWED = sa.text("reviewed_at IS NULL AND how IN ('none', 'ask')")
_NOT_WITHDRAWN = sa.text("state <> 'withdrawn'")


def upgrade() -> None:
    op.create_table('caller_message',
    sa.Column('id', BigId, sa.Identity(always=False), nullable=False),
    sa.Column('kind', sa.String(length=8), nullable=False),
    sa.Column('recording_id', BigId, nullable=True),
    sa.Column('text_id', BigId, nullable=True),
    sa.Column('caller_id', BigId, nullable=True),
    sa.Column('case_id', BigId, nullable=True),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('received_at', Utc(), nullable=False),
    sa.Column('state', sa.String(length=8), nullable=False),
    sa.Column('taken_by', BigId, nullable=True),
    sa.Column('taken_at', Utc(), nullable=True),
    sa.Column('heard_at', Utc(), nullable=True),
    sa.Column('done_by', BigId, nullable=True),
    sa.Column('done_at', Utc(), nullable=True),
    sa.Column('outcome', sa.String(length=32), nullable=True),
    sa.ForeignKeyConstraint(['recording_id'], ['recording.id'], name=op.f('fk_caller_message_recording_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['text_id'], ['incoming_text.id'], name=op.f('fk_caller_message_text_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['caller_id'], ['caller.id'], name=op.f('fk_caller_message_caller_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_caller_message_case_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['taken_by'], ['staff.id'], name=op.f('fk_caller_message_taken_by')),
    sa.ForeignKeyConstraint(['done_by'], ['staff.id'], name=op.f('fk_caller_message_done_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_caller_message')),
    sa.UniqueConstraint('recording_id', name=op.f('uq_caller_message_recording_id')),
    sa.UniqueConstraint('text_id', name=op.f('uq_caller_message_text_id'))
    )
    op.create_index('message_of_case', 'caller_message', ['case_id'], unique=False)
    op.create_index('message_of_caller', 'caller_message', ['caller_id'], unique=False)
    op.create_index('message_not_done', 'caller_message', ['received_at', 'id'], unique=False, sqlite_where=_NOT_DONE, postgresql_where=_NOT_DONE)
    op.create_index('message_done', 'caller_message', ['done_at'], unique=False)

    # What was spoken and belongs to no case was seen by nobody until now.
    op.execute("""
        INSERT INTO caller_message (kind, recording_id, caller_id, size, received_at, state)
        SELECT 'voice', r.id, c.caller_id, r.seconds, r.created_at, 'waiting'
        FROM recording r JOIN conversation c ON c.id = r.conversation_id
        WHERE r.case_id IS NULL AND r.state <> 'dropped' AND r.seconds >= 1
    """)
    op.create_table('keyword_addition',
    sa.Column('id', BigId, sa.Identity(always=False), nullable=False),
    sa.Column('topic', sa.String(length=32), nullable=False),
    sa.Column('language', sa.String(length=8), nullable=False),
    sa.Column('spelling', sa.String(length=80), nullable=False),
    sa.Column('letters', sa.String(length=80), nullable=False),
    sa.Column('used', sa.String(length=8), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('added_by', BigId, nullable=False),
    sa.Column('added_at', Utc(), nullable=False),
    sa.Column('approved_by', BigId, nullable=True),
    sa.Column('approved_at', Utc(), nullable=True),
    sa.Column('withdrawn_by', BigId, nullable=True),
    sa.Column('withdrawn_at', Utc(), nullable=True),
    sa.ForeignKeyConstraint(['added_by'], ['staff.id'], name=op.f('fk_keyword_addition_added_by')),
    sa.ForeignKeyConstraint(['approved_by'], ['staff.id'], name=op.f('fk_keyword_addition_approved_by')),
    sa.ForeignKeyConstraint(['withdrawn_by'], ['staff.id'], name=op.f('fk_keyword_addition_withdrawn_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_keyword_addition'))
    )
    op.create_index('one_spelling_at_a_time', 'keyword_addition', ['letters'], unique=True, sqlite_where=_NOT_WITHDRAWN, postgresql_where=_NOT_WITHDRAWN)
    op.create_table('keyword_stamp',
    sa.Column('id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('stamp', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_keyword_stamp'))
    )

    op.add_column('incoming_text', sa.Column('reviewed_at', Utc(), nullable=True))
    op.add_column('incoming_text', sa.Column('reviewed_as', sa.String(length=16), nullable=True))
    op.drop_index('text_not_understood', table_name='incoming_text')  # it was taken for the new one
    op.create_index('text_unreviewed', 'incoming_text', ['id'], unique=False, sqlite_where=_UNREVIEWED, postgresql_where=_UNREVIEWED)

