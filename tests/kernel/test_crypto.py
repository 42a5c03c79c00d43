import pytest
from hypothesis import given
from hypothesis import strategies as st

from rostra.kernel import crypto

KEY = b"k" * 32


def test_tokens_are_long_and_differ() -> None:
    tokens = {crypto.new_token() for _ in range(100)}

    assert len(tokens) == 100
    assert {len(token) for token in tokens} == {43}
    assert all(token.replace("-", "").replace("_", "").isalnum() for token in tokens)


@given(st.text(st.characters(codec=None)))
def test_any_text_has_a_hash(token: str) -> None:
    assert len(crypto.token_hash(token)) == 32
    assert crypto.constant_time_equal(token, token)


def test_pkce_of_the_standard() -> None:
    verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"

    assert crypto.pkce_challenge(verifier) == challenge
    assert crypto.pkce_matches(verifier, challenge, "S256")
    assert not crypto.pkce_matches(verifier, verifier, "plain")
    assert not crypto.pkce_matches(verifier[:-1] + "x", challenge, "S256")
    assert not crypto.pkce_matches(verifier, challenge, "s256")


@pytest.mark.parametrize("verifier", ["", "a" * 42, "a" * 129, "a" * 42 + "\u00e9"])
def test_pkce_verifier_has_its_form(verifier: str) -> None:
    assert not crypto.pkce_matches(verifier, crypto.pkce_challenge(verifier), "S256")


@given(st.text(), st.integers(0, 2**62))
def test_sealed_values_come_back_till_they_end(value: str, expires: int) -> None:
    sealed = crypto.seal(KEY, "csrf", value, expires)

    assert crypto.unseal(KEY, "csrf", sealed, max(0, expires - 1)) == value
    assert crypto.unseal(KEY, "csrf", sealed, expires) == (None if expires else value)
    assert crypto.unseal(KEY, "other", sealed, 0) is None
    assert crypto.unseal(b"x" * 32, "csrf", sealed, 0) is None


@given(st.data())
def test_a_sealed_value_cannot_be_changed(data: st.DataObject) -> None:
    sealed = crypto.seal(KEY, "csrf", "account 12", 5_000)
    place = data.draw(st.integers(0, len(sealed) - 1))
    changed = sealed[:place] + data.draw(st.characters()) + sealed[place + 1 :]

    assert changed == sealed or crypto.unseal(KEY, "csrf", changed, 0) is None


@given(st.text(alphabet="ab.=-_019\u0661\u00e9"))
def test_garbage_is_not_unsealed(text: str) -> None:
    assert crypto.unseal(KEY, "csrf", text, 0) is None


def test_signed_bytes_that_are_no_text_are_refused() -> None:
    assert crypto.unseal(KEY, "csrf", "_w.0." + "A" * 43, 0) is None


def test_parts_do_not_run_together() -> None:
    assert crypto.signature(KEY, "p", "ab", "c") != crypto.signature(KEY, "p", "a", "bc")
    assert crypto.signature(KEY, "pa", "b") != crypto.signature(KEY, "p", "ab")


def test_invite_codes_survive_paper() -> None:
    code = crypto.new_invite_code()

    assert [len(group) for group in code.split("-")] == [4, 4, 4]
    assert not set(code) & set("01oliuv")
    key = crypto.invite_code_key(code)
    assert len(key) == 12
    assert crypto.invite_code_key(f" {code.upper().replace('-', ' ')} ") == key


@given(st.text(st.characters(codec="utf-8")))
def test_what_is_encrypted_is_read_with_its_key_and_for_its_purpose(text: str) -> None:
    sealed = crypto.encrypted(KEY, "this", text)

    assert crypto.decrypted(KEY, "this", sealed) == text
    assert crypto.decrypted(b"x" * 32, "this", sealed) is None
    assert crypto.decrypted(KEY, "that", sealed) is None
    assert crypto.decrypted(KEY, "this", sealed[:-1]) is None
    assert crypto.decrypted(KEY, "this", b"") is None
    assert crypto.encrypted(KEY, "this", text) != sealed
