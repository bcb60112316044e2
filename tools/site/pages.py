#!/usr/bin/env python3
"""Lay out the pages of the repository for Sphinx: pages.py ROOT OUT

Pages keep their places, so that links between them hold. What they link to of the sources becomes a page, too: a file as
a listing, a folder as a list of what it holds; so a reader without the repository can follow every link."""
import fnmatch
import pathlib
import re
import shutil
import sys

ROOT, OUT = (pathlib.Path(word).resolve() for word in sys.argv[1:])
LINK = re.compile(r"(!?\[(?:[^\[\]]|\[[^\]]*\]\([^)]*\)|\[[^\]]*\])*\])\(([^)\s#]*)(#[^)\s]*)?\)")
LANGUAGES = {".c": "c", ".h": "c", ".cpp": "c++", ".py": "python", ".sh": "sh", ".toml": "toml", ".cmake": "cmake"}
PICTURES = (".svg", ".png", ".jpg", ".webp")

FIRST, FIRST_PLACE = pathlib.PurePosixPath("docs/index.md"), pathlib.PurePosixPath("index.md")

# What stands in the list of pages, under which heading.
CONTENTS = {
    "Begin": ["README", "docs/tutorials/first-run", "docs/tutorials/*", "docs/concepts", "docs/questions", "docs/troubleshooting", "docs/gallery"],
    "Methods": ["docs/methods", "docs/families/neuron-agents", "docs/families/*", "docs/references"],
    "Results": ["docs/results", "docs/methods-compared", "docs/gradients", "docs/robots", "docs/layers", "docs/settling", "docs/lunarlander", "docs/synapse-features", "docs/search",
                "docs/robust", "docs/scaling", "docs/memory", "docs/data/*"],
    "Speed": ["docs/speed", "docs/data/bench*", "docs/kernels"],
    "Reference": ["docs/options", "docs/files", "docs/environments", "docs/network", "docs/looking", "docs/studies", "docs/playground",
                  "docs/python"],
    "Hedon itself": ["docs/architecture", "docs/randomness", "docs/dependencies", "docs/dev/*", "CONTRIBUTING", "tests/README",
                     "CHANGELOG", "SECURITY"],
    "More": ["docs/*"],
}


def relative(target, page):
    """A link from a page to another place of the site."""
    return "/".join([".."] * (len(page.parts) - 1) + list(target.parts)) or "."


def placed(source):
    """Where a page stands on the site."""
    return FIRST_PLACE if source == FIRST else source


class Site:
    def __init__(self):
        self.listed = {}  # a file or folder of the repository -> the page that shows it
        self.waiting = []

    def shown(self, path):
        """The page that shows a file or folder."""
        if path not in self.listed:
            name = path.relative_to(ROOT)
            self.listed[path] = pathlib.PurePosixPath("tree", f"{name.as_posix() or 'root'}{'/index' if path.is_dir() else ''}.md")
            self.waiting.append(path)
        return self.listed[path]

    def target(self, source, page, link):
        """Where a link of a page leads on the site."""
        place = ((ROOT / source).parent / link).resolve()
        if re.match(r"[a-z]+:", link) or not place.exists() or not place.is_relative_to(ROOT):
            return link
        name = pathlib.PurePosixPath(place.relative_to(ROOT).as_posix())
        if place.suffix in PICTURES:
            (OUT / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(place, OUT / name)
            return relative(name, page)
        return relative(placed(name) if place.suffix == ".md" else self.shown(place), page)

    def page(self, source, more="", front=""):
        """Write a page of the repository, with more text below it."""
        page = placed(source)
        text = (ROOT / source).read_text(encoding="utf-8")

        def moved(found):
            words, link, anchor = found.groups()
            words = LINK.sub(moved, words) if "](" in words else words
            return f"{words}({self.target(source, page, link) if link else ''}{anchor or ''})"
        parts = re.split(r"(^```.*?^```$|`[^`\n]*`)", text, flags=re.M | re.S)
        text = "".join(part if k % 2 else LINK.sub(moved, part) for k, part in enumerate(parts))
        text = re.sub(r"^```(?:console|c) ?.*$", lambda one: one[0].split()[0], text, flags=re.M)
        (OUT / page).parent.mkdir(parents=True, exist_ok=True)
        (OUT / page).write_text(front + text + more, encoding="utf-8")

    def listing(self, path):
        """Write the page of a file or folder of the sources."""
        page = self.listed[path]
        title = path.relative_to(ROOT).as_posix()
        if path.is_dir():
            inside = [one for one in sorted(path.iterdir()) if not one.name.startswith((".", "__"))]
            rows = [f"- [{one.name}]({relative(pathlib.PurePosixPath(one.relative_to(ROOT).as_posix()), page)})"
                    if one.suffix == ".md" else f"- `{one.name}`" for one in inside]
            body = "\n".join(rows)
        else:
            text = path.read_text(encoding="utf-8", errors="replace")
            cut = "" if len(text) < 200000 else "\n..."
            body = f"````{{code-block}} {LANGUAGES.get(path.suffix, 'none')}\n{text[:200000]}{cut}\n````"
        (OUT / page).parent.mkdir(parents=True, exist_ok=True)
        (OUT / page).write_text(f"---\norphan: true\n---\n# {title}\n\n{body}\n", encoding="utf-8")


def sources():
    """Every page of the repository that belongs to the manual."""
    for pattern in ("*.md", "docs/**/*.md", "tests/README.md", "examples/**/*.md", "python/**/*.md"):
        yield from sorted(ROOT.glob(pattern))


def contents(names):
    """Lists of pages for the side of every page, each page once."""
    left = [name for name in names if name != FIRST.with_suffix("").as_posix()]
    for heading, patterns in CONTENTS.items():
        found = list(dict.fromkeys(name for pattern in patterns for name in left if fnmatch.fnmatchcase(name, pattern)))
        left = [name for name in left if name not in found]
        if found:
            yield f"```{{toctree}}\n:hidden:\n:caption: {heading}\n\n" + "\n".join(found) + "\n```\n"


def main():
    site, found = Site(), [pathlib.PurePosixPath(path.relative_to(ROOT).as_posix()) for path in sources()]
    toc = "\n".join(contents([page.with_suffix("").as_posix() for page in found]))
    listed = set(re.findall(r"^[\w./-]+$", toc, flags=re.M))
    for page in found:
        if page == FIRST:
            site.page(page, more=f"\n{toc}")
        else:
            site.page(page, front="" if page.with_suffix("").as_posix() in listed else "---\norphan: true\n---\n")
    while site.waiting:
        site.listing(site.waiting.pop())


main()
