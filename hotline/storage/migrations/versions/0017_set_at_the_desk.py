"""What supervisors and admins set at the desk; an audit chain that only grows."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from hotline.storage.tables import BigId, Utc

revision = '0017'
down_revision = '0016'
branch_labels = None
depends_on = None

_SEALED = ('audit_line', 'audit_head')
_SAID = 'lines of the audit chain are neither changed nor taken out'


def upgrade() -> None:
    op.create_table('house_rule',
    sa.Column('name', sa.String(length=32), nullable=False),
    sa.Column('value', sa.JSON(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('set_at', Utc(), nullable=False),
    sa.Column('set_by', BigId, nullable=False),
    sa.ForeignKeyConstraint(['set_by'], ['staff.id'], name=op.f('fk_house_rule_set_by')),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_house_rule'))
    )
    op.create_table('audit_head',
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('number', sa.BigInteger(), nullable=False),
    sa.Column('hash', sa.LargeBinary(length=32), nullable=False),
    sa.Column('made_at', Utc(), nullable=False),
    sa.PrimaryKeyConstraint('day', name=op.f('pk_audit_head'))
    )
    op.create_table('audit_check',
    sa.Column('id', BigId, sa.Identity(always=False), nullable=False),
    sa.Column('asked_at', Utc(), nullable=False),
    sa.Column('asked_by', BigId, nullable=True),
    sa.Column('ended_at', Utc(), nullable=True),
    sa.Column('lines', sa.BigInteger(), nullable=True),
    sa.Column('broken_line', sa.BigInteger(), nullable=True),
    sa.ForeignKeyConstraint(['asked_by'], ['staff.id'], name=op.f('fk_audit_check_asked_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_audit_check'))
    )
    op.create_index('audit_line_by_actor', 'audit_line', ['actor', 'number'], unique=False)
    op.create_index('audit_line_by_object', 'audit_line', ['object', 'number'], unique=False)
    op.create_index('audit_line_by_action', 'audit_line', ['action', 'number'], unique=False)
    op.create_index('audit_line_by_time', 'audit_line', ['at'], unique=False)
    if op.get_bind().dialect.name == 'sqlite':
        _guard_sqlite()
    else:
        _guard_postgresql()


def _guard_sqlite() -> None:
    for table in _SEALED:
        for act in ('update', 'delete'):
            op.execute(
                f"CREATE TRIGGER {table}_no_{act} BEFORE {act.upper()} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{_SAID}'); END"
            )
    # INSERT OR REPLACE takes a row out without a word to the trigger above. The head of a day that
    # is there is left in silence: who keeps it inserts where there is none (ON CONFLICT DO NOTHING).
    for table, key, then in (
        ('audit_line', 'number', f"ABORT, '{_SAID}'"), ('audit_head', 'day', 'IGNORE')
    ):
        op.execute(
            f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} "
            f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {key} = NEW.{key}) "
            f"BEGIN SELECT RAISE({then}); END"
        )


def _guard_postgresql() -> None:
    op.execute(
        f"CREATE FUNCTION only_grows() RETURNS trigger LANGUAGE plpgsql AS $$ "
        f"BEGIN RAISE EXCEPTION '{_SAID}'; END $$"
    )
    for table in _SEALED:
        op.execute(
            f"CREATE TRIGGER {table}_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION only_grows()"
        )
