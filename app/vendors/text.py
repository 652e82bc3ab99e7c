"""What vendors write (HTML, Markdown or plain, nobody says which) as plain text with its links spelled out.

The outcome is text, so whoever shows it escapes it like any other; nothing of the markup can survive as markup.
Regular expressions do it instead of a parser because a page carries hundreds of short texts, and building a tree
for each costs twenty times as much. Every pattern here fails within the tag it started in, so time is linear.
"""

import html
import re

LONGEST_LINE = 300
"""Letters of a title, a name or an id that are kept."""
LONGEST_TEXT = 10_000
"""Letters of a text that are kept."""
_MOST_READ = 4 * LONGEST_TEXT

_A_TEXT = 8

# Of no use to a reader, nor safe to hand on: controls, halves of surrogate pairs, marks that turn text around.
_UNWANTED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_SILENT = re.compile(r"<(script|style)\b[^<>]*>[^<]*(?:<(?!/\1)[^<]*){0,200}", re.IGNORECASE)
_AUTOLINK = re.compile(r"<(https?://[^<>\s]+)>")
_ITEM = re.compile(r"<li(?=[\s>/])[^<>]*>", re.IGNORECASE)
_BREAK = re.compile(
    r"</?(?=[abdhopstu])(?:br|p|div|h[1-6]|hr|ul|ol|table|tr|blockquote|pre|section|article)(?=[\s>/])[^<>]*>",
    re.IGNORECASE,
)
_ANCHOR = re.compile(r"<(/?)a(?=[\s>/])[^<>]*>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>|<![^<>]*>")
_HREF = re.compile(r"""href\s*=\s*["']?(https?://[^"'\s<>]+)""", re.IGNORECASE)
_MARKDOWN_LINK = re.compile(r"\[([^\[\]\n]*)\]\((https?://[^()\s]+)\)")
_MARKDOWN_STRONG = re.compile(r"(\*\*|__)(?=\S)([^*_\n]+)\1")
_MARKDOWN_HEADING = re.compile(r"^ {0,3}(?:\\?#){1,6} +", re.MULTILINE)
_MARKDOWN_ESCAPE = re.compile(r"\\(?=[`*_{}\[\]()#+.!>-])")
_MANY_LINES = re.compile(r"\n{3,}")


def one_line(text: str) -> str:
    """A title, a name, an id: one line, no controls, at most `LONGEST_LINE` letters."""
    if len(text) <= LONGEST_LINE and text.isprintable() and "  " not in text:
        return text.strip()
    line = " ".join(text[: 4 * LONGEST_LINE].split())
    if not line.isprintable():
        line = _UNWANTED.sub("", line)
    return line if len(line) <= LONGEST_LINE else line[: LONGEST_LINE - 1].rstrip() + "…"


def web_address(text: str) -> str | None:
    """The text if it is the address of a web page: it will be a link, and not every scheme is harmless."""
    address = one_line(text)
    return address if address.lower().startswith(("https://", "http://")) else None


def plain_line(text: str) -> str:
    """As `one_line`, of a text that may carry markup."""
    return one_line(plain(text[: 4 * LONGEST_LINE]))


def effort(text: str) -> int:
    """What it takes to make a text plain, in units of a `Meter`: markup costs far more than its letters."""
    if is_plain(text):
        return 2 + len(text) // 100
    if len(text) > _MOST_READ:
        text = text[:_MOST_READ]
    marks = 4 * (text.count("<") + text.count("&")) + 6 * text.count("](")
    return (len(text) // 50 + marks + text.count("\n") + text.count("*") + text.count("_")) // 2 + _A_TEXT


def is_plain(text: str) -> bool:
    """Whether a text is one line without any sign that markup is made of."""
    if len(text) > LONGEST_TEXT or not text.isprintable():
        return False
    # A chain, for a pattern takes six times as long.
    return not (
        "<" in text or "&" in text or "[" in text or "*" in text or "_" in text or "#" in text
        or "\\" in text or "  " in text
    )  # fmt: skip


def plain(text: str) -> str:
    """The text without its markup: links as `words (https://…)`, blocks and items on lines of their own.

    At most `LONGEST_TEXT` letters are kept, the last of them an ellipsis where more was said.
    """
    if is_plain(text):
        return text.strip()
    whole = len(text) <= _MOST_READ
    text = text[:_MOST_READ].replace("\r", "\n")
    if not text.replace("\n", " ").isprintable():
        text = _UNWANTED.sub("", text)
    if "<" in text:
        text = _without_tags(text)
    if "&" in text:
        text = _unescaped(text)
    text = _without_markdown(text)
    lines = "\n".join(" ".join(line.split()) for line in text.split("\n"))
    if "\n\n\n" in lines:
        lines = _MANY_LINES.sub("\n\n", lines)
    lines = lines.strip()
    if whole and len(lines) <= LONGEST_TEXT:
        return lines
    return lines[: LONGEST_TEXT - 1].rstrip() + "…"


def _without_tags(text: str) -> str:
    text = _AUTOLINK.sub(r"\1", _SILENT.sub("", text))
    text = _BREAK.sub("\n", _ITEM.sub("\n- ", text))
    return _TAG.sub("", _with_links_spelled(text))


def _with_links_spelled(text: str) -> str:
    open_link: tuple[str, int] | None = None

    def spelled(match: re.Match[str]) -> str:
        nonlocal open_link
        if not match[1]:
            target = _HREF.search(match[0])
            open_link = (html.unescape(target[1]), match.end()) if target else None
            return ""
        if open_link is None:
            return ""
        (target_url, begins), open_link = open_link, None
        words = _TAG.sub("", text[begins : match.start()])
        return "" if target_url in html.unescape(words) else f" ({target_url})"

    return _ANCHOR.sub(spelled, text)


def _unescaped(text: str) -> str:
    try:
        return _UNWANTED.sub("", html.unescape(text))
    except ValueError:  # a character reference of thousands of digits
        return text


def _without_markdown(text: str) -> str:
    if "](" in text:
        text = _MARKDOWN_LINK.sub(
            lambda link: link[2] if link[1] in ("", link[2]) else f"{link[1]} ({link[2]})", text
        )
    if "**" in text or "__" in text:
        text = _MARKDOWN_STRONG.sub(r"\2", text)
    if "#" in text:
        text = _MARKDOWN_HEADING.sub("", text)
    return _MARKDOWN_ESCAPE.sub("", text) if "\\" in text else text
