"""Links, pictures and lengths of all pages: what a page links to exists, its headings included; every picture
has words for who cannot see it; no page of docs is over 300 lines, none of results (what docs/index.md lists as measured, and pages of
one task of them) over 60, and all of docs under 3,000,000 bytes; a page that a source names exists; every question of
docs/questions.md, which docs/index.md leads to, has a link to its answer.

Use:  pages.py ROOT
"""
import pathlib
import re
import shutil
import subprocess
import sys
import unicodedata

MOST_LINES, MOST_OF_RESULTS = 300, 60
MOST_BYTES = 3_000_000
LINK = re.compile(r"(!?)\[((?:[^\[\]]|\[[^\]]*\])*)\]\(([^)\s]+)\)")
NAMED = re.compile(r"\b(?:docs/[\w/.-]+\.(?:md|svg|json)|CONTRIBUTING\.md|CHANGELOG\.md)\b")
CODE = re.compile(r"^```.*?^```|^ {4}.*?$|`[^`\n]*`", re.M | re.S)
SKIPPED = ("fuzz/", "tests/golden/")

root = pathlib.Path(sys.argv[1])


def tracked():
    """Files of the tree, or of an unpacked archive, or of any tree where git is not installed."""
    list_files = ["git", "-C", root, "ls-files", "--cached", "--others", "--exclude-standard"]
    run = subprocess.run(list_files, capture_output=True, text=True) if shutil.which("git") else None
    if run is not None and run.returncode == 0:
        return [root / name for name in run.stdout.splitlines() if (root / name).is_file()]
    return [path for path in root.rglob("*") if path.is_file() and "build" not in path.parts[len(root.parts)]]


def anchor(heading):
    """The name that GitHub gives to a heading."""
    words = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).strip().lower()
    kept = [c for c in words if c in "-_ " or unicodedata.category(c)[0] in "LN"]
    return "".join(kept).replace(" ", "-")


def anchors(path):
    text = re.sub(r"^```.*?^```", "", path.read_text(encoding="utf-8"), flags=re.M | re.S)
    headings = re.findall(r"^#+ (.+?)\s*$", text, flags=re.M)
    return {anchor(one) for one in headings} | set(re.findall(r'<a id="([^"]+)"', text))


def faults_of_link(page, picture, words, target):
    if picture and len(words.split()) < 2:
        yield f"the picture {target} has no words for who cannot see it"
    if re.match(r"[a-z]+:", target):
        return
    file, _, name = target.partition("#")
    path = (page.parent / file).resolve() if file else page
    if not path.exists():
        yield f"{target} does not exist"
    elif name and path.suffix == ".md" and name not in anchors(path):
        yield f"{file or page.name} has no heading #{name}"


def results():
    """Pages of docs that its index lists under what was measured; pages of families are more than their results."""
    index = root / "docs/index.md"
    listed = index.read_text(encoding="utf-8").split("## What has been measured", 1)[1].split("\n## ")[0]
    named = [index.parent / target for _, _, target in LINK.findall(listed)]
    top = [path for path in named if path.parent == index.parent and path.suffix == ".md"]
    return {path.resolve() for path in top} | {one.resolve() for path in top for one in path.with_suffix("").glob("*.md")}


def faults_of_page(path):
    text = path.read_text(encoding="utf-8")
    lines = text.count("\n")
    most = MOST_OF_RESULTS if path.resolve() in RESULTS else MOST_LINES
    if lines > most and "docs" in path.relative_to(root).parts[:1]:
        yield f"{lines} lines, {most} at most"
    if path.name == "questions.md":
        yield from (f"no link in the answer to: {one.split('|')[1].strip()}" for one in text.split("\n")
                    if one.startswith("| ") and "?" in one and "](" not in one)
    for picture, words, target in LINK.findall(CODE.sub("", text)):
        yield from faults_of_link(path, picture, words, target)
        for inner in LINK.findall(words):
            yield from faults_of_link(path, *inner)


def faults_of_mentions(path):
    """Pages that a source names."""
    for name in NAMED.findall(path.read_text(encoding="utf-8", errors="replace")):
        if "NAME" not in name and not (root / name).exists():
            yield f"{name} does not exist"


RESULTS = results()
found, n_pages, n_bytes = [], 0, 0
for one in sorted(tracked()):
    name = one.relative_to(root).as_posix()
    n_bytes += one.stat().st_size if name.startswith("docs/") else 0
    if name.startswith(SKIPPED):
        continue
    if one.suffix == ".md":
        n_pages += 1
        found += [f"{name}: {fault}" for fault in faults_of_page(one)]
    elif one.suffix in (".c", ".h", ".py", ".sh", ".toml", ".txt", ".cases"):
        found += [f"{name}: {fault}" for fault in faults_of_mentions(one)]
found += [f"docs has {n_bytes:,} bytes, {MOST_BYTES:,} at most"] if n_bytes > MOST_BYTES else []
print("\n".join(found) or f"links, pictures and lengths of {n_pages} pages hold")
sys.exit(bool(found))
