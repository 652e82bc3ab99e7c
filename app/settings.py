"""The settings of the process, from the environment; frozen, and read by the wiring and the command line alone."""

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from datetime import timedelta
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from pathlib import Path
from typing import Any

PREFIX = "STILLUP_"
LOG_LEVELS = ("debug", "info", "warning", "error")
MOST_USD = 1_000_000
SECRET = ("publish_key",)
"""What is never shown, whatever is wrong with it."""

BUCKET = "s3://"
_BUCKET = re.compile(r"s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](?:/[A-Za-z0-9._/-]*)?")


class SettingsError(Exception):
    """A setting that cannot be used: names the variable, what is wrong with it, and what would be right."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What the operator may decide about the process; what is watched stands in the catalogue.

    Every field is read from the environment variable of its name in capitals with `STILLUP_` before it.
    """

    data: Path
    """Folder for the database; created where it does not exist."""

    catalogue: Path | None = None
    """The operator's own catalogue file; `stillup.yaml` in the working directory is taken where there is one."""

    host: str = "127.0.0.1"
    """Address to listen on."""

    port: int = 8000
    """Port to listen on; 0 takes a free one."""

    public_url: str | None = None
    """Where people reach this dashboard; named in the User-Agent of every probe, so that vendors can ask."""

    url: str | None = None
    """A running Stillup for the command line to ask; without one it reads the database."""

    region: str = "local"
    """The name of the place this process probes from."""

    probing: bool = True
    """Whether this process probes; `off` serves only what is stored."""

    status_pages: bool = True
    """Whether this process reads vendors' status pages while it probes; `off` leaves what they said as it was."""

    reports: bool = True
    """Whether visitors may report problems; `off` hides the form and refuses reports."""

    metrics: bool = True
    """Whether `/metrics` tells Prometheus what the pages show and how this process is; `off` hides it."""

    trusted_proxies: int = 0
    """How many proxies of ours a visitor comes through: whose `X-Forwarded-For` tells where visitors come from."""

    rate_limit: int = 600
    """How much of the API one client may ask in a minute, what is answered from memory aside; 0 is no limit."""

    streams: int = 10_000
    """How many pages may listen to what changes at one time."""

    seats: int = 64
    """How many probes may be under way at once."""

    seats_per_vendor: int = 4
    """How many probes may be under way at one vendor at once."""

    spend_per_vendor: Decimal = Decimal(1)
    """What canaries may cost at one vendor in a calendar month, in USD."""

    spend_total: Decimal = Decimal(1)
    """What all canaries together may cost in a calendar month, in USD."""

    keep_results: timedelta = timedelta(days=30)
    """How long single results are kept."""

    keep_hours: timedelta = timedelta(days=400)
    """How long hourly figures are kept; daily ones are kept for ever."""

    publish: str | None = None
    """Where a static copy is published on every change: a folder, or `s3://bucket/prefix`."""

    publish_url: str | None = None
    """Where people reach the copy; `public_url` where it takes the place of the server."""

    publish_every: timedelta = timedelta(minutes=5)
    """How often the copy is made anew even if nothing changes."""

    publish_key: str | None = field(default=None, repr=False)
    """The access key of the bucket: `ID:SECRET`, or `ID:SECRET:TOKEN`."""

    publish_key_file: Path | None = None
    """The file that the access key stands in."""

    publish_endpoint: str | None = None
    """Where the bucket is, if not at AWS."""

    publish_region: str = "us-east-1"
    """The region of the bucket."""

    publish_style: str | None = None
    """Where the bucket is named: in the `host`, or in the `path`; at AWS in the host, else in the path."""

    publish_names: str = "addresses"
    """What objects of the bucket are called: as `addresses`, or as `files`."""

    simulated: bool = False
    """Whether what is watched is only pretended; every page, badge and answer of the API then says so."""

    log_level: str = "info"
    """How much is written to standard error: `debug`, `info`, `warning` or `error`."""

    @property
    def database_url(self) -> str:
        """Where the database is."""
        return f"sqlite+aiosqlite:///{self.data / 'stillup.sqlite3'}"


def load_settings(environ: Mapping[str, str], working_directory: Path) -> Settings:
    """Settings from the environment.

    Raises `SettingsError` for a value that cannot be used, and for a `STILLUP_` variable nobody reads: a
    misspelt setting that is silently ignored is a setting that silently does nothing.
    """
    known = {PREFIX + field.name.upper(): field.name for field in fields(Settings)}
    unknown = sorted(name for name in environ if name.startswith(PREFIX) and name not in known)
    if unknown:
        close = get_close_matches(unknown[0], known, n=1)
        hint = f"did you mean {close[0]}?" if close else f"there are {', '.join(known)}"
        raise SettingsError(f"{unknown[0]}: no such setting; {hint}")
    given: dict[str, Any] = {}
    for variable, name in known.items():
        if text := environ.get(variable, "").strip():
            given[name] = _parsed(variable, name, text)
    given.setdefault("data", _default_data(environ))
    given["data"] = working_directory / given["data"]
    own = given.get("catalogue")
    if own is None and (working_directory / "stillup.yaml").is_file():
        own = Path("stillup.yaml")
    if own is not None:
        given["catalogue"] = working_directory / own
    _settle_publishing(given, working_directory)
    return Settings(**given)


