"""Signatures: the vectors of RFC 8032, and what is no signature."""

from rostra.kernel import ed25519

# RFC 8032, 7.1, test 2.
SECRET = bytes.fromhex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb")
PUBLIC = bytes.fromhex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c")
SIGNATURE = bytes.fromhex(
    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
    "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
)


def test_the_vector_of_the_standard() -> None:
    assert ed25519.public_of(SECRET) == PUBLIC
    assert ed25519.sign(SECRET, b"\x72") == SIGNATURE
    assert ed25519.signed_by(PUBLIC, b"\x72", SIGNATURE)


def test_what_was_not_signed() -> None:
    assert not ed25519.signed_by(PUBLIC, b"\x73", SIGNATURE)
    assert not ed25519.signed_by(PUBLIC, b"\x72", SIGNATURE[:-1])
    assert not ed25519.signed_by(PUBLIC, b"\x72", b"")
    assert not ed25519.signed_by(PUBLIC[:-1], b"\x72", SIGNATURE)
    assert not ed25519.signed_by(ed25519.public_of(ed25519.new_key()), b"\x72", SIGNATURE)


def test_names_of_keys() -> None:
    one, other = (ed25519.key_id(ed25519.public_of(ed25519.new_key())) for _ in range(2))
    assert one != other
    assert len(one) == len(other) == 16
