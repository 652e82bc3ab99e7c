"""What may be wished of a badge, read from an address and written into one; pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeVar
from urllib.parse import quote, urlencode

from starlette.datastructures import QueryParams

from app.board.uptime import UptimeWindow
from app.domain.saying import Saying, say
from app.web.badgedrawing import Style, colour_of
from app.web.languages import LANGUAGES, SOURCE

ALL: Final = "_all"
"""Stands for all services; no service can be called that."""

LONGEST_LABEL: Final = 80


class Shown(StrEnum):
    """What a badge can tell."""

    STATUS = "status"
    UPTIME = "uptime"
    LATENCY = "latency"
    FIRST_TOKEN = "first-token"  # noqa: S105 - of a model, not of a key
    INCIDENT = "incident"
    DOT = "dot"


OF_ALL: Final = (Shown.STATUS, Shown.DOT)
"""What can be told of all services at once."""


class WrongWishError(Exception):
    """A parameter that cannot be followed; `why` fits on a badge."""

    def __init__(self, why: Saying) -> None:
        super().__init__(why)
        self.why = why


_Choice = TypeVar("_Choice", bound=StrEnum)
Query = QueryParams | Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What was asked for; `label` and the colours are `None` where the usual ones are wanted.

    `language` is asked for and never negotiated: a badge stands in a document, and caches keep one for everybody.
    """

    show: Shown = Shown.STATUS
    window: UptimeWindow = UptimeWindow.QUARTER
    style: Style = Style.FLAT
    label: str | None = None
    colour: str | None = None
    label_colour: str | None = None
    language: str = SOURCE


USUAL: Final = Wish()


def wish_of(query: Query) -> Wish:
    """The wish in a query; parameters that nobody knows are left alone. Raises `WrongWishError`."""
    return Wish(
        show=_chosen(query, "show", USUAL.show),
        window=_chosen(query, "window", USUAL.window),
        style=_chosen(query, "style", USUAL.style),
        label=_label(query),
        colour=_colour(query, "color"),
        label_colour=_colour(query, "labelColor"),
        language=_language(query),
    )


def query_of(wish: Wish) -> Mapping[str, str]:
    """The query of a wish, of which what is usual is left out."""
    usual = _named(USUAL)
    return {name: text for name, text in _named(wish).items() if text is not None and text != usual[name]}


def address_of(service_id: str, wish: Wish) -> str:
    """Where that badge is; of the wish only what makes a difference is named."""
    idle = {"style", "labelColor"} if wish.show is Shown.DOT else set()
    idle |= {"window"} if wish.show is not Shown.UPTIME else set()
    told = {name: value for name, value in query_of(wish).items() if name not in idle}
    return with_query(f"/badge/{service_id}.svg", told)


def with_query(path: str, query: Mapping[str, str]) -> str:
    """A path with a query, if there is one, in which nothing means anything to Markdown or its like."""
    return f"{path}?{urlencode(query, quote_via=quote)}" if query else path


def _named(wish: Wish) -> Mapping[str, str | None]:
    return {
        "show": wish.show.value,
        "window": wish.window.value,
        "style": wish.style.value,
        "label": wish.label,
        "color": wish.colour and wish.colour.removeprefix("#"),
        "labelColor": wish.label_colour and wish.label_colour.removeprefix("#"),
        "lang": wish.language,
    }


def _label(query: Query) -> str | None:
    label = query.get("label")
    if label is not None and len(label) > LONGEST_LABEL:
        raise WrongWishError(say("label longer than {most}", most=LONGEST_LABEL))
    return label


def _chosen(query: Query, name: str, usual: _Choice) -> _Choice:
    text = query.get(name, usual)
    try:
        return type(usual)(text)
    except ValueError:
        raise WrongWishError(_one_of(name, type(usual))) from None


def _language(query: Query) -> str:
    text = query.get("lang", SOURCE)
    if text not in LANGUAGES:
        raise WrongWishError(_one_of("lang", LANGUAGES))
    return text


def _one_of(name: str, choices: type[StrEnum] | Mapping[str, str]) -> Saying:
    return say("{name} is one of {choices}", name=name, choices=", ".join(choices))


def _colour(query: Query, name: str) -> str | None:
    text = query.get(name)
    colour = colour_of(text) if text is not None else None
    if text is not None and colour is None:
        raise WrongWishError(say("{name} is a name or a hex number", name=name))
    return colour
