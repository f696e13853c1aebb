"""What a session has proved, and the second factors of staff."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from hotline.storage.tables import BigId, Utc

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('desk_session', sa.Column('passed_at', Utc(), nullable=True))
    op.add_column('desk_session', sa.Column('proved_at', Utc(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table('desk_session', schema=None) as batch_op:
        batch_op.drop_column('proved_at')
        batch_op.drop_column('passed_at')
