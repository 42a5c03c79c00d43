import pytest

from rostra.kernel import errors
from rostra.kernel.errors import Fault, Invalid


def test_inside_text_stays_inside() -> None:
    error = errors.NotFound("post 12 is hidden from 7")

    assert (error.status, error.safe, error.code) == (404, "Record not found", "not_found")
    assert str(error) == "post 12 is hidden from 7"
    assert "12" not in error.safe


def test_safe_text_and_code_can_be_told() -> None:
    error = errors.Forbidden("no scope", safe="Outside the authorized scopes", code="scope")

    assert (error.safe, error.code, error.inside) == (
        "Outside the authorized scopes",
        "scope",
        "no scope",
    )


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        (errors.RostraError, 500),
        (errors.Unauthorized, 401),
        (errors.Forbidden, 403),
        (errors.NotFound, 404),
        (errors.Conflict, 409),
        (errors.TooLarge, 413),
        (errors.Unsupported, 415),
    ],
)
def test_each_error_has_its_status_and_a_sentence(
    kind: type[errors.RostraError], status: int
) -> None:
    error = kind()

    assert error.status == status
    assert error.safe
    assert error.inside == error.safe


def test_invalid_speaks_as_mastodon_does() -> None:
    error = Invalid("username", "can't be blank", "ERR_BLANK")

    assert error.status == 422
    assert error.safe == "Validation failed: Username can't be blank"
    assert error.details == {"username": [{"error": "ERR_BLANK", "description": "can't be blank"}]}


def test_invalid_joins_faults_by_field() -> None:
    error = Invalid.many(
        [
            Fault("username", "is reserved", "ERR_RESERVED"),
            ("date_of_birth", "is too young", "ERR_BELOW_LIMIT"),
            Fault("username", "is too long", "ERR_TOO_LONG"),
        ]
    )

    assert error.safe == (
        "Validation failed: Username is reserved, Date of birth is too young, Username is too long"
    )
    assert [entry["error"] for entry in error.details["username"]] == [
        "ERR_RESERVED",
        "ERR_TOO_LONG",
    ]


def test_invalid_without_a_field() -> None:
    assert Invalid("", "Text and media are both empty").safe == (
        "Validation failed: Text and media are both empty"
    )
    assert Invalid.plain("You can't follow yourself").safe == "You can't follow yourself"
    assert Invalid.plain("You can't follow yourself").details == {}
    with pytest.raises(ValueError, match="at least one"):
        Invalid.many([])


def test_waiting_times_are_at_least_a_second() -> None:
    limited = errors.TooManyRequests(0, 300, 1_000)

    assert (limited.status, limited.retry_after_s, limited.limit) == (429, 1, 300)
    assert limited.reset_at_ms == 1_000
    assert errors.Unavailable(0).retry_after_s == 1
    assert errors.Unavailable().status == 503
