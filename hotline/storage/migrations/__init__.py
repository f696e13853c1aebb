"""The history of the tables, run by hotline.storage.schema."""
