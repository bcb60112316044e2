"""The part of a page that a script writes, between two comments of HTML."""
import re


def with_section(path, begin, end, text):
    """The page at path with a text between the comments `begin` and `end`."""
    with open(path, encoding="utf-8") as file:
        page = file.read()
    page, n = re.subn(re.escape(begin) + ".*?" + re.escape(end), lambda _: f"{begin}\n{text}\n{end}", page, flags=re.S)
    if n != 1:
        raise SystemExit(f"{path} has {n} sections that begin with {begin}; one is needed")
    return page


def write_section(path, begin, end, text):
    """Put a text between the comments `begin` and `end` of the page at path."""
    page = with_section(path, begin, end, text)
    with open(path, "w", encoding="utf-8") as file:
        file.write(page)
