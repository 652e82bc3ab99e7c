"""Every page as Markdown: the same words, and nothing that somebody wrote becomes more than words."""

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token
from selectolax.lexbor import LexborHTMLParser

from app.web.negotiation import prefers_markdown
from app.web.tomarkdown import markdown_of
from tests.web.conftest import INCIDENT, Site

PAGES = ("/", "/services/api", "/services/hidden", INCIDENT, "/vendors/api-inc", "/incidents", "/methodology")
URL = "https://stillup.test/page"
AGENT = "text/markdown, text/html, */*"


def md(path: str) -> str:
    return "/index.md" if path == "/" else f"{path}.md"


def tokens(markdown: str) -> list[Token]:
    parsed = MarkdownIt("commonmark").enable("table").parse(markdown)
    return [each for token in parsed for each in (token, *(token.children or ()))]


@pytest.mark.parametrize("path", PAGES)
async def test_a_page_in_markdown_has_the_headings_of_the_page_and_no_markup_of_others(
    site: Site, path: str
) -> None:
    page = LexborHTMLParser((await site.client.get(path)).text)
    told = await site.client.get(md(path))
    assert (told.status_code, told.headers["content-type"]) == (200, "text/markdown; charset=utf-8")
    found = tokens(told.text)
    assert [each.type for each in found if each.type.startswith("html")] == []
    hidden = page.css("[hidden] h2")  # what nobody is shown, such as one's own services before there are any
    headings = [each for each in page.css("main h1, main h2, main h3, footer h2") if each not in hidden]
    assert len([each for each in found if each.type == "heading_open"]) == len(headings)
    linked = {str(each.attrs["href"]) for each in found if each.type == "link_open"}
    assert {each for each in linked if "alert" in each} == set()


@pytest.mark.parametrize("path", PAGES)
async def test_who_prefers_markdown_gets_it_at_the_address_of_the_page(site: Site, path: str) -> None:
    html = await site.client.get(path, headers={"accept": "text/html,*/*;q=0.8"})
    markdown = await site.client.get(path, headers={"accept": AGENT})
    assert html.headers["content-type"] == "text/html; charset=utf-8"
    assert markdown.text == (await site.client.get(md(path))).text
    assert "accept," in html.headers["vary"]
    assert "accept," in markdown.headers["vary"]
    named = LexborHTMLParser(html.text).css_first("link[rel=alternate][type='text/markdown']")
    assert named is not None
    assert named.attributes["href"] == md(path)


@pytest.mark.parametrize(
    ("accepted", "is_wanted"),
    [
        (b"text/markdown", True),
        (b"text/markdown, text/html, */*", True),
        (b"text/markdown;q=0.9, text/html;q=0.8", True),
        (b"text/html, text/markdown;q=0.5", False),
        (b"text/html,application/xhtml+xml,*/*;q=0.8", False),
        (b"text/markdown;q=0", False),
        (b"*/*", False),
        (b"", False),
    ],
)
def test_markdown_is_for_those_who_name_it(accepted: bytes, *, is_wanted: bool) -> None:
    assert prefers_markdown(accepted) is is_wanted


@pytest.mark.parametrize("path", ["/api/v1/services", "/healthz", "/badge/api.svg", "/feed.atom", "/llms.txt"])
async def test_what_is_no_page_is_what_it_is_for_them_too(site: Site, path: str) -> None:
    plain, asked = await site.client.get(path), await site.client.get(path, headers={"accept": AGENT})
    assert (asked.status_code, asked.content) == (200, plain.content)


@pytest.mark.parametrize(
    "path", ["/services/nothing.md", "/healthz.md", "/api/v1/services.md", "/services/api.md.md"]
)
async def test_what_is_no_page_has_no_markdown(site: Site, path: str) -> None:
    assert (await site.client.get(path)).status_code == 404


async def test_a_page_in_markdown_speaks_the_language_of_its_reader(site: Site) -> None:
    german = await site.client.get("/services/api.md", headers={"accept-language": "de"})
    page = LexborHTMLParser((await site.client.get("/services/api", headers={"accept-language": "de"})).text)
    assert german.headers["content-language"] == "de"
    assert [f"## {node.text()}" in german.text.splitlines() for node in page.css("main h2")] == [True] * 8


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        ("<p>a *b* _c_ d_e `f` [g](h) &lt;i&gt;</p>", r"a \*b\* \_c\_ d_e \`f\` \[g\](h) \<i\>"),
        ("<p># no heading</p>", r"\# no heading"),
        ("<p>1. no list</p>", r"1\. no list"),
        ("<p>12.3 s</p>", "12.3 s"),
        ("<p>- no list</p>", r"\- no list"),
        (
            "<p>https://elsewhere.test and www.elsewhere.test</p>",
            r"https\://elsewhere.test and www\.elsewhere.test",
        ),
        ("<p>&amp;lt; R&amp;D</p>", r"\&lt; R&D"),
        ("<p>a\n\n# b\n\n- c</p>", "a # b - c"),
        ("<blockquote># a\n- b\n\n<!-- c -->d</blockquote>", "> \\# a\n> \\- b\n> d"),
        ("<p><code>a`b</code></p>", "`a'b`"),
        ("<p><a href='/services/x#y'>X</a></p>", "[X](https://stillup.test/services/x.md#y)"),
        ("<p><a href='/services/x/feed.atom'>X</a></p>", "[X](https://stillup.test/services/x/feed.atom)"),
        ("<p><a href='https://a.test/(b) c'>X]</a></p>", r"[X\]](https://a.test/%28b%29%20c)"),
        ("<ul><li><p>a</p><p>b</p></li><li>c</li></ul>", "- a\n\n  b\n- c"),
        ("<ul><li><svg class='mark down' aria-hidden='true'></svg>API</li></ul>", "- down: API"),
        ("<p><svg class='mark down' aria-hidden='true'></svg>It is down</p>", "It is down"),
        ("<table><tr><th>a|b</th></tr><tr><td>c</td></tr></table>", "| a\\|b |\n| --- |\n| c |"),
        ("<dl><div><dt>a</dt><dd>b</dd></div></dl>", "- **a:** b"),
        ("<details><summary>a</summary><p>b</p></details>", "**a**\n\nb"),
        ("<form>a</form><figure>b</figure><p hidden>c</p><p aria-hidden='true'>d</p><p>e</p>", "e"),
    ],
)
def test_html_becomes_markdown(html: str, markdown: str) -> None:
    assert markdown_of(f"<main>{html}</main>", URL) == f"{markdown}\n"


async def test_llms_txt_lists_every_service_and_vendor_and_nothing_that_is_not_there(site: Site) -> None:
    told = await site.client.get("/llms.txt")
    assert told.headers["content-type"] == "text/plain; charset=utf-8"
    found = tokens(told.text)
    assert [each.type for each in found if each.type.startswith("html")] == []
    links = [str(each.attrs["href"]) for each in found if each.type == "link_open"]
    assert {f"http://stillup.test/services/{each}.md" for each in ("api", "chat", "hidden")} <= set(links)
    for link in links:
        if not link.endswith("/mcp"):
            assert (await site.client.get(link)).status_code == 200, link
