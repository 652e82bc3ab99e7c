"""A copy in a folder: there all at once, or not at all."""

import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.web.staticcopy.folder import write_folder
from app.web.staticcopy.model import CopiedFile, CopyError, StaticCopy, Terms

MADE_AT = datetime(2026, 3, 1, 14, tzinfo=UTC)
TERMS = Terms(url="https://status.example")


def a_file(address: str, text: str) -> CopiedFile:
    return CopiedFile(address=address, body=text.encode(), content_type="text/html; charset=utf-8")


def copy_of(number: int, *files: CopiedFile) -> StaticCopy:
    every = (a_file("/", f"<h1>{number}"), a_file("/docs", "the same"), *files)
    return StaticCopy(made_at=MADE_AT + timedelta(minutes=number), terms=TERMS, files=every)


def test_a_copy_is_written_with_what_it_has_and_dated_by_what_it_describes(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "site"
    assert write_folder(copy_of(1), folder) == 5
    assert (folder / "index.html").read_text() == "<h1>1"
    version = folder.resolve()
    names = {path.relative_to(version).as_posix() for path in version.rglob("*") if path.is_file()}
    assert names == {"index.html", "docs/index.html", "copy.json", "_headers", "_redirects"}
    assert (folder / "index.html").stat().st_mtime == (MADE_AT + timedelta(minutes=1)).timestamp()


def test_what_did_not_change_stays_the_same_file(tmp_path: Path) -> None:
    folder = tmp_path / "site"
    write_folder(copy_of(1), folder)
    before = (folder / "docs" / "index.html").stat()
    assert write_folder(copy_of(2), folder) == 2, "the page and the manifest"
    after = (folder / "docs" / "index.html").stat()
    assert (after.st_ino, after.st_mtime) == (before.st_ino, before.st_mtime)
    assert (folder / "index.html").read_text() == "<h1>2"


def test_where_nothing_changed_nothing_is_replaced(tmp_path: Path) -> None:
    folder = tmp_path / "site"
    write_folder(copy_of(1), folder)
    version = folder.resolve()
    assert write_folder(copy_of(1), folder) == 0
    assert folder.resolve() == version
    assert versions(tmp_path) == {version.name}


def test_what_is_gone_goes_and_only_the_version_before_is_kept(tmp_path: Path) -> None:
    folder = tmp_path / "site"
    kept = []
    for number in range(4):
        write_folder(copy_of(number, a_file(f"/only/{number}", "x")), folder)
        kept.append(folder.resolve().name)
    assert [path.name for path in (folder / "only").iterdir()] == ["3"]
    assert versions(tmp_path) == set(kept[-2:])


def test_a_copy_that_fails_leaves_the_one_that_is_there(tmp_path: Path) -> None:
    folder = tmp_path / "site"
    write_folder(copy_of(1), folder)
    before = versions(tmp_path)
    torn = copy_of(2, a_file("/index.html/below", "a file cannot be a folder"))
    with pytest.raises(CopyError, match="site cannot be written: "):
        write_folder(torn, folder)
    assert (folder / "index.html").read_text() == "<h1>1"
    assert versions(tmp_path) == before


@pytest.mark.parametrize("what", ["folder", "file", "link"])
def test_what_others_put_there_is_never_replaced(tmp_path: Path, what: str) -> None:
    target = tmp_path / "site"
    if what == "folder":
        target.mkdir()
        (target / "theirs").write_text("x")
    elif what == "file":
        target.write_text("x")
    else:
        (tmp_path / "theirs").mkdir()
        target.symlink_to("theirs")
    with pytest.raises(CopyError, match="is there and is not a copy of ours"):
        write_folder(copy_of(1), target)
    assert versions(tmp_path) == set()


def test_an_empty_folder_may_be_replaced(tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    write_folder(copy_of(1), tmp_path / "site")
    assert (tmp_path / "site" / "index.html").read_text() == "<h1>1"


def test_a_reader_never_sees_a_half(tmp_path: Path) -> None:
    folder = tmp_path / "site"
    pages = [f"/page/{number}" for number in range(20)]
    copies = [copy_of(number, *(a_file(page, f"{number}") for page in pages)) for number in range(30)]
    write_folder(copies[0], folder)
    halves: list[set[str]] = []
    reads = 0
    done = threading.Event()

    def read() -> None:
        nonlocal reads
        while not done.is_set() or not reads:
            version = folder.resolve()
            try:
                seen = {(version / page[1:] / "index.html").read_text() for page in pages}
            except FileNotFoundError:
                continue  # two copies later a version is gone
            reads += 1
            if len(seen) != 1:
                halves.append(seen)

    reader = threading.Thread(target=read)
    reader.start()
    for copy in copies:
        write_folder(copy, folder)
    done.set()
    reader.join()
    assert (halves, reads > 0) == ([], True)


def versions(parent: Path) -> set[str]:
    return {path.name for path in parent.glob(".site-*")}
