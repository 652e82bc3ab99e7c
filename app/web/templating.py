"""The templates, and the words they may use, in every language."""

import asyncio
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from app import __version__
from app.board.basis import beside, measured_sentence, people_sentence, rests_on
from app.board.forecast import forecast, forecast_sentence, made_how
from app.board.headline import claim_of, rest_of, sentence
from app.board.witness import STATE_WORDS, silent_vendors, vendor_sentence
from app.board.words import as_sentence, clock, counted
from app.domain.estimate import NoEstimate
from app.domain.lag import First
from app.domain.report import SYMPTOM_WORDS
from app.domain.saying import known
from app.domain.spend import usd
from app.domain.status import Status
from app.domain.verdict import Witness
from app.web import moments, words
from app.web.charts import bar, segments, spark
from app.web.languages import LANGUAGES, SOURCE, spoken
from app.web.static import Static
from app.web.staticcopy.copied import Copied
from app.web.tongue import Translated, load_messages

FILTERS: Mapping[str, Callable[..., Any]] = {
    "amount": words.amount,
    "as_sentence": as_sentence,
    "at": moments.at,
    "capitalised": words.capitalised,
    "claim": claim_of,
    "clock": clock,
    "counted": counted,
    "day": moments.day,
    "day_short": moments.day_short,
    "duration": moments.duration,
    "event_words": words.EVENT_WORDS.__getitem__,
    "every": moments.every,
    "figure": words.figure,
    "evidence_words": words.EVIDENCE_WORDS.__getitem__,
    "host": words.host,
    "hour": moments.hour,
    "iso": moments.iso,
    "impact_words": words.IMPACT_WORDS.__getitem__,
    "known": known,
    "lag": words.lag,
    "marked": words.marked,
    "measured_sentence": measured_sentence,
    "medians": words.medians,
    "ms": words.milliseconds,
    "people_sentence": people_sentence,
    "percent": words.percent,
    "phase_words": words.phase_words,
    "since": moments.since,
    "since_short": moments.since_short,
    "shortened": words.shortened,
    "spaced": words.spaced,
    "speech": words.speech,
    "tally": words.tally,
    "usd": usd,
    "vendor_sentence": vendor_sentence,
    "witness_words": words.witness_words,
    "window_words": words.WINDOW_WORDS.__getitem__,
    "word": words.STATUS_WORDS.__getitem__,
    "state": STATE_WORDS.__getitem__,
    "group_words": words.GROUP_WORDS.__getitem__,
    "lag_sentence": words.lag_sentence,
}


class Templates:
    """The templates of a folder. Pages speak the language of the reader, `english` is for everything else."""

    def __init__(
        self, folder: Path, static: Static, *, is_simulated: bool = False, copied: Copied | None = None
    ) -> None:
        self.copied = copied
        """What answers as a copy know of it; `None` for a server."""
        self.static = static.url
        """Where a static file is, by its name."""
        self._folder = folder
        self._words = {"static": static.url, "is_simulated": is_simulated, "copied": copied}
        self._lock = asyncio.Lock()
        self.english = self._environment(SOURCE)
        self.english.install_null_translations(newstyle=True)  # type: ignore[attr-defined]  # the extension adds it
        self._spoken = {SOURCE: self.english}
        self._tongues: dict[str, Translated] = {}

    async def learn(self, language: str) -> None:
        """Have a language at hand; its messages are read when it is first asked for."""
        if language in self._spoken:
            return
        async with self._lock:
            if language not in self._spoken:
                tongue = Translated(language, await asyncio.to_thread(load_messages, language))
                self._spoken[language] = self._translated(tongue)

    async def tongue(self, language: str) -> Translated | None:
        """What tells sentences in a language; that of the source needs none."""
        await self.learn(language)
        return self._tongues.get(language)

    def get_template(self, name: str) -> Template:
        """A template in the language of the reader."""
        return self._spoken[spoken()].get_template(name)

    def _environment(self, language: str, finalize: Callable[[Any], Any] | None = None) -> Environment:
        """What templates are not given is an error; whatever they are given is escaped."""
        made = Environment(
            loader=FileSystemLoader(self._folder),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
            extensions=["jinja2.ext.i18n"],
            finalize=finalize,
        )
        made.policies["ext.i18n.trimmed"] = True
        made.filters.update(FILTERS)
        made.globals.update(GLOBALS, **self._words, language=language)
        return made

    def _translated(self, tongue: Translated) -> Environment:
        self._tongues[tongue.code] = tongue
        made = self._environment(tongue.code, finalize=tongue.shown)
        made.newstyle_gettext = True  # type: ignore[attr-defined]  # the extension adds it

        @pass_context
        def one(context: Context, message: str, **values: Any) -> str:
            return _filled(context, tongue, tongue.gettext(message), values)

        @pass_context
        def many(context: Context, one: str, many: str, num: int, **values: Any) -> str:
            return _filled(context, tongue, tongue.ngettext(one, many, num), {"num": num, **values})

        made.globals.update(_=one, gettext=one, ngettext=many, script_words=tongue.script)
        return made


def _filled(context: Context, tongue: Translated, message: str, values: Mapping[str, Any]) -> str:
    told = Markup(message) if context.eval_ctx.autoescape else message  # noqa: S704 - catalogues are ours
    return told % {name: tongue.said(value) for name, value in values.items()}


GLOBALS: Mapping[str, Any] = {
    "First": First,
    "LANGUAGES": LANGUAGES,
    "NoEstimate": NoEstimate,
    "Status": Status,
    "Witness": Witness,
    "bar": bar,
    "basis_words": words.BASIS_WORDS,
    "beside": beside,
    "first_words": words.FIRST_WORDS,
    "forecast": forecast,
    "forecast_sentence": forecast_sentence,
    "made_how": made_how,
    "rest_of": rest_of,
    "rests_on": rests_on,
    "script_words": {},
    "segments": segments,
    "sentence": sentence,
    "silent_vendors": silent_vendors,
    "spark": spark,
    "symptom_words": SYMPTOM_WORDS,
    "version": __version__,
}


def render(templates: Templates, template: str, **given: Any) -> str:
    """A page in the language of the reader."""
    return templates.get_template(f"pages/{template}.html").render(**given)
