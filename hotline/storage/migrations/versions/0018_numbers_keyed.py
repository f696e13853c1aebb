"""The index of a number that was keyed for the call back: by it the case is found again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0018'
down_revision = '0017'
branch_labels = None
depends_on = None

_SOME = sa.text('number_index IS NOT NULL')


def upgrade() -> None:
    op.add_column('cases', sa.Column('number_index', sa.LargeBinary(length=16), nullable=True))
    op.create_index(
        'case_by_number',
        'cases',
        ['number_index'],
        unique=False,
        sqlite_where=_SOME,
        postgresql_where=_SOME,
    )
