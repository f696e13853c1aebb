"""The desk: where staff find cases and call back. Closed by default; one file a page.

Read entrance.py first: its table names every page and what a person must be allowed to see it.
"""
