"""Every source that code and pages cite by author and year stands in docs/references.md.

Use:  references.py ROOT
"""
import pathlib
import re
import sys

root = pathlib.Path(sys.argv[1])
FOLDERS = ("src", "include", "cli", "docs", "examples")
NAME = r"(?:[Vv]an )?[A-Z][\w'é-]+"
CITE = re.compile(rf"\b((?:{NAME})(?:(?:, {NAME})*(?: {NAME})? & (?:La )?{NAME}| et al\.)),? \(?((?:19|20)\d\d)\b")


def text(path):
    """One line, without the stars in front of a comment's lines."""
    return re.sub(r"\s*\n[ \t]*\*?[ \t]*", " ", path.read_text())


def listed():
    for entry in re.split(r"\n(?=- )", (root / "docs/references.md").read_text()):
        if m := re.match(r"- (.+?) ((?:19|20)\d\d)\b", entry.replace("\n ", "")):
            yield re.split(r"[, ]", m[1])[0], m[2]


known, missing = set(listed()), set()
for folder in FOLDERS:
    for path in sorted((root / folder).rglob("*")):
        if path.suffix in (".c", ".h", ".md", ".toml") and path.name != "references.md":
            for names, year in CITE.findall(text(path)):
                if (re.split(r"[, ]", names)[0], year) not in known:
                    missing.add(f"{path.relative_to(root)}: {names} {year}")
print("\n".join(sorted(missing)) or f"every citation is one of {len(known)} entries")
sys.exit(bool(missing))
