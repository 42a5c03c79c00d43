from contextlib import suppress
from datetime import UTC, datetime
from enum import Enum
from typing import Annotated, Any, Literal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rostra.http.body import Upload, parse_json
from rostra.http.brackets import nest
from rostra.http.failures import BadRequest
from rostra.http.params import COUNT_MAX, Count, Id, NoParams, ParamsReader
from rostra.kernel.errors import Invalid, NotFound


class Colour(Enum):
    RED = "red"
    BLUE = "blue"


class Poll(msgspec.Struct, frozen=True):
    options: list[str]
    multiple: bool = False
    expires_in: int = 0


class Field(msgspec.Struct, frozen=True):
    name: str = ""
    value: str = ""


class Params(msgspec.Struct, frozen=True):
    flag: bool = False
    maybe: bool | None = None
    number: int = 0
    share: float = 0.0
    limit: Count | None = None
    max_id: Id | None = None
    media_ids: list[Id] = []
    text: Annotated[str, msgspec.Meta(max_length=5)] = ""
    name: Annotated[str, msgspec.Meta(min_length=2)] | None = None
    poll: Poll | None = None
    fields_attributes: list[Field] = []
    visibility: Literal["public", "direct"] = "public"
    colour: Colour | None = None
    at: datetime | None = None
    data: dict[str, bool] = {}
    file: Upload | None = None
    anything: Any = None
    untold: int | msgspec.UnsetType = msgspec.UNSET
    either: int | str | None = None
    klass: str = msgspec.field(default="", name="class")


READER = ParamsReader(Params)


def read(**tree: Any) -> Params:
    return READER.read(tree, {})


@pytest.mark.parametrize("value", [True, "true", 1, "1", "on", "True", " t "])
def test_true(value: object) -> None:
    assert read(flag=value).flag is True


@pytest.mark.parametrize("value", [False, "false", 0, "0", "off", "", None, "null"])
def test_not_true(value: object) -> None:
    assert read(flag=value).flag is False


@pytest.mark.parametrize(
    ("name", "sent", "got"),
    [
        ("number", "12", 12),
        ("number", 12.0, 12),
        ("number", "-3", -3),
        ("number", "", 0),
        ("share", "0.5", 0.5),
        ("share", 1, 1.0),
        ("limit", "20", 20),
        ("limit", "rubbish", None),
        ("limit", [1], None),
        ("limit", True, None),
        ("limit", "9" * 500, COUNT_MAX),
        ("limit", "-5", 0),
        ("max_id", "112345678901234567", 112345678901234567),
        ("max_id", 5, 5),
        ("max_id", "rubbish", None),
        ("max_id", True, None),
        ("max_id", "9" * 30, None),
        ("media_ids", ["1", "x", "", "2"], [1, 2]),
        ("media_ids", {"1": "8", "0": "9", "10": "7"}, [9, 8, 7]),
        ("media_ids", "3", [3]),
        ("media_ids", "", []),
        ("media_ids", None, []),
        ("text", 12, "12"),
        ("text", True, "true"),
        ("text", "", ""),
        ("name", "", None),
        ("poll", "", None),
        ("poll", {"options": ["a", ""], "multiple": "1"}, Poll(["a"], multiple=True)),
        ("fields_attributes", {"0": {"name": "n"}, "1": {"value": "v"}},
         [Field("n"), Field("", "v")]),
        ("visibility", "direct", "direct"),
        ("visibility", "", "public"),
        ("colour", "blue", Colour.BLUE),
        ("at", "2025-01-02T03:04:05Z", datetime(2025, 1, 2, 3, 4, 5, tzinfo=UTC)),
        ("at", "", None),
        ("data", {"a": "on", "b": "0", "c": ""}, {"a": True, "b": False}),
        ("data", None, {}),
        ("file", "", None),
        ("anything", {"x": [1]}, {"x": [1]}),
        ("anything", "", None),
        ("untold", None, msgspec.UNSET),
        ("untold", "4", 4),
        ("either", "x", "x"),
        ("maybe", None, None),
    ],
)  # fmt: skip
def test_reads(name: str, sent: object, got: object) -> None:
    if name == "name":
        with pytest.raises(Invalid):
            read(name=sent)
        return
    assert getattr(read(**{name: sent}), name) == got


