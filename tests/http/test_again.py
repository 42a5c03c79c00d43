"""What a deadlock has taken back is done again, a few times."""

import pytest

from rostra.http.again import TRIES, until_done
from rostra.kernel.errors import Contended


@pytest.mark.parametrize("failing", range(TRIES + 1))
async def test_it_is_done_until_it_is_done_or_was_tried_often_enough(failing: int) -> None:
    tried = 0

    async def work() -> str:
        nonlocal tried
        tried += 1
        if tried <= failing:
            raise Contended("deadlock")
        return "done"

    if failing == TRIES:
        with pytest.raises(Contended):
            await until_done(work)
    else:
        assert await until_done(work) == "done"
    assert tried == min(failing + 1, TRIES)


async def test_other_faults_are_not_tried_again() -> None:
    tried = 0

    async def work() -> None:
        nonlocal tried
        tried += 1
        raise LookupError

    with pytest.raises(LookupError):
        await until_done(work)
    assert tried == 1
