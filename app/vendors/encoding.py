"""From bytes to text: by byte order mark, then by what the document or its sender says, then as UTF-8.

Only encodings that status pages are written in are known: Python's registry holds others that take quadratic time.
"""

import codecs
import re

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_KNOWN = re.compile(
    r"(?:utf-?8|us-ascii|ascii|utf-16(?:-?[lb]e)?|iso-8859-1?\d|latin-?1|windows-125\d|cp125\d"
    r"|gb2312|gbk|gb18030|big5|shift_jis|euc-jp|euc-kr|koi8-r)\Z",
    re.IGNORECASE,
)
_IN_XML = re.compile(rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9_-]{1,20})["']""")
_IN_HEADER = re.compile(r"""charset\s*=\s*["']?([A-Za-z0-9_-]{1,20})""", re.IGNORECASE)


def decoded(body: bytes, content_type: str = "") -> str:
    """The text of a document, without its byte order mark; bytes that are none become U+FFFD."""
    return body.decode(_encoding(body, content_type), "replace").lstrip("\ufeff")


def _encoding(body: bytes, content_type: str) -> str:
    for mark, encoding in _MARKS:
        if body.startswith(mark):
            return encoding
    if body[:4:2] == b"\0\0":
        return "utf-16-be"
    if body[1:4:2] == b"\0\0":
        return "utf-16-le"
    in_xml, in_header = _IN_XML.match(body[:256].lstrip()), _IN_HEADER.search(content_type)
    told = in_xml[1].decode("ascii") if in_xml else in_header[1] if in_header else ""
    # A document that says UTF-16 in bytes that are not is read as what it can only be.
    return told if _KNOWN.match(told) and not told.lower().startswith("utf-16") else "utf-8"
