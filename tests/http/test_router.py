import pytest
from hypothesis import given
from hypothesis import strategies as st

from rostra.http.router import MAX_PATH, Found, Missed, Router, path_names, split


def make() -> Router[str]:
    router: Router[str] = Router()
    for methods, pattern in (
        (("GET",), "/"),
        (("GET",), "/about"),
        (("GET", "DELETE"), "/api/v1/statuses/{id}"),
        (("POST",), "/api/v1/statuses/{id}/pin"),
        (("PUT",), "/api/v1/profile"),
        (("GET",), "/api/v1/accounts/search"),
        (("GET",), "/api/v1/accounts/{id}"),
        (("GET",), "/@{acct}"),
        (("GET",), "/@{acct}.rss"),
        (("GET",), "/@{acct}/{id}"),
        (("GET",), "/static/{name:path}"),
        (("GET",), "/{page}"),
    ):
        router.add(methods, pattern, pattern)
    return router


ROUTER = make()


@pytest.mark.parametrize(
    ("path", "pattern", "params"),
    [
        ("/", "/", {}),
        ("/about", "/about", {}),
        ("/about/", "/about", {}),
        ("//about", "/about", {}),
        ("/api//v1/statuses/5/", "/api/v1/statuses/{id}", {"id": "5"}),
        ("/api/v1/accounts/search", "/api/v1/accounts/search", {}),
        ("/api/v1/accounts/searching", "/api/v1/accounts/{id}", {"id": "searching"}),
        ("/@alice", "/@{acct}", {"acct": "alice"}),
        ("/@alice.rss", "/@{acct}.rss", {"acct": "alice"}),
        ("/@alice@example.org", "/@{acct}", {"acct": "alice@example.org"}),
        ("/@alice/7", "/@{acct}/{id}", {"acct": "alice", "id": "7"}),
        ("/static/css/a.css", "/static/{name:path}", {"name": "css/a.css"}),
        ("/other", "/{page}", {"page": "other"}),
        ("/@", "/{page}", {"page": "@"}),
    ],
)
def test_finds(path: str, pattern: str, params: dict[str, str]) -> None:
    assert ROUTER.find("GET", path) == Found(pattern, params)


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/nothing/here",
        "/api/v1/statuses",
        "/api/../about",
        "/static/../about",
        "/./about",
        "/static/a\\b",
        "/api/v1/statuses/5\x00",
        "/api/v1/statuses/\ud800",
        "about",
        "",
        "/" + "a" * MAX_PATH,
        "/a" * 40,
    ],
)
def test_has_no_route(path: str) -> None:
    assert ROUTER.find("GET", path) == Missed(())


def test_put_and_patch_are_one_and_get_answers_head() -> None:
    for method in ("PUT", "PATCH"):
        assert ROUTER.find(method, "/api/v1/profile") == Found("/api/v1/profile", {})
    assert isinstance(ROUTER.find("HEAD", "/about"), Found)


def test_says_which_methods_a_path_answers() -> None:
    assert ROUTER.find("POST", "/api/v1/statuses/5") == Missed(("DELETE", "GET", "HEAD", "OPTIONS"))


@pytest.mark.parametrize("pattern", ["about", "/{a}/{a}", "/x{a}{b}", "/{A}"])
def test_refuses_malformed_patterns(pattern: str) -> None:
    with pytest.raises(ValueError, match=r"segment|slash"):
        Router[int]().add(("GET",), pattern, 1)


def test_refuses_one_route_twice() -> None:
    router: Router[int] = Router()
    router.add(("GET",), "/a/{x}", 1)
    with pytest.raises(ValueError, match="twice"):
        router.add(("GET",), "/a/{y}", 2)
    router.add(("POST",), "/a/{y}", 2)
    assert router.find("POST", "/a/1") == Found(2, {"y": "1"})


def test_names_of_a_pattern() -> None:
    assert path_names("/@{acct}/x/{rest:path}") == ("acct", "rest")


SEGMENT = st.text(st.characters(codec="utf-8", exclude_characters="/"), max_size=12)


@given(st.lists(SEGMENT, max_size=6))
def test_any_path_is_found_or_missed(segments: list[str]) -> None:
    path = "/" + "/".join(segments)
    assert isinstance(ROUTER.find("GET", path), Found | Missed)


@given(st.lists(SEGMENT, max_size=6))
def test_split_never_gives_what_a_path_could_climb_with(segments: list[str]) -> None:
    found = split("/" + "/".join(segments))
    assert found is None or not {"", ".", ".."} & set(found)


@given(st.from_regex(r"[a-z0-9_.~@-]{1,20}", fullmatch=True))
def test_a_parameter_comes_back_whole(name: str) -> None:
    found = ROUTER.find("GET", f"/api/v1/statuses/{name}")
    if name in {".", ".."}:
        assert isinstance(found, Missed)
    else:
        assert found == Found("/api/v1/statuses/{id}", {"id": name})
