"""What the catalogue's tests stand on: two small kinds of checks and a small builtin catalogue."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, ClassVar

from pydantic import Field

from app.catalogue.document import read_document
from app.catalogue.errors import Place
from app.catalogue.load import load_catalogue
from app.catalogue.tree import Table
from app.domain.service import Catalogue

FORBID: dict[str, Any] = {"extra": "forbid"}
SMALL = Path(__file__).with_name("small")


class Method(StrEnum):
    GET = "GET"
    POST = "POST"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """Ask a web address. Raises what nobody needs to read."""

    __pydantic_config__: ClassVar[dict[str, Any]] = FORBID

    url: str
    """What to ask."""
    method: Method = Method.GET
    """How to ask."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """What to send along."""
    status: tuple[Annotated[int, Field(ge=100, le=599)], ...] = (200,)
    """What a healthy answer has."""
    share: float = 1.0
    """A share of something."""
    timeout: timedelta = timedelta(seconds=5)
    """How long it may take."""

    def __post_init__(self) -> None:
        if not self.url.startswith("https://"):
            raise ValueError(f"{self.url} does not begin with https://")
        if "\n" in "".join(self.headers.values()):
            raise ValueError(f"a line break in the headers {dict(self.headers)}")

    @property
    def target(self) -> str:
        return self.url


@dataclass(frozen=True, slots=True, kw_only=True)
class Knock:
    """Knock at a port."""

    __pydantic_config__: ClassVar[dict[str, Any]] = FORBID

    host: str
    """Whom."""
    port: int
    """Where."""

    @property
    def target(self) -> str:
        return f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    spec: type


KINDS = {"ask": Kind(spec=Ask), "knock": Kind(spec=Knock)}


def load(own_file: Path | None = None, environ: Mapping[str, str] | None = None) -> Catalogue:
    return load_catalogue(SMALL, own_file, KINDS, environ or {})


def tree_of(content: bytes) -> Table:
    def complain(place: Place, text: str) -> None:
        raise AssertionError(f"{place}: {text}")

    return read_document(content, "a.yaml", complain)
