"""The commit that measured figures belong to: it must be one that anybody can check out."""
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent


def git(*words):
    run = subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True)
    return run.stdout.strip() if run.returncode == 0 else None


def clean_commit():
    """Its short hash. Ends the program where files of the repository are changed, or are none."""
    changed = git("status", "--porcelain", "--untracked-files=no")
    if changed is None:
        sys.exit("figures belong to a commit, and this folder is not a git checkout")
    if changed:
        sys.exit("figures belong to a commit, and these files differ from it; commit them first:\n"
                 + changed)
    return git("rev-parse", "--short", "HEAD")
