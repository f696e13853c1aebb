"""What a session has proved, second factors of staff, and passphrases to begin with."""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from hotline.storage.tables import BigId, Utc

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("desk_session", sa.Column("passed_at", Utc(), nullable=True))
    op.add_column("desk_session", sa.Column("proved_at", Utc(), nullable=True))
    op.add_column("desk_session", sa.Column("device", sa.String(length=16), nullable=True))
    op.add_column("desk_session", sa.Column("challenge", sa.LargeBinary(length=32), nullable=True))
    op.create_index("desk_session_of_staff", "desk_session", ["staff_id", "ended_at"], unique=False)
    op.add_column("staff", sa.Column("let_in_at", Utc(), nullable=True))
    staff = sa.table("staff", sa.column("let_in_at", Utc()), sa.column("password_hash", sa.String))
    # The thirty days in which they must come to the desk begin today.
    op.execute(
        sa.update(staff).where(staff.c.password_hash.is_not(None)).values(let_in_at=datetime.now(UTC))
    )
    op.create_table(
        "invitation",
        sa.Column("staff_id", BigId, autoincrement=False, nullable=False),
        sa.Column("made_at", Utc(), nullable=False),
        sa.Column("ends_at", Utc(), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_invitation_staff_id")),
        sa.PrimaryKeyConstraint("staff_id", name=op.f("pk_invitation")),
    )
    op.create_table(
        "authenticator",
        sa.Column("id", BigId, sa.Identity(always=False), nullable=False),
        sa.Column("staff_id", BigId, nullable=False),
        sa.Column("secret_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", Utc(), nullable=False),
        sa.Column("confirmed_at", Utc(), nullable=True),
        sa.Column("last_step", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_authenticator_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_authenticator")),
    )
    op.create_index("authenticator_of_staff", "authenticator", ["staff_id"], unique=False)
    op.create_table(
        "recovery_code",
        sa.Column("id", BigId, sa.Identity(always=False), nullable=False),
        sa.Column("staff_id", BigId, nullable=False),
        sa.Column("code_hash", sa.LargeBinary(length=16), nullable=False),
        sa.Column("made_at", Utc(), nullable=False),
        sa.Column("used_at", Utc(), nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_recovery_code_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_code")),
        sa.UniqueConstraint("staff_id", "code_hash", name=op.f("uq_recovery_code_staff_id_code_hash")),
    )
    op.create_table(
        "passkey",
        sa.Column("id", BigId, sa.Identity(always=False), nullable=False),
        sa.Column("staff_id", BigId, nullable=False),
        sa.Column("credential_id", sa.LargeBinary(length=1023), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("made_at", Utc(), nullable=False),
        sa.Column("used_at", Utc(), nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_passkey_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkey")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_passkey_credential_id")),
    )
    op.create_index("passkey_of_staff", "passkey", ["staff_id"], unique=False)
