"""The API keeps what its description promises, whatever is asked; `make fuzz` asks for longer."""

from pathlib import Path

from tests.web.fuzz import ask
from tests.web.scenes import SCENES, the_catalogue
from tests.web.serving import served


def test_no_generated_question_breaks_what_is_promised(tmp_path: Path) -> None:
    with served(tmp_path, the_catalogue(), SCENES["bad"]) as url:
        told = ask(url, tmp_path, seed=1, of_each=15, seconds=300)
    assert told.trouble == ""
    assert told.asked > 300
