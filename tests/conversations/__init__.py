"""Golden conversations: what a caller does and hears, told so that a social worker can read it."""
