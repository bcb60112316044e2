"""Every public function, type, member, value and macro of include/hedon is documented, as Doxygen reads it.

Use:  api_docs.py ROOT DOXYGEN
      api_docs.py --filter HEADER     what Doxygen reads in place of a header

The headers have plain comments. The filter makes those above a declaration, or behind it on its line, Doxygen's;
the one that heads a file is about the file. Where one comment stands behind several members, it is about all.
"""
import pathlib
import re
import subprocess
import sys
import tempfile

SETTINGS = """
PROJECT_NAME = Hedon
INPUT = {root}/include/hedon
INPUT_FILTER = "{python} {script} --filter"
OUTPUT_DIRECTORY = {out}
GENERATE_HTML = NO
GENERATE_LATEX = NO
GENERATE_XML = YES
OPTIMIZE_OUTPUT_FOR_C = YES
TYPEDEF_HIDES_STRUCT = YES
QUIET = YES
JAVADOC_AUTOBRIEF = YES
MARKDOWN_SUPPORT = NO
AUTOLINK_SUPPORT = NO
MACRO_EXPANSION = YES
EXPAND_ONLY_PREDEF = YES
PREDEFINED = HD_API= __GNUC__
WARN_IF_UNDOCUMENTED = YES
WARN_NO_PARAMDOC = NO
WARN_IF_INCOMPLETE_DOC = NO
WARN_FORMAT = "$file:$line: $text"
"""
SEVERAL = re.compile(r"^\s+[\w ]+\*?\w+(?:\[\w+\])?(?:, \*?\w+(?:\[\w+\])?)+;\s*/\*")


def documented(path):
    lines = pathlib.Path(path).read_text(encoding="utf-8").split("\n")
    above = [lines[0], *(re.sub(r"^( *)/\* ", r"\1/** ", line) for line in lines[1:])]
    behind = [re.sub(r"([;,{)\"\w] +)/\* ", r"\1/**< ", line) if "*/" in line or not line.lstrip().startswith("/*") else line
              for line in above]
    return "\n".join(behind) + "\n/** @file */\n"


def undocumented(root, doxygen):
    """Lines of Doxygen about what has no comment."""
    with tempfile.TemporaryDirectory() as out:
        settings = SETTINGS.format(root=root, out=out, python=sys.executable, script=pathlib.Path(__file__).resolve())
        run = subprocess.run([doxygen, "-"], input=settings, capture_output=True, text=True, check=True)
    for line in run.stderr.splitlines():
        found = re.match(r"(.+):(\d+): (?:warning: )?(.*)", line)
        if found is None:
            yield line
            continue
        file, number, said = found.groups()
        text = pathlib.Path(file).read_text(encoding="utf-8").split("\n")[int(number) - 1]
        if not SEVERAL.match(text) and "HD_STATUS_ENUM" not in said:
            yield f"{pathlib.Path(file).relative_to(root)}:{number}: {said}"


if sys.argv[1] == "--filter":
    sys.stdout.write(documented(sys.argv[2]))
elif len(sys.argv) < 3 or "NOTFOUND" in sys.argv[2]:
    print("skipped: doxygen is not installed, so that nothing tells which public names have no comment")
    sys.exit(77)
else:
    missing = sorted(undocumented(pathlib.Path(sys.argv[1]).resolve(), sys.argv[2]))
    print("\n".join(missing) or "every public name has a comment that Doxygen reads")
    sys.exit(bool(missing))
