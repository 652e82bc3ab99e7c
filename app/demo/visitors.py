"""Who would have reported the troubles that never were: a crowd that gathers quickly, and then tires."""

import random
from collections.abc import Iterable, Iterator
from datetime import timedelta

from app.demo.past import Episode
from app.domain.report import Report, Symptom
from app.domain.status import Status

CROWD = (8, 40)
GATHERS_IN = timedelta(minutes=15)
LINGERS = timedelta(minutes=30)
SYMPTOMS = {
    Status.DOWN: (Symptom.ERROR, Symptom.ERROR, Symptom.LOGIN, Symptom.API),
    Status.DEGRADED: (Symptom.SLOW, Symptom.SLOW, Symptom.ERROR, Symptom.API),
}


def visitors_of(episodes: Iterable[Episode], seed: int) -> Iterator[tuple[str, Report]]:
    """The reports of these troubles, each with the id of its service; none comes long after the end."""
    for episode in episodes:
        draw = random.Random(f"{seed} {episode.service.id} {episode.began_at}")  # noqa: S311 - pretended, not a secret
        for number in range(draw.randint(*CROWD)):
            at = episode.began_at + draw.expovariate(1.0) * GATHERS_IN
            at = at.replace(microsecond=0)
            if at < episode.ended_at + LINGERS:
                symptom = draw.choice(SYMPTOMS[episode.status])
                yield episode.service.id, Report(at=at, symptom=symptom, network=f"pretended {number}")
