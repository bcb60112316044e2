"""A run on the page of the playground, and the same by the tool."""
import json
import subprocess
import urllib.parse


def address(task, method, seed, settings):
    pairs = {"task": task, "method": method, "seed": seed, "speed": 0, **settings}
    return "#" + urllib.parse.urlencode(pairs)


def native(hedon, task, method, seed, settings):
    words = [hedon, "train", task, "--method", method, "--seed", str(seed), "--threads", "1", "--quiet", "--json"]
    pairs = [f"{key}={value}" for key, value in settings.items()]
    done = subprocess.run(words + (["--set", *pairs] if pairs else []), capture_output=True, text=True, check=True)
    return json.loads(done.stdout)["seeds"][0]


def command(task, method, seed, settings):
    pairs = " ".join(f"{key}={value}" for key, value in settings.items())
    return f"hedon train {task} --method {method} --seed {seed}" + (f" --set {pairs}" if pairs else "")


def begin(page, run):
    """Train a run of the address to its end."""
    page.run(f"location.hash = {json.dumps(address(*run))}")
    state = "document.body.dataset.state"
    page.wait(f"{state} === 'ready' && document.getElementById('command').textContent === {json.dumps(command(*run))}")
    page.run("document.getElementById('start').click()")
    page.wait(f"{state} === 'learning' || {state} === 'done'")
    page.wait(f"{state} === 'done'", 300)
