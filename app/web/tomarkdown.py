"""A page of ours as Markdown: the same words, without what only a browser can show; pure.

Whatever a page has, its Markdown has, because it is made from it. Figures, forms and menus are left out: they are
drawn, or done. All text is escaped, so that what vendors wrote stays text.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final
from urllib.parse import urljoin

from selectolax.lexbor import LexborHTMLParser, LexborNode

from app.web.markdowntext import address_in_markdown, begun, escaped

LEFT_OUT: Final = frozenset({
    "button", "figure", "form", "head", "img", "input", "nav", "script", "style", "template",
})  # fmt: skip
HEADINGS: Final = {"h1": "# ", "h2": "## ", "h3": "### ", "h4": "#### "}
CONTAINERS: Final = frozenset({"article", "body", "div", "fieldset", "footer", "header", "main", "section"})
BLOCKS: Final = (
    CONTAINERS | HEADINGS.keys() | {"blockquote", "details", "dl", "ol", "p", "pre", "summary", "table", "ul"}
)

_ONLY_A_MARK: Final = re.compile(r"\w+:")
_SPACE: Final = re.compile(r"\s+")
_NOT_IN_A_URL: Final = re.compile(r"[\s<>()\\\"`]")


def markdown_of(html: str, url: str) -> str:
    """The page, which stands at `url`: links lead to the Markdown of what they lead to."""
    tree = LexborHTMLParser(html)
    writer = _Writer(url)
    told = [node for css in ("p.simulated", "p.copied", "main", "footer > section") for node in tree.css(css)]
    return "\n\n".join(block for node in told for block in writer.block(node)) + "\n"


class _Writer:
    """Writes the nodes of one page."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._root = urljoin(url, "/").rstrip("/")

    def block(self, node: LexborNode) -> Iterator[str]:
        """The blocks that a node amounts to."""
        tag = _tag(node)
        if tag in HEADINGS:
            yield HEADINGS[tag] + self._line(node)
        elif tag == "summary":
            yield self._summary(node)
        elif tag in ("ul", "ol"):
            yield "\n".join(self._items(node))
        elif tag == "dl":
            yield "\n".join(f"- **{name}:** {fact}" for name, fact in self._facts(node))
        elif tag == "table":
            yield "\n".join(self._rows(node))
        elif tag == "blockquote":
            yield "\n".join(f"> {begun(escaped(line))}" for line in node.text().splitlines() if line.strip())
        elif tag == "pre":
            yield "\n".join(f"    {line}" for line in node.text().splitlines())
        else:
            yield from self._content(node)

    def _content(self, node: LexborNode) -> Iterator[str]:
        """What a node holds: runs of words as paragraphs, and the blocks between them."""
        run: list[LexborNode] = []
        for child in node.iter(include_text=True):
            if _is_left_out(child):
                continue
            if _tag(child) not in BLOCKS:
                run.append(child)
                continue
            yield from self._paragraph(run)
            yield from self.block(child)
            run = []
        yield from self._paragraph(run)

    def _paragraph(self, run: Iterable[LexborNode]) -> Iterator[str]:
        told = _tidied(self._inline(each) for each in run)
        if told and not _ONLY_A_MARK.fullmatch(told):
            yield told

    def _line(self, node: LexborNode) -> str:
        return _tidied(self._inline(child) for child in node.iter(include_text=True))

    def _summary(self, node: LexborNode) -> str:
        heading = node.css_first(", ".join(HEADINGS))
        told = self._line(node)
        return f"{HEADINGS[_tag(heading)]}{told}" if heading is not None else f"**{told}**"

    def _items(self, node: LexborNode) -> Iterator[str]:
        marker = "1. " if _tag(node) == "ol" else "- "
        for item in node.iter():
            told = "\n\n".join(self._content(item))
            yield marker + told.replace("\n", f"\n{' ' * len(marker)}").replace(f"\n{' ' * len(marker)}\n", "\n\n")

    def _facts(self, node: LexborNode) -> Iterator[tuple[str, str]]:
        name = ""
        for child in node.iter():
            if _tag(child) == "div":
                yield from self._facts(child)
            elif _tag(child) == "dt":
                name = self._line(child)
            else:
                yield name, self._line(child)

    def _rows(self, node: LexborNode) -> Iterator[str]:
        for number, row in enumerate(node.css("tr")):
            cells = [self._line(cell) for cell in row.iter() if _tag(cell) in ("td", "th")]
            yield f"| {' | '.join(cells)} |"
            if not number:
                yield f"|{' --- |' * len(cells)}"

    def _inline(self, node: LexborNode) -> str:
        if _is_left_out(node):
            return ""
        match _tag(node):
            case "-text":
                return escaped(node.text())
            case "svg":
                return _drawn(node)
            case "code":
                return f"`{_SPACE.sub(' ', node.text()).replace('`', chr(39))}`"
            case "br":
                return " "
        told = "".join(self._inline(child) for child in node.iter(include_text=True))
        return self._marked(node, told) if told.strip() else told

    def _marked(self, node: LexborNode, told: str) -> str:
        tag = _tag(node)
        if tag == "a":
            between = " " if node.prev is not None and _tag(node.prev) == "a" else ""
            return f"{between}[{told.strip()}]({self._link(node.attributes.get('href') or '')})"
        if tag == "span":
            return f" ({told.strip()})" if "tag" in _classes(node) else _apart(node, told)
        before, after = _AROUND.get(tag, ("", ""))
        return f"{before}{told.strip()}{after}" if before else told

    def _link(self, href: str) -> str:
        url = urljoin(self._url, href)
        path, hash_, fragment = url.removeprefix(self._root).partition("#")
        if url.startswith(f"{self._root}/") and (found := address_in_markdown(path)):
            url = f"{self._root}{found}{hash_}{fragment}"
        return _NOT_IN_A_URL.sub(lambda found: f"%{ord(found[0]):02X}", url)


_AROUND: Final = {
    "b": ("**", "**"),
    "strong": ("**", "**"),
    "em": ("*", "*"),
    "q": ("“", "”"),
}


def _tag(node: LexborNode) -> str:
    return node.tag or ""


def _classes(node: LexborNode) -> list[str]:
    return (node.attributes.get("class") or "").split()


def _apart(node: LexborNode, told: str) -> str:
    """What the style sheet sets apart from what stands before it: in a row or a story by more than a space."""
    is_column = node.parent is not None and _tag(node.parent) == "li" and node.prev is not None
    return f" · {told.strip()}" if is_column and told.strip() else f" {told}"


def _is_left_out(node: LexborNode) -> bool:
    if _tag(node) == "-text":
        return False
    is_decoration = node.attributes.get("aria-hidden") == "true" and "mark" not in _classes(node)
    return _tag(node) in LEFT_OUT or "hidden" in node.attributes or is_decoration


def _drawn(node: LexborNode) -> str:
    """What a picture says: its name, or the status whose mark it is where no words beside it say the same."""
    if named := node.attributes.get("aria-label"):
        return _apart(node, escaped(named))
    status = " ".join(each for each in _classes(node) if each != "mark")
    beside = node.parent.text().lower() if node.parent is not None else ""
    is_told = status in beside or (node.parent is not None and _tag(node.parent) == "h1")
    return "" if is_told else f"{status}: "


def _tidied(parts: Iterable[str]) -> str:
    return begun(_SPACE.sub(" ", "".join(parts)).strip())