def _settle_publishing(given: dict[str, Any], working_directory: Path) -> None:
    if given.get("publish") is None:
        return
    if given.get("publish_url") is None and given.get("public_url") is None:
        raise SettingsError("STILLUP_PUBLISH: say where the copy is reached, with STILLUP_PUBLISH_URL")
    is_bucket = given["publish"].startswith(BUCKET)
    if not is_bucket:
        given["publish"] = str(working_directory / given["publish"])
    if is_bucket and given.get("publish_key") is None and given.get("publish_key_file") is None:
        raise SettingsError("STILLUP_PUBLISH: a bucket needs STILLUP_PUBLISH_KEY, or STILLUP_PUBLISH_KEY_FILE")


def _default_data(environ: Mapping[str, str]) -> Path:
    """Where a program of this user keeps its data, by the XDG base directory specification."""
    base = environ.get("XDG_DATA_HOME")
    return Path(base or Path.home() / ".local" / "share") / "stillup"


def _parsed(variable: str, name: str, text: str) -> Any:
    parse, wanted = _PARSERS[name]
    try:
        return parse(text)
    except (ValueError, InvalidOperation):
        shown = "what is given" if name in SECRET else repr(text)
        raise SettingsError(f"{variable}: {shown} cannot be used; give {wanted}") from None


def _whole(least: int, most: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        number = int(text)
        if not least <= number <= most:
            raise ValueError
        return number

    return parse


def _days(text: str) -> timedelta:
    return timedelta(days=_whole(1, 36_500)(text.removesuffix("d")))


def _minutes(text: str) -> timedelta:
    return timedelta(minutes=_whole(1, 1_440)(text.removesuffix("m")))


def _one_of(*choices: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if text.lower() not in choices:
            raise ValueError
        return text.lower()

    return parse


def _publish(text: str) -> str:
    if "://" in text and not _BUCKET.fullmatch(text):
        raise ValueError
    return text


def _key(text: str) -> str:
    if not all(text.partition(":")[::2]):
        raise ValueError
    return text


def _usd(text: str) -> Decimal:
    amount = Decimal(text)
    if not 0 <= amount <= MOST_USD:
        raise ValueError
    return amount


def _switched(text: str) -> bool:
    if text.lower() not in ("on", "off"):
        raise ValueError
    return text.lower() == "on"


def _web_address(text: str) -> str:
    if not text.startswith(("http://", "https://")):
        raise ValueError
    return text.rstrip("/")


def _plain_word(text: str) -> str:
    if not text.isprintable() or "/" in text or "|" in text or " " in text:
        raise ValueError
    return text


_PARSERS: Mapping[str, tuple[Callable[[str], Any], str]] = {
    "data": (Path, "a folder"),
    "catalogue": (Path, "the path of a YAML file"),
    "host": (_plain_word, "an address to listen on, such as 0.0.0.0"),
    "port": (_whole(0, 65_535), "a port from 0 to 65535"),
    "public_url": (_web_address, "an address that starts with https:// or http://"),
    "url": (_web_address, "an address that starts with https:// or http://"),
    "region": (_plain_word, "one plain word"),
    "probing": (_switched, "on or off"),
    "status_pages": (_switched, "on or off"),
    "reports": (_switched, "on or off"),
    "metrics": (_switched, "on or off"),
    "trusted_proxies": (_whole(0, 10), "a whole number from 0 to 10"),
    "rate_limit": (_whole(0, 1_000_000), "a whole number from 0 to 1000000"),
    "streams": (_whole(0, 1_000_000), "a whole number from 0 to 1000000"),
    "seats": (_whole(1, 10_000), "a whole number from 1 to 10000"),
    "seats_per_vendor": (_whole(1, 10_000), "a whole number from 1 to 10000"),
    "spend_per_vendor": (_usd, "an amount in USD, such as 1 or 0.50"),
    "spend_total": (_usd, "an amount in USD, such as 1 or 0.50"),
    "keep_results": (_days, "whole days, such as 30d"),
    "keep_hours": (_days, "whole days, such as 400d"),
    "publish": (_publish, "a folder, or s3://bucket/prefix"),
    "publish_url": (_web_address, "an address that starts with https:// or http://"),
    "publish_every": (_minutes, "whole minutes from 1m to 1440m"),
    "publish_key": (_key, "ID:SECRET, or ID:SECRET:TOKEN"),
    "publish_key_file": (Path, "the path of a file"),
    "publish_endpoint": (_web_address, "an address that starts with https:// or http://"),
    "publish_region": (_plain_word, "one plain word"),
    "publish_style": (_one_of("host", "path"), "host or path"),
    "publish_names": (_one_of("addresses", "files"), "addresses or files"),
    "simulated": (_switched, "on or off"),
    "log_level": (_one_of(*LOG_LEVELS), "debug, info, warning or error"),
}


def resource(name: str) -> Path:
    """The folder `templates`, `static` or `migrations`: inside the installed package, else beside it."""
    package = Path(__file__).resolve().parent
    packed = package / "_resources" / name
    return packed if packed.is_dir() else package.parent / name


def environment() -> Mapping[str, str]:
    """The environment of the process."""
    return os.environ
