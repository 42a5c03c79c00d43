"""The text model judges where the settings want it."""

from pathlib import Path

import pytest
from tests.harness.neighbours import Place
from tests.safety.screening.listener import judged_by

from rostra.safety.screening import access
from rostra.safety.screening.asking import Found
from rostra.safety.screening.house import PackagedModel
from rostra.safety.screening.look import ask
from rostra.safety.signals.model import Material
from rostra.safety.signals.text_model.signal import load
from rostra.safety.subjects import Subject, SubjectKind


async def scores(place: Place, post_id: str) -> dict[str, float]:
    async with place.db.read() as reader:
        [shown] = await access.of_subject(reader, Subject(SubjectKind.POST, int(post_id)))
    [heard] = shown.judgement.heard
    assert (heard.signal, heard.version) == ("text_model", PackagedModel().version)
    return heard.scores


async def test_the_text_model_judges_where_it_is_wanted(database_url: str, data_dir: Path) -> None:
    environ = {"ROSTRA_SCREENING__SIGNALS": "text_model"}
    async with judged_by(data_dir, database_url, **environ) as place:
        ann = await place.member("ann")
        threat = await ann.post("you people are vermin and should be hanged")
        harmless = await ann.post("a fine day at the harbour")
        worse, better = await scores(place, threat["id"]), await scores(place, harmless["id"])
        assert worse["violence"] > 0.5
        assert better["violence"] < 0.1


@pytest.mark.parametrize(("there", "known"), [(True, True), (False, False)])
def test_a_model_that_cant_be_read_is_not_one_that_finds_nothing(
    tmp_path: Path, *, there: bool, known: bool
) -> None:
    model = PackagedModel() if there else PackagedModel(lambda: load(tmp_path / "none"))
    words = "a fine day at the harbour"
    heard = ask([model], Material(words, "post"))
    assert [each.failed for each in heard] == [not known]
    score = Found(words, heard, None)("signal.text_model.hate")
    assert (score is not None) == known