@pytest.mark.parametrize(
    ("name", "sent", "at", "code"),
    [
        ("flag", "perhaps", "flag", "ERR_INVALID"),
        ("flag", [1], "flag", "ERR_INVALID"),
        ("number", "x", "number", "ERR_INVALID"),
        ("number", "9" * 5000, "number", "ERR_INVALID"),
        ("number", 2**63, "number", "ERR_INVALID"),
        ("number", True, "number", "ERR_INVALID"),
        ("number", 1.5, "number", "ERR_INVALID"),
        ("share", "nan", "share", "ERR_INVALID"),
        ("share", "inf", "share", "ERR_INVALID"),
        ("share", "x", "share", "ERR_INVALID"),
        ("share", True, "share", "ERR_INVALID"),
        ("text", "123456", "text", "ERR_TOO_LONG"),
        ("text", ["a"], "text", "ERR_INVALID"),
        ("name", "a", "name", "ERR_TOO_SHORT"),
        ("poll", {"multiple": "1"}, "poll.options", "ERR_BLANK"),
        ("poll", {"options": "a", "expires_in": "x"}, "poll.expires_in", "ERR_INVALID"),
        ("poll", "x", "poll", "ERR_INVALID"),
        ("fields_attributes", [{"name": []}, "x"], "fields_attributes.0.name", "ERR_INVALID"),
        ("fields_attributes", ["1"] * 1001, "fields_attributes", "ERR_TOO_LONG"),
        ("visibility", "secret", "visibility", "ERR_INCLUSION"),
        ("visibility", ["x"], "visibility", "ERR_INVALID"),
        ("colour", "green", "colour", "ERR_INCLUSION"),
        ("at", "soon", "at", "ERR_INVALID"),
        ("data", "x", "data", "ERR_INVALID"),
        ("file", "x", "file", "ERR_INVALID"),
    ],
)
def test_names_the_field_at_fault(name: str, sent: object, at: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        read(**{name: sent})
    assert refused.value.details[at][0]["error"] == code


def test_files_come_as_text() -> None:
    file = read(file="data:image/png;base64,aGk=").file
    assert file is not None
    assert (file.read(), file.content_type, file.size) == (b"hi", "image/png", 2)
    with pytest.raises(Invalid, match="File is invalid"):
        read(file="data:image/png;base64,a")


class Needed(msgspec.Struct, frozen=True):
    id: Id
    status: str
    other: int


def test_everything_missing_is_named_at_once() -> None:
    with pytest.raises(Invalid) as refused:
        ParamsReader(Needed).read({"status": "", "id": "x"}, {})
    assert set(refused.value.details) == {"id", "status", "other"}
    assert refused.value.safe.startswith("Validation failed: Id can't be blank")


@pytest.mark.parametrize("value", ["x", "", "-1", "9" * 40, "5 OR 1=1"])
def test_garbage_in_a_path_is_not_there(value: str) -> None:
    reader = ParamsReader(Needed, frozenset({"id"}))
    assert reader.read({"status": "a", "other": 1}, {"id": "5"}) == Needed(Id(5), "a", 1)
    with pytest.raises(NotFound):
        reader.read({"status": "a", "other": 1}, {"id": value})


class Word(msgspec.Struct, frozen=True):
    timeline: Literal["home", "notifications"]


def test_an_unknown_word_in_a_path_is_not_there() -> None:
    with pytest.raises(NotFound):
        ParamsReader(Word, frozenset({"timeline"})).read({}, {"timeline": "other"})


def test_the_path_wins_and_unknown_names_are_ignored() -> None:
    reader = ParamsReader(Needed, frozenset({"id"}))
    assert reader.read({"status": "a", "other": 1, "id": "6", "z": 1}, {"id": "5"}).id == 5


def test_a_struct_must_have_the_path_s_parameters() -> None:
    with pytest.raises(ValueError, match="lacks"):
        ParamsReader(NoParams, frozenset({"id"}))


def test_other_names_outside() -> None:
    assert READER.read({"class": "x"}, {}).klass == "x"


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(Params.__struct_fields__), VALUES))
def test_any_tree_is_read_or_refused(tree: dict[str, Any]) -> None:
    try:
        params = READER.read(tree, {})
    except Invalid:
        return
    assert params.limit is None or 0 <= params.limit <= COUNT_MAX
    assert -(2**63) <= params.number < 2**63


@given(st.lists(st.tuples(st.sampled_from(Params.__struct_fields__), st.text(max_size=6))))
def test_any_form_is_read_or_refused(pairs: list[tuple[str, str]]) -> None:
    try:
        READER.read(nest(pairs), {})
    except Invalid:
        return


@pytest.mark.parametrize(
    "raw",
    [
        b"[1]", b"5", b"null", b"{", b"\xff", b'{"a": "\xff"}', b'{"a": "\\ud800"}', b'{"a": NaN}',
        b'{"a":' * 40 + b"1" + b"}" * 40,
        b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b'{"a": [' + b"0," * 20_000 + b"0]}",
    ],
)  # fmt: skip
def test_bad_json(raw: bytes) -> None:
    with pytest.raises(BadRequest):
        parse_json(raw)


def test_json_without_nul() -> None:
    raw = b'{"a\\u0000": ["x\\u0000y", {"b": 1}], "c": 2}'
    assert parse_json(raw) == {"a": ["xy", {"b": 1}], "c": 2}


@given(st.binary(max_size=60))
def test_any_bytes_are_json_or_refused(raw: bytes) -> None:
    with suppress(BadRequest):
        assert isinstance(parse_json(raw), dict)
