"""Names that are asked for: whether they are there, and near matches where they are not."""

from collections.abc import Collection, Iterable
from difflib import get_close_matches
from typing import TYPE_CHECKING

from app.cli.source import AnyShape, Asked, MissingError, Source, Told
from app.domain.service import Capability

if TYPE_CHECKING:
    from app.web.api.schemas import ServicesOut

MOST_NEAR = 3


def near(wanted: str, known: Iterable[str]) -> list[str]:
    """The names that may be meant, the likeliest first."""
    by_lower = {each.lower(): each for each in known}
    asked = wanted.lower()
    alike = get_close_matches(asked, by_lower, n=MOST_NEAR)
    holding = [each for each in by_lower if asked and asked in each]
    return [by_lower[each] for each in dict.fromkeys((*alike, *holding))][:MOST_NEAR]


def missing(kind: str, wanted: str, known: Collection[str], otherwise: str) -> MissingError:
    """There is no such thing: with what may be meant, or `otherwise`."""
    meant = near(wanted, known)
    hint = f"did you mean {' or '.join(map(repr, meant))}?" if meant else otherwise
    return MissingError(f"There is no {kind} {wanted!r}; {hint}")


def check_services(wanted: Iterable[str], told: "ServicesOut") -> None:
    """Raises `MissingError` for the first that is not there."""
    known = [service.id for service in told.services]
    for each in wanted:
        if each not in known:
            raise missing("service", each, known, "`stillup status` names them all.")


async def ask_about(
    source: Source, named: Iterable[str], path: str, shape: type[AnyShape], asked: Asked
) -> Told[AnyShape]:
    """The answer to a question that names services. Raises `MissingError` for the first that is not there."""
    from app.web.api.schemas import ServicesOut  # noqa: PLC0415 - slow to import, and rarely needed

    try:
        return await source.ask(path, shape, asked)
    except MissingError:
        check_services(named, (await source.ask("/services", ServicesOut)).answer)
        raise


def check_capability(wanted: str) -> Capability:
    """Raises `MissingError` where there is none."""
    known = [each.value for each in Capability]
    if wanted not in known:
        raise missing("capability", wanted, known, f"there are {', '.join(known)}.")
    return Capability(wanted)
