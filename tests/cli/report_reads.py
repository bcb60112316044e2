#!/usr/bin/env python3
"""The page of `hedon report`: one well-formed file that needs nothing else, whose figures are those of
`hedon train`, whose commands make the runs again; where Chromium is found, it draws in it.

    report_reads.py HEDON"""
import html.parser
import json
import os
import shlex
import shutil
import subprocess
import sys
import tempfile

VOID = {"meta", "br", "hr", "img", "input", "link"}
SHORT = ["eval_every=300", "eval_episodes=3", "overtrain=0"]


def hedon(*words, **more):
    return subprocess.run([os.path.abspath(sys.argv[1]), *words], capture_output=True, text=True, check=True, **more)


class Page(html.parser.HTMLParser):
    """Elements close in order; nothing is fetched; tables, figures and links are kept."""

    def __init__(self):
        super().__init__()
        self.open, self.ids, self.links = [], [], []
        self.scripts, self.commands, self.rows, self.labels = [], [], [], []
        self.charts, self.in_command, self.words = [], False, ""

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        for key in ("src", "srcset", "xlink:href"):
            assert key not in attrs, (tag, attrs)
        if "href" in attrs:
            assert attrs["href"].startswith("#"), attrs
            self.links.append(attrs["href"][1:])
        if "id" in attrs:
            self.ids.append(attrs["id"])
        if attrs.get("role") == "img":
            self.labels.append((tag, attrs.get("aria-label")))
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")
        if tag == "pre" and "class" not in attrs:
            self.commands.append("")
            self.in_command = True
        if tag == "div" and "data-of" in attrs:
            self.charts.append((attrs["data-of"], int(attrs["data-x"])))
        if tag == "script":
            self.scripts.append((attrs.get("id"), ""))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        pass

    def handle_endtag(self, tag):
        assert self.open and self.open[-1] == tag, (tag, self.open, self.getpos())
        self.open.pop()
        self.in_command = self.in_command and tag != "pre"

    def handle_data(self, data):
        self.words += data if "script" not in self.open and "style" not in self.open else ""
        if "script" in self.open:
            self.scripts[-1] = (self.scripts[-1][0], self.scripts[-1][1] + data)
        elif self.in_command:
            self.commands[-1] += data
        elif "td" in self.open or "th" in self.open:
            self.rows[-1][-1] += data


def read(path):
    with open(path, encoding="utf-8") as file:
        text = file.read()
    page = Page()
    page.feed(text)
    page.close()
    assert page.open == [], page.open
    assert len(set(page.ids)) == len(page.ids) and set(page.links) <= set(page.ids)
    for outside in ("@import", "url(http", "sourceMappingURL=http"):
        assert outside not in text, outside
    return page, text


def figures_of(page):
    """What charts draw, by the names by which they ask for it."""
    return {name: json.loads(text) for name, text in page.scripts if name is not None}


def check_charts(page, runs):
    figures = figures_of(page)
    if not figures:
        assert "built without dygraphs" in page.words
        return
    assert page.charts == [("curves-0", axis) for axis in range(4)] + [("profile-0", 0)], page.charts
    curves = figures["curves-0"]
    assert curves["x"] == ["steps", "episodes", "CPU seconds", "synaptic operations"]
    assert [s["name"] for s in curves["series"]] == ["neuron-agent hidden=5", "neuron-agent hidden=6"], curves
    for series, result in zip(curves["series"], runs):
        last = (series["y"][-1], series["low"][-1], series["high"][-1])
        for drawn, figure in zip(last, (result["return_iqm"], result["iqm_low"], result["iqm_high"])):
            assert abs(drawn - figure) < 1e-5 * (1 + abs(figure)), (drawn, figure)
        for places in series["x"]:
            assert len(places) == len(series["y"]) and places == sorted(places) and places[0] > 0, places
    profile = figures["profile-0"]
    assert profile["shared"] and "x" not in profile["series"][1]
    returns = [seed["final_return"] for seed in runs[0]["seeds"]]
    for tau, share in zip(profile["series"][0]["x"][0], profile["series"][0]["y"]):
        exact = sum(value > tau for value in returns) / len(returns)
        assert abs(exact - share) < 1e-5 or min(abs(value - tau) for value in returns) < 1e-3


def check_tables(page, runs):
    hashes = [row[-1] for row in page.rows if len(row[-1]) == 16]
    assert hashes == [seed["hash"] for run in runs for seed in run["seeds"]]
    row = next(row for row in page.rows if row[0] == "neuron-agent hidden=5")
    assert row[1].startswith(f"{sum(s['solved'] for s in runs[0]['seeds'])} of 4 "), row
    assert row[2].startswith(f"{runs[0]['return_iqm']:.1f}"[:3]), row


def check_commands(page, runs):
    """What the page says makes the run again does."""
    for command, result in zip(page.commands, runs):
        words = shlex.split(command)
        assert words[0] == "hedon"
        again = json.loads(hedon(*words[1:], "--quiet", "--json").stdout)
        assert [s["hash"] for s in again["seeds"]] == [s["hash"] for s in result["seeds"]], command


