"""Megabytes made to hurt: deep, broad, long, bombed, cut and flawed."""

MEGABYTE = 1_000_000
_AT = "1 Apr 26 10:00 GMT"


def repeated(unit: str, *, before: str = "", after: str = "") -> bytes:
    """A megabyte of the same."""
    return (before + unit * (MEGABYTE // len(unit)) + after).encode()


def _within_incident(field: str, unit: str) -> bytes:
    before = f'{{"page": {{"id": "p"}}, "incidents": [{{"id": "a", "name": "a", "created_at": 1770000000, {field}'
    return repeated(unit, before=before, after='"}]}')


def _within_item(unit: str, *, title: str) -> bytes:
    head = f"<rss><channel><title>{title}</title><item><title>A</title><pubDate>{_AT}</pubDate><description>"
    return repeated(unit, before=head, after="</description></item></channel></rss>")


def _many_items() -> bytes:
    items = (
        f"<item><title>[Resolved] A</title><guid>{number}</guid><pubDate>{_AT}</pubDate>"
        f"<description>{'x' * 400}</description></item>"
        for number in range(2_000)
    )
    return f"<rss><channel>{''.join(items)}</channel></rss>".encode()


def _many_incidents() -> bytes:
    one = f'{{"id": "a", "name": "a", "created_at": 1770000000, "body": "{"x" * 400}"}}'
    return repeated(f"{one},", before='{"page": {"id": "p"}, "incidents": [', after=f"{one}]}}")


def _bomb(declarations: str) -> bytes:
    return f'<?xml version="1.0"?><!DOCTYPE r [{declarations}]><rss><channel>&last;</channel></rss>'.encode()


NASTY: dict[str, bytes] = {
    "brackets": repeated("["),
    "objects": repeated('{"a":'),
    "commas": repeated("0,", before="[", after="0]"),
    "empty objects": repeated("{},", before="[", after="{}]"),
    "digits": repeated("9"),
    "spaces": repeated(" "),
    "zeros": b"\x00" * MEGABYTE,
    "many keys": ("{" + ",".join(f'"{number}": 1' for number in range(80_000)) + "}").encode(),
    "one long text": repeated("x", before='{"page": "', after='"}'),
    "one long word": _within_incident('"status": "', "x"),
    "one long body": _within_incident('"incident_updates": [{"created_at": 1770000000}], "body": "', "<b>"),
    "many incidents": _many_incidents(),
    "less-than signs": repeated("<"),
    "open elements": repeated("<a>", before="<rss>"),
    "open items": repeated("<item>", before="<rss><channel>"),
    "many items": _many_items(),
    "a long history": _within_item("&lt;small&gt;", title="A - Incident History"),
    "a history of updates": _within_item("&lt;strong&gt;Update&lt;/strong&gt; - ", title="A - Incident History"),
    "a long list": _within_item("&lt;li&gt;a (b)", title="A</title><generator>incident.io</generator><title>"),
    "dates": _within_item("&lt;strong&gt;Thu, 03 Sep 2026 13:50:00 GMT&lt;/strong&gt;", title="A"),
    "entities": _bomb(f'<!ENTITY a "{"x" * 1_000}"><!ENTITY last "{"&a;" * 100_000}">'),
    "laughs": _bomb(
        '<!ENTITY a0 "ha">'
        + "".join(f'<!ENTITY a{n} "&a{n - 1};&a{n - 1};&a{n - 1};">' for n in range(1, 40))
        + '<!ENTITY last "&a39;">'
    ),
    "another file": _bomb('<!ENTITY last SYSTEM "file:///etc/hostname">'),
    "flaws in a small feed": (
        "<rss><channel>" + "<item><title>A<br></title></item>" * 190 + "</channel></rss>"
    ).encode(),
    "a list with room in it": _within_item(
        f"Affected components{' ' * 800}", title="A</title><generator>incident.io</generator><title>"
    ),
    "a state with room before it": _within_item("Status:" + "\n" * 300, title="A"),
    "updates": _within_item("&lt;strong&gt;Thu, 03 Sep 2026 13:50:00 GMT&lt;/strong&gt; x", title="A"),
    "services": _within_item("Azure OpenAI ", title="Azure Status"),
    "broken numbers": repeated("1.5,", before="[", after="1]"),
    "one long name": (
        f'{{"{"x" * 500_000}": [' + ",".join(f'{{"arn": "{number}"}}' for number in range(30_000)) + "]}"
    ).encode(),
    "ampersands": repeated("&", before="<rss><channel><title>", after="</title></channel></rss>"),
    "attributes": ("<rss " + " ".join(f'a{number}="1"' for number in range(90_000)) + "></rss>").encode(),
    "a slow encoding": b'<?xml version="1.0" encoding="punycode"?>' + b"a" * MEGABYTE,
}
"""By name, about a megabyte each."""
