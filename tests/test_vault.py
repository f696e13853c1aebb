"""What is sealed opens in its own place, with its own key, and nowhere else."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.key_ring import KeyRing, KeyRingFault, add_sealing_key, make_key_ring, read_key_ring
from hotline.vault import SealBroken, Vault, open_vault

OLD, NEW, INDEX, NEW_INDEX = (bytes([n]) * 32 for n in range(4))
vault = Vault(KeyRing({1: OLD}, {1: INDEX}))
WORDS = "កូនស្រីរបស់ខ្ញុំ +85512345678"

contexts = st.text(max_size=40)


@given(st.binary(max_size=2000), contexts)
def test_what_is_sealed_can_be_opened(plain: bytes, context: str) -> None:
    assert vault.decrypt(vault.encrypt(plain, context), context) == plain


@given(st.binary(max_size=200), contexts, contexts)
def test_what_is_moved_to_another_place_does_not_open(plain: bytes, here: str, there: str) -> None:
    sealed = vault.encrypt(plain, here)
    if here != there:
        with pytest.raises(SealBroken):
            vault.decrypt(sealed, there)
    assert vault.decrypt(sealed, here) == plain


@given(st.binary(max_size=200), st.data())
def test_a_single_changed_bit_is_noticed(plain: bytes, data: st.DataObject) -> None:
    sealed = bytearray(vault.encrypt(plain, "here"))
    bit = data.draw(st.integers(0, len(sealed) * 8 - 1))
    sealed[bit // 8] ^= 1 << bit % 8
    with pytest.raises(SealBroken):
        vault.decrypt(bytes(sealed), "here")


@given(st.binary(max_size=60))
def test_rubbish_is_refused_and_nothing_else_happens(rubbish: bytes) -> None:
    with pytest.raises(SealBroken):
        vault.decrypt(rubbish, "here")


def test_the_same_words_never_look_the_same() -> None:
    assert len({vault.encrypt(b"same", "here") for _ in range(100)}) == 100


def test_one_case_key_does_not_open_another_case() -> None:
    mine, yours = (vault.case_box(vault.new_case_key()) for _ in range(2))
    sealed = mine.encrypt(WORDS.encode(), "case 1 notes")
    assert mine.decrypt(sealed, "case 1 notes").decode() == WORDS
    with pytest.raises(SealBroken):
        yours.decrypt(sealed, "case 1 notes")


def test_a_box_does_not_open_what_the_ring_sealed() -> None:
    box = vault.case_box(vault.new_case_key())
    with pytest.raises(SealBroken):
        box.decrypt(vault.encrypt(b"words", "here"), "here")
    with pytest.raises(SealBroken):
        vault.decrypt(box.encrypt(b"words", "here"), "here")


def test_an_error_never_repeats_what_was_sealed() -> None:
    with pytest.raises(SealBroken) as caught:
        vault.decrypt(vault.encrypt(WORDS.encode(), "here"), "there")
    chain = [caught.value, caught.value.__cause__]
    assert "85512345678" not in repr(chain)
    assert OLD.hex() not in repr(vault) + repr(KeyRing({1: OLD}, {1: INDEX}))


def test_after_a_new_key_old_words_open_and_new_ones_take_it() -> None:
    before = Vault(KeyRing({1: OLD}, {1: INDEX}))
    wrapped, sealed = before.new_case_key(), before.encrypt(b"words", "here")
    in_case = before.case_box(wrapped).encrypt(b"notes", "notes")
    after = Vault(KeyRing({2: NEW, 1: OLD}, {1: INDEX}))
    assert after.decrypt(sealed, "here") == b"words"
    assert not after.is_fresh(sealed)
    assert after.is_fresh(after.reseal(sealed, "here"))
    at_last = Vault(KeyRing({2: NEW}, {1: INDEX}))
    assert at_last.decrypt(after.reseal(sealed, "here"), "here") == b"words"
    assert at_last.case_box(after.rewrap(wrapped)).decrypt(in_case, "notes") == b"notes"
    with pytest.raises(SealBroken, match="no key on the ring"):
        at_last.decrypt(sealed, "here")


def test_a_running_vault_notices_a_key_that_another_process_added(tmp_path: Path) -> None:
    make_key_ring(tmp_path / "keys")
    running = open_vault(tmp_path / "keys")
    add_sealing_key(tmp_path / "keys")
    sealed = open_vault(tmp_path / "keys").encrypt(b"words", "here")
    assert running.decrypt(sealed, "here") == b"words"
    assert running.is_fresh(running.encrypt(b"more", "here"))
    assert running.is_fresh(sealed)


def test_an_index_finds_a_number_again_and_only_for_its_purpose() -> None:
    found = vault.index("caller", "+85512345678")
    assert found == vault.index("caller", "+85512345678")
    assert len(found) == 16
    assert found != vault.index("caller", "+85512345679")
    assert found != vault.index("staff", "+85512345678")
    assert vault.index("ab", "c") != vault.index("a", "bc")


def test_the_index_stays_when_the_sealing_key_changes() -> None:
    after = Vault(KeyRing({2: NEW, 1: OLD}, {1: INDEX}))
    assert after.index("caller", "x") == vault.index("caller", "x")


def test_during_a_change_of_the_index_key_both_indexes_are_known() -> None:
    after = Vault(KeyRing({1: OLD}, {2: NEW_INDEX, 1: INDEX}))
    assert after.index("caller", "x") == after.indexes("caller", "x")[0]
    assert vault.index("caller", "x") == after.indexes("caller", "x")[1]


# ------------------------------------------------------------------ the key ring file


def test_a_new_ring_is_for_its_owner_alone(tmp_path: Path) -> None:
    make_key_ring(tmp_path / "deep" / "keys")
    assert (tmp_path / "deep" / "keys").stat().st_mode & 0o777 == 0o600
    ring = read_key_ring(tmp_path / "deep" / "keys")
    assert list(ring.sealing) == [1]
    assert list(ring.index) == [1]
    assert ring.sealing[1] != ring.index[1]


def test_a_ring_is_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "keys"
    make_key_ring(path)
    before = path.read_bytes()
    with pytest.raises(KeyRingFault, match="left as it is"):
        make_key_ring(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644, 0o700])
def test_a_ring_that_others_may_read_is_refused(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "keys"
    make_key_ring(path)
    path.chmod(mode)
    with pytest.raises(KeyRingFault, match="chmod 600"):
        read_key_ring(path)


def test_a_missing_ring_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(KeyRingFault, match="flask make-keys"):
        read_key_ring(tmp_path / "keys")


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        "{}",
        '{"sealing": [], "index": []}',
        '{"sealing": [{"number": 1, "key": "c2hvcnQ="}], "index": [{"number": 1, "key": "eA=="}]}',
        '{"sealing": [{"number": "one", "key": 5}], "index": 3}',
    ],
)
def test_a_damaged_ring_is_refused_without_quoting_it(tmp_path: Path, content: str) -> None:
    path = tmp_path / "keys"
    path.write_text(content)
    path.chmod(0o600)
    with pytest.raises(KeyRingFault, match="is not a key ring") as caught:
        read_key_ring(path)
    assert "c2hvcnQ" not in str(caught.value)


def test_a_key_is_added_in_front_and_the_old_ones_stay(tmp_path: Path) -> None:
    path = tmp_path / "keys"
    make_key_ring(path)
    before = read_key_ring(path)
    assert add_sealing_key(path) == 2
    after = read_key_ring(path)
    assert list(after.sealing) == [2, 1]
    assert after.sealing[1] == before.sealing[1]
    assert after.index == before.index
    assert json.loads(path.read_text())["form"] == 1
    assert [child.name for child in tmp_path.iterdir()] == ["keys"]