def check_early(folder, scratch):
    """A learner that is done keeps its last return: the curve's last point is the mean of all."""
    early = os.path.join(scratch, "a<", "script>early")
    shutil.copytree(os.path.join(folder, "h5"), early)
    path = os.path.join(early, "metrics.jsonl")
    with open(path, encoding="utf-8") as file:
        lines = [json.loads(line) for line in file]
    kept, last = [], {}
    for line in lines:
        is_late = line["event"] == "evaluation" and line["seed"] == 2 and line["env_steps"] > 700
        if not is_late:
            kept.append(line)
            last.update({line["seed"]: line["eval_return"]} if line["event"] == "evaluation" else {})
    with open(path, "w", encoding="utf-8") as file:
        file.writelines(json.dumps(line) + "\n" for line in kept)
    page = os.path.join(scratch, "early.html")
    hedon("report", early, os.path.join(folder, "h5"), "-o", page)
    figures = figures_of(read(page)[0])
    if figures:
        series = figures["curves-0"]["series"][0]
        assert "a</script>early" in series["name"], series["name"]
        iqm = sum(sorted(last.values())[1:3]) / 2
        assert abs(series["y"][-1] - iqm) < 1e-4 * (1 + abs(iqm)), (series["y"], last)


def check_many(folder, scratch):
    """Many separate runs: the page stays small, and says of each what is not as in the first."""
    many = os.path.join(scratch, "many")
    for i in range(150):
        shutil.copytree(os.path.join(folder, f"h{5 + i % 2}"), os.path.join(many, str(i)),
                        ignore=shutil.ignore_patterns("*.hd"))
    path = os.path.join(scratch, "many.html")
    hedon("report", many, "-o", path)
    page, text = read(path)
    assert len(text) < 900_000, len(text)
    assert len(page.commands) == 150 and text.count("<h3 id=") == 150
    assert text.count("hidden = 6\n") == 75 and text.count("hidden = 5\n") == 1
    figures = figures_of(page)
    if figures:
        assert len(figures["curves-0"]["series"]) == 150
        assert figures["curves-0"]["series"][0]["name"] == f"neuron-agent hidden=5 ({many}/0)"


def check_optimum(scratch):
    """Of a finite task the gap is that to the best policy there is: FrozenLake's under its time limit."""
    folder, path = os.path.join(scratch, "lake"), os.path.join(scratch, "lake.html")
    done = hedon("train", "FrozenLake-v1", "--steps", "600", "--seeds", "3", "--set", *SHORT, "--quiet", "--json",
                 "--out", folder)
    hedon("report", folder, "-o", path)
    page, _ = read(path)
    assert "The best policy's return is 0.74419, exactly" in page.words
    heads, row = page.rows[0], page.rows[1]
    returns = [seed["final_return"] for seed in json.loads(done.stdout)["seeds"]]
    gap = sum(0.74419 - min(value, 0.74419) for value in returns) / 3
    assert heads[4] == "gap to the optimum" and abs(float(row[4].split()[0]) - gap) < 0.01, (row, gap)


def check_chromium(path, scratch, n_charts):
    browser = shutil.which("chromium") or shutil.which("chromium-browser")
    if browser is None:
        print("no chromium: the page was not drawn")
        return
    done = subprocess.run(
        [browser, "--headless", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr",
         f"--user-data-dir={scratch}/browser", "--virtual-time-budget=3000", "--dump-dom",
         "file://" + path], capture_output=True, text=True, check=False)
    if "<html" not in done.stdout:
        print("chromium does not start here: the page was not drawn")
        return
    console = [line for line in done.stderr.split("\n") if "CONSOLE" in line]
    assert console == [], console
    assert done.stdout.count("<canvas") >= 2 * n_charts, "dygraphs drew no chart"


def main():
    with tempfile.TemporaryDirectory() as scratch:
        folder, path = os.path.join(scratch, "runs"), os.path.join(scratch, "report.html")
        runs = []
        for hidden in (5, 6):
            out = os.path.join(folder, f"h{hidden}")
            runs.append(json.loads(hedon("train", "cartpole", "--method", "neuron-agent", "--seeds", "4",
                                         "--seed", "2", "--steps", "1500", "--set", f"hidden={hidden}",
                                         *SHORT, "--quiet", "--json", "--out", out).stdout))
        os.mkdir(os.path.join(folder, "broken"))
        with open(os.path.join(folder, "broken", "config.toml"), "w", encoding="utf-8") as file:
            file.write("[package]\nname = 1\n")
        said = hedon("report", folder, "-o", path)
        assert "broken is skipped" in said.stderr, said.stderr
        page, text = read(path)
        assert len(text) < 3_000_000
        assert all(label for tag, label in page.labels if tag == "div"), page.labels
        assert text.count("<svg") >= 4 and text.count("<desc>") >= 2
        check_charts(page, runs)
        check_tables(page, runs)
        check_commands(page, runs)
        check_chromium(path, scratch, text.count('class="curves"'))
        check_early(folder, scratch)
        check_many(folder, scratch)
        check_optimum(scratch)
        # A method's file may be called as one likes, and need not be there any more.
        method = os.path.join(scratch, "a<b&c.toml")
        with open(method, "w", encoding="utf-8") as file:
            file.write('doc = "A method of a test."\nextends = "nes"\n')
        hedon("train", "blobs", "--method", method, "--steps", "200", "--quiet", "--out",
              os.path.join(scratch, "named"))
        os.remove(method)
        hedon("report", os.path.join(scratch, "named"), "--out", path)
        page, text = read(path)
        assert "a<b&c" in page.words and "Its network is not shown: " in page.words
        hedon("report", cwd=folder)
        assert os.path.exists(os.path.join(folder, "report.html"))
    print("a report says what its runs say")


main()
