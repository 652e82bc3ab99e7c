"""The templates, and the words they may use."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app import __version__
from app.board.basis import beside, measured_sentence, people_sentence, rests_on
from app.board.forecast import forecast, forecast_sentence, made_how
from app.board.headline import claim_of, rest_of, sentence
from app.board.witness import silent_vendors, vendor_sentence
from app.board.words import as_sentence, clock, counted
from app.domain.estimate import NoEstimate
from app.domain.lag import First
from app.domain.report import SYMPTOM_WORDS
from app.domain.spend import usd
from app.domain.status import Status
from app.domain.verdict import Witness
from app.web import words
from app.web.charts import bar, segments, spark
from app.web.static import Static

FILTERS: Mapping[str, Callable[..., Any]] = {
    "as_sentence": as_sentence,
    "at": words.at,
    "claim": claim_of,
    "clock": clock,
    "counted": counted,
    "day": words.day,
    "duration": words.duration,
    "event_words": words.EVENT_WORDS.__getitem__,
    "every": words.every,
    "evidence_words": words.EVIDENCE_WORDS.__getitem__,
    "host": words.host,
    "impact_words": words.IMPACT_WORDS.__getitem__,
    "lag": words.lag,
    "marked": words.marked,
    "measured_sentence": measured_sentence,
    "medians": words.medians,
    "ms": words.milliseconds,
    "people_sentence": people_sentence,
    "percent": words.percent,
    "phase_words": words.phase_words,
    "since": words.since,
    "since_short": words.since_short,
    "slot": words.slot,
    "speech": words.speech,
    "tally": words.tally,
    "usd": usd,
    "vendor_sentence": vendor_sentence,
    "witness_words": words.witness_words,
    "window_words": words.WINDOW_WORDS.__getitem__,
    "word": words.STATUS_WORDS.__getitem__,
}


def environment(folder: Path, static: Static, *, is_simulated: bool = False) -> Environment:
    """The templates of that folder. What they are not given is an error; whatever they are given is escaped."""
    made = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        extensions=["jinja2.ext.i18n"],
    )
    made.install_null_translations(newstyle=True)  # type: ignore[attr-defined]  # the extension adds it
    made.filters.update(FILTERS)
    made.globals.update(
        Status=Status,
        First=First,
        Witness=Witness,
        beside=beside,
        basis_words=words.BASIS_WORDS,
        bar=bar,
        forecast=forecast,
        forecast_sentence=forecast_sentence,
        first_words=words.FIRST_WORDS,
        is_simulated=is_simulated,
        made_how=made_how,
        NoEstimate=NoEstimate,
        rest_of=rest_of,
        rests_on=rests_on,
        segments=segments,
        sentence=sentence,
        silent_vendors=silent_vendors,
        spark=spark,
        static=static.url,
        symptom_words=SYMPTOM_WORDS,
        version=__version__,
    )
    return made


def render(templates: Environment, template: str, **given: Any) -> str:
    """A page."""
    return templates.get_template(f"pages/{template}.html").render(**given)
