"""The house keeps its own rules: small files, plain names, guarded doors, tables as migrated."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

import hotline.doorbell
import workers.sweeps
from hotline.storage import schema
from hotline.storage.database import Database

ROOT = Path(__file__).parents[1]
PROGRAM = ("hotline", "workers", "simulator", "launcher")
VAGUE = {"utils", "util", "helpers", "common", "misc", "manager", "service", "base", "dao", "tools"}
NOT_OURS = {".git", ".venv", "data", "node_modules", "__pycache__", "build", "test-output"}
LONGEST_FILE, LONGEST_FUNCTION = 300, 30

# Spelled apart, so that this file does not trip over itself.
REGISTRIES = [
    "files.python" + "hosted.org",
    "py" + "pi.org/simple",
    "registry.npm" + "js.org",
    "index" + "-url",
    "extra-index" + "-url",
]


def python_files(*folders: str) -> list[Path]:
    found = [path for folder in folders for path in (ROOT / folder).rglob("*.py")]
    return sorted(path for path in found if "versions" not in path.parts)


def kept_files() -> Iterator[Path]:
    for path in sorted(ROOT.rglob("*")):
        parts = path.relative_to(ROOT).parts
        if NOT_OURS.intersection(parts) or any(part.endswith("_cache") for part in parts):
            continue
        if path.is_file():
            yield path


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", python_files(*PROGRAM), ids=named)
def test_a_file_is_short_and_says_what_it_is_for(path: Path) -> None:
    text = path.read_text()
    lines = text.count("\n")
    assert lines <= LONGEST_FILE, f"{named(path)} has {lines} lines; split it by subject"
    assert not text or ast.get_docstring(ast.parse(text)), f"{named(path)} says not what it is for"


@pytest.mark.parametrize("path", python_files(*PROGRAM), ids=named)
def test_a_function_fits_on_a_screen(path: Path) -> None:
    tree = ast.parse(path.read_text())
    long = [
        f"{named(path)}:{node.lineno} {node.name} has {length} lines"
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (length := _lines_of_code(node)) > LONGEST_FUNCTION
    ]
    assert long == []


def _lines_of_code(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """The body without its docstring: what has to be understood at once."""
    body = node.body[1:] if ast.get_docstring(node, clean=False) is not None else node.body
    return (node.end_lineno or 0) - body[0].lineno + 1 if body else 0


def test_no_file_has_a_name_that_says_nothing() -> None:
    vague = [named(path) for path in python_files(*PROGRAM, "tests") if path.stem in VAGUE]
    assert vague == []


def test_no_file_names_a_package_index() -> None:
    found = [
        f"{named(path)} names {host}"
        for path in kept_files()
        if path.suffix not in (".mp3", ".png", ".woff2", ".pyc")
        for host in REGISTRIES
        if host in path.read_text(errors="ignore") and path.name != "test_house.py"
    ]
    assert [line for line in found if not line.startswith("Makefile names index")] == []


def test_every_queue_that_is_rung_is_swept() -> None:
    for queue in hotline.doorbell.QUEUES:
        sweep = getattr(workers.sweeps, queue, None)
        assert callable(sweep), f"workers.sweeps has no {queue}(): nobody answers that bell"


# ------------------------------------------------------------------ tables and migrations


def test_the_migrations_are_one_line_without_branches() -> None:
    script = ScriptDirectory(str(ROOT / "hotline/storage/migrations"))
    assert script.get_heads() == [schema.newest_revision()]
    assert [r.revision for r in script.walk_revisions() if r.is_branch_point] == []


def test_the_tables_in_code_are_the_tables_the_migrations_make(database: Database) -> None:
    """Red here: a table changed without a migration, or the other way round."""
    with database.reading() as tx:
        context = MigrationContext.configure(tx, opts={"compare_type": True})
        assert compare_metadata(context, schema.all_tables()) == []


def test_an_upgraded_database_knows_that_it_is_current(database: Database) -> None:
    with database.reading() as tx:
        assert schema.present_revision(tx) == schema.newest_revision()


def test_an_upgrade_of_a_current_database_changes_nothing(database: Database) -> None:
    schema.upgrade(database)
    with database.reading() as tx:
        assert schema.present_revision(tx) == schema.newest_revision()


def test_every_migration_says_what_it_does() -> None:
    folder = ROOT / "hotline/storage/migrations/versions"
    for path in folder.glob("*.py"):
        assert re.match(r"\d{4}_[a-z_]+\.py", path.name), f"{path.name}: write 0002_what_it_adds.py"
        assert ast.get_docstring(ast.parse(path.read_text())), path.name
