"""A language with its messages: what the source says in English, told in it; figures and months as it writes them.

Its messages stand in `app/locales/<code>/LC_MESSAGES/stillup.po` and are read from there when somebody first asks
for the language: no compiled copy of them has to be made, kept and compared with what was translated.
"""

import gettext
import io
import re
import string
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from app.domain.saying import Saying

if TYPE_CHECKING:
    from babel.messages.catalog import Message

LOCALES: Final = Path(__file__).parent.parent / "locales"
SCRIPTS: Final = "static/js/"
STORED: Final = ("app/domain/", "app/pipeline/", "app/probes/", "app/store/", "app/vendors/")
"""Where sentences are made that are kept, and come back as plain text."""

REMEMBERED: Final = 4_096
_FIELD = re.compile(r"\{(\w+)([^:}]*)(?::([^}]*))?\}")
_FIGURE = re.compile(r"-?\d{1,3}(,\d{3})+(\.\d+)?|-?\d+\.\d+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Messages:
    """What a catalogue says. `script` is what our scripts say.

    `stored` are the templates of sentences that are kept: each alone, or with its form for many.
    """

    translations: gettext.NullTranslations
    stored: Sequence[tuple[str, ...]]
    script: Mapping[str, str]
    months: Mapping[int, str]
    decimal: str
    group: str


def load_messages(code: str, folder: Path = LOCALES) -> Messages:
    """The catalogue of a language, from its file. Takes a tenth of a second, so it belongs in a thread."""
    from babel import Locale  # noqa: PLC0415 - slow to import, and an English reader needs nothing of it
    from babel.messages.mofile import write_mo  # noqa: PLC0415
    from babel.messages.pofile import read_po  # noqa: PLC0415

    with (folder / code / "LC_MESSAGES" / "stillup.po").open("rb") as file:
        catalogue = read_po(file, locale=code)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    locale = Locale.parse(code)
    symbols = locale.number_symbols["latn"]
    told = [each for each in catalogue if each.id and each.string]
    return Messages(
        translations=gettext.GNUTranslations(compiled),
        stored=[_forms(each) for each in told if _stands_in(each, STORED)],
        script={_forms(each)[0]: str(each.string) for each in told if _stands_in(each, (SCRIPTS,))},
        months=locale.months["format"]["abbreviated"],
        decimal=symbols["decimal"],
        group=symbols["group"],
    )


def _forms(message: "Message") -> tuple[str, ...]:
    return (message.id,) if isinstance(message.id, str) else tuple(message.id)


def _stands_in(message: "Message", folders: tuple[str, ...]) -> bool:
    return any(place.startswith(folders) for place, _ in message.locations)


class Translated:
    """A language other than that of the source: a `Tongue` by its messages."""

    def __init__(self, code: str, messages: Messages) -> None:
        self.code = code
        self.script = messages.script
        self._messages = messages
        self._filler = _Filler(self)
        templates = [(each, forms) for forms in messages.stored for each in forms]
        templates.sort(key=lambda told: _weight(told[0]), reverse=True)
        self._patterns = [(_pattern(template), forms) for template, forms in templates]
        self._separators = str.maketrans({",": messages.group, ".": messages.decimal})
        self._recognised = lru_cache(maxsize=REMEMBERED)(self._recognise)

    def gettext(self, message: str) -> str:
        """The message in this language."""
        return self._messages.translations.gettext(message)

    def ngettext(self, one: str, many: str, count: int) -> str:
        """The form of the message for that many."""
        return self._messages.translations.ngettext(one, many, count)

    def filled(self, template: str, values: Mapping[str, Any]) -> str:
        """A template with the values in it, which are told in this language, too."""
        return self._filler.vformat(template, (), values)

    def recalled(self, text: str) -> str:
        """A text of ours, remembered or recognised, in this language; what is of others as it is."""
        return text.told_in(self) if isinstance(text, Saying) else self._recognised(text)

    def shown(self, value: Any) -> Any:
        """What a page shows of a value: a sentence that remembers in this language, anything else as it is."""
        told_in = getattr(value, "told_in", None) if isinstance(value, str) else None
        return value if told_in is None else told_in(self)

    def said(self, value: Any) -> Any:
        """The same of a value that stands in a sentence, where figures are written as this language does."""
        is_figure = isinstance(value, int | float) and not isinstance(value, bool)
        return self.figure(str(value)) if is_figure else self.shown(value)

    def figure(self, written: str) -> str:
        """A figure that was written in English, as this language separates its digits."""
        return written.translate(self._separators)

    def dated(self, moment: date, form: str) -> str:
        """A moment by an `strftime` format, with the names of this language."""
        return moment.strftime(form.replace("%b", self._messages.months[moment.month].replace("%", "%%")))

    def _recognise(self, text: str) -> str:
        if _FIGURE.fullmatch(text):
            return self.figure(text)
        for pattern, forms in self._patterns:
            if found := pattern.fullmatch(text):
                values = found.groupdict()
                one, many = forms[0], forms[-1]
                told = self.gettext(one) if one is many else self.ngettext(one, many, _number(values["count"]))
                return _plain(told).format(**{name: self.recalled(value) for name, value in values.items()})
        is_cut = text != "" and text[-1].isalnum()
        return self._recognised(f"{text}.").removesuffix(".") if is_cut else text


class _Filler(string.Formatter):
    """`str.format` in a language."""

    def __init__(self, tongue: Translated) -> None:
        self._tongue = tongue

    def format_field(self, value: Any, format_spec: str) -> str:
        """One value as this language writes it."""
        if isinstance(value, str):
            return self._tongue.recalled(value)
        if isinstance(value, date):
            return self._tongue.dated(value, format_spec)
        if isinstance(value, int | float):
            return self._tongue.figure(format(value, format_spec))
        return format(value, format_spec)


def _pattern(template: str) -> re.Pattern[str]:
    """What a template makes, to recognise it by; a field that stands twice has to be the same twice."""
    told, seen, end = "", set[str](), 0
    for field in _FIELD.finditer(template):
        name = field[1]
        told += re.escape(template[end : field.start()])
        told += f"(?P={name})" if name in seen else f"(?P<{name}>{_shape(field[3])})"
        seen.add(name)
        end = field.end()
    return re.compile(told + re.escape(template[end:]), re.DOTALL)


def _shape(form: str | None) -> str:
    return r"-?[\d,]+(?:\.\d+)?(?:e[+-]?\d+)?" if form and form[-1] in "defgn," else ".*?"


def _weight(template: str) -> int:
    """How much a template says itself: of two that fit, the one that leaves less to its fields is meant."""
    return len(_FIELD.sub("", template))


def _plain(template: str) -> str:
    """A template whose values are written already."""
    return _FIELD.sub(r"{\1}", template)


def _number(written: str) -> int:
    digits = "".join(filter(str.isdigit, written))
    return int(digits) if digits else 0
