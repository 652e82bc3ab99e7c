"""The book of phrases, YAML → what error messages mean; every mistake in it is told with its place."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic_core import ValidationError

from app.catalogue.document import read_document
from app.catalogue.entries import FORBID, Slug, Text
from app.catalogue.errors import CatalogueError, Place, Problem
from app.catalogue.explain import explain
from app.catalogue.schema import schema_of, validator_of
from app.catalogue.tree import plain
from app.domain.itsme import Step
from app.domain.phrases import ANY_WORDS, Phrase, Whose
from app.domain.result import FailureKind

PHRASES = Path(__file__).with_name("phrases.yaml")
LEAST_LETTERS = 3


def _telling(text: str) -> str:
    if any(len(part.strip()) < LEAST_LETTERS for part in text.split(ANY_WORDS)):
        raise ValueError(
            f"too short to tell anything: at least {LEAST_LETTERS} characters, and around a {ANY_WORDS}"
        )
    return text


Said = Annotated[str, Field(min_length=1, max_length=120), AfterValidator(_telling)]


@dataclass(frozen=True, slots=True, kw_only=True)
class PhraseEntry:
    """What messages of one meaning have in common."""

    __pydantic_config__ = FORBID

    title: Text
    """What it is, in a few words."""
    means: Text
    """What it means, in plain sentences."""
    whose: Whose
    """Whose trouble it tells of."""
    steps: Annotated[tuple[Step, ...], Field(min_length=1)]
    """What to try, in order."""
    says: tuple[Said, ...] = ()
    """Texts of it, in any case; a `*` stands for a few words."""
    vendors: tuple[Slug, ...] = ()
    """Ids of the vendors whose texts these are; without any they may be anybody's."""
    failure: FailureKind | None = None
    """The failure that it is to our own probes: what these know it by is a sign of it, too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BookEntry:
    """A book of phrases."""

    __pydantic_config__ = FORBID

    phrases: dict[Slug, PhraseEntry] = field(default_factory=dict)
    """What messages mean, by an id of ours."""


def load_phrases(path: Path = PHRASES) -> tuple[Phrase, ...]:
    """The phrases of a book, in its order. Raises `CatalogueError` with all problems found."""
    problems: list[Problem] = []

    def complain(place: Place, text: str) -> None:
        problems.append(Problem(place=place, text=text))

    tree = read_document(path.read_bytes(), path.name, complain)
    try:
        book = validator_of(BookEntry).validate_python(plain(tree))
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False)
        explain(found, found, tree, schema_of(BookEntry), complain)
    else:
        if not problems:
            return tuple(_phrase(phrase_id, entry) for phrase_id, entry in book.phrases.items())
    raise CatalogueError(problems)


def _phrase(phrase_id: str, entry: PhraseEntry) -> Phrase:
    return Phrase(
        id=phrase_id,
        title=entry.title,
        means=" ".join(entry.means.split()),
        whose=entry.whose,
        steps=entry.steps,
        says=entry.says,
        vendors=entry.vendors,
        failure=entry.failure,
    )
