"""What a copy tells whoever serves it: a manifest for all, and what Netlify and Cloudflare Pages read; pure."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final

from app.web.languages import LANGUAGES
from app.web.moments import iso
from app.web.policy import HEADER
from app.web.snapshots import SAFE_HEADERS
from app.web.staticcopy.model import FOR_EVER, PASSING, CopiedFile, Naming, StaticCopy

MANIFEST: Final = "/copy.json"
HEADERS: Final = "/_headers"
REDIRECTS: Final = "/_redirects"

_JSON: Final = "application/json"
_TEXT: Final = "text/plain; charset=utf-8"


def with_manifest(copy: StaticCopy) -> tuple[CopiedFile, ...]:
    """The files of the copy, and the one that lists them; where they are files, also those for their hosts."""
    told = [manifest_file(copy)]
    if copy.terms.naming is Naming.FILES:
        told.append(_file(HEADERS, headers(copy.files), _TEXT))
        told.append(_file(REDIRECTS, redirects(copy.files), _TEXT))
    return (*copy.files, *told)


def manifest_file(copy: StaticCopy) -> CopiedFile:
    """The file that lists all files."""
    return _file(MANIFEST, json.dumps(manifest(copy), indent=1, ensure_ascii=False) + "\n", _JSON)


def manifest(copy: StaticCopy) -> Mapping[str, object]:
    """When the copy was made and on what terms; and of each address its file, its headers and its digest."""
    every = copy.terms.every
    return {
        "made_at": iso(copy.made_at),
        "url": copy.terms.url,
        "every_seconds": int(every.total_seconds()) if every is not None else None,
        "files": {
            each.address: {
                "file": copy.terms.naming.name_of(each.address),
                "type": each.content_type,
                "cache": each.cache_control,
                "digest": each.digest,
            }
            for each in copy.files
        },
    }


def headers(files: Iterable[CopiedFile]) -> str:
    """The headers of the server as Netlify and Cloudflare Pages set them: of all, then of those that differ."""
    files = tuple(files)
    common = {name.decode(): value.decode() for name, value in SAFE_HEADERS}
    told = [_rule("/*", {**common, "access-control-allow-origin": "*", "cache-control": PASSING})]
    kept = sorted({_folder(each.address) for each in files if FOR_EVER in each.cache_control})
    for folder in kept:
        cache = next(each.cache_control for each in files if each.address.startswith(folder))
        told.append(_rule(f"{folder}*", {"! cache-control": "", "cache-control": cache}))
    told += [_rule(pattern, {"content-type": kind}) for pattern, kind in _types(files).items()]
    strict = common[HEADER.decode()]
    others = {_folder(each.address): each.policy for each in files if each.policy not in ("", strict)}
    for folder, policy in sorted(others.items()):
        told.append(_rule(f"{folder}*", {f"! {HEADER.decode()}": "", HEADER.decode(): policy}))
    return "\n".join(told)


def redirects(files: Iterable[CopiedFile]) -> str:
    """For each answer of the API whose address is no name of a file, where its file is."""
    told = (f"{each.address} /{each.name} 200\n" for each in files if each.address.startswith("/api/"))
    return "".join(line for line in told if not _is_itself(line))


def _is_itself(line: str) -> bool:
    asked, named, _ = line.split()
    return asked == named


def _file(address: str, text: str, content_type: str) -> CopiedFile:
    return CopiedFile(address=address, body=text.encode(), content_type=content_type)


def _rule(pattern: str, told: Mapping[str, str]) -> str:
    lines = (f"  {name}: {value}" if value else f"  {name}" for name, value in told.items())
    return "".join(f"{line}\n" for line in (pattern, *lines))


def _folder(address: str) -> str:
    """The folder that an address stands in; of a page in another language, that within the language's."""
    first, *others = address.strip("/").split("/")
    return f"/{first}/{others[0]}/" if first in LANGUAGES and len(others) > 1 else f"/{first}/"


def _types(files: Iterable[CopiedFile]) -> Mapping[str, str]:
    """What the files of each ending are; and by name those that are something else than most of their ending."""
    kinds: dict[str, Counter[str]] = {}
    named: dict[str, str] = {}
    for each in files:
        last = each.name.rpartition("/")[2]
        kinds.setdefault(last.rpartition(".")[2], Counter())[each.content_type] += 1
        named[last] = each.content_type
    usual = {ending: counted.most_common(1)[0][0] for ending, counted in sorted(kinds.items())}
    told = {f"/*.{ending}": kind for ending, kind in usual.items() if ending != "html"}
    for last, kind in sorted(named.items()):
        if kind != usual[last.rpartition(".")[2]]:
            told |= {f"/{last}": kind, f"/*/{last}": kind}
    return told
