"""A virtual environment with the peers in it."""
import json
import os
import pathlib
import subprocess
import sys
import venv

# Torch first and always named, so that nothing brings another one along.
PEERS = {"torch": "2.13.0", "numpy": "2.4.6", "snntorch": "1.0.0", "spikingjelly": "2.0.0",
         "norse": "1.1.0", "bindsnet": "0.2.7", "gymnasium": "1.4.0", "stable-baselines3": "2.9.2"}
FIRST = ("torch", "numpy")

ASK = """
import importlib.metadata as m, json, sys
found = {}
for name in sys.argv[1:]:
    try: found[name] = m.version(name)
    except m.PackageNotFoundError: pass
print(json.dumps(found))
"""


def default_folder():
    cache = os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache"
    return pathlib.Path(cache) / "hedon-peers"


def versions(python):
    run = subprocess.run([python, "-c", ASK, *PEERS], capture_output=True, text=True, check=True)
    return json.loads(run.stdout)


def pip(python, *args):
    """What went wrong, in one line; '' if nothing did."""
    run = subprocess.run([python, "-m", "pip", "install", "--quiet", *args],
                         capture_output=True, text=True)
    said = run.stderr.strip().splitlines()
    return "" if run.returncode == 0 else (said[-1] if said else "pip failed")[:200]


def install(folder):
    """(python, {peer: version}, {peer: why not}); what is there already stays."""
    python = folder / "bin" / "python"
    if not python.exists():
        venv.create(folder, with_pip=True)
    there, failed = versions(python), {}
    for name, version in PEERS.items():
        if there.get(name, "").split("+")[0] == version:
            continue
        print(f"installing {name} {version}", file=sys.stderr)
        fixed = [f"{one}=={PEERS[one]}" for one in FIRST if name not in FIRST]
        why = pip(python, f"{name}=={version}", *fixed)
        if why and pip(python, "--no-deps", f"{name}=={version}"):
            failed[name] = why
    return python, versions(python), failed
