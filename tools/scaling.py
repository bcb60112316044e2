#!/usr/bin/env python3
"""Accuracy on the blobs after 1000 evaluations against the number of synapses, as a table and a
picture in docs/scaling.md and docs/scaling.svg.

    tools/scaling.py [--hedon build/hedon] [--quick | --only METHOD] [--read FIGURES.json]

4 inputs, one hidden layer, 3 classes: 8 H + 3 synapses. A method's settings are those of the 131
synapses on which they were found; random-walk, which looks at no return, is the control. --only
measures one method and keeps what docs/data/scaling.json has of the others. --read draws again what
an earlier call left there.
"""
import argparse
import json
import math
import pathlib
import statistics
import subprocess

import blobs_rows

METHODS = {"syn-plus": "#0072b2", "nes": "#009e73", "syn-m5": "#d55e00", "alopex": "#cc79a7",
           "evolving-connectivity": "#b58900", "random-walk": "#6e7781"}
SIZES = [(12, 5), (125, 5), (1250, 3), (12500, 1)]  # hidden neurons, seeds
EVALUATIONS, SAMPLES = 1000, 150
DOCS = pathlib.Path(__file__).resolve().parent.parent / "docs"


def synapses(hidden):
    return 5 * hidden + 3 * (hidden + 1)


def run(hedon, method, hidden, seeds):
    steps = str(EVALUATIONS * SAMPLES)
    command = [hedon, "train", "blobs", "--method", method, "--seed", "1000", "--seeds", str(seeds),
               "--threads", "1", "--steps", steps, "--quiet", "--json", "--set", f"hidden={hidden}",
               "substeps=8", "search.score=likelihood", "overtrain=0", f"eval_every={steps}",
               *blobs_rows.settings(method)]
    outcome = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return {"method": method, "synapses": synapses(hidden),
            "accuracy": [seed["final_return"] for seed in outcome["seeds"]],
            "cpu_s": outcome["cpu_median"]}


def measure(hedon, quick, methods=METHODS):
    figures = []
    for hidden, seeds in SIZES[:2] if quick else SIZES:
        for method in methods:
            figures.append(run(hedon, method, hidden, 1 if quick else seeds))
            print(json.dumps(figures[-1]), flush=True)
    return figures


def table(figures):
    sizes = [synapses(hidden) for hidden, _ in SIZES]
    lines = ["| method | " + " | ".join(f"{n:,} ({seeds})" for n, (_, seeds) in zip(sizes, SIZES)) +
             " |", "|---|" + "---|" * len(sizes)]
    for method in METHODS:
        cells = []
        for n in sizes:
            one = [f for f in figures if f["method"] == method and f["synapses"] == n]
            cells.append(f"{statistics.mean(one[0]['accuracy']):.3f}, {one[0]['cpu_s']:.2g} s"
                         if one else "")
        lines.append(f"| `{method}` | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def picture(figures):
    width, height, left, right, top, bottom = 820, 400, 60, 620, 60, 350

    def x(n):
        return left + (math.log10(n) - 1.8) / 3.4 * (right - left)

    def y(accuracy):
        return bottom - (accuracy - 0.2) / 0.8 * (bottom - top)

    out = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
           f'viewBox="0 0 {width} {height}" role="img">',
           "<title>Accuracy after 1000 evaluations against synapses</title>",
           "<style>text{font-family:system-ui,-apple-system,'Segoe UI',Helvetica,Arial,sans-serif;"
           "font-size:13px;fill:#1f2328}.page{fill:#fff}.faint{fill:#59636e}.title{font-size:15px;"
           "font-weight:600}.grid{stroke:#d8dee4}.line{fill:none;stroke-width:2}"
           "@media(prefers-color-scheme:dark){text{fill:#e6edf3}.page{fill:#0d1117}"
           ".faint{fill:#9198a1}.grid{stroke:#30363d}}</style>",
           f'<rect class="page" width="{width}" height="{height}"/>',
           '<text class="title" x="20" y="26">Three classes of blobs: accuracy after 1000 '
           'evaluations</text>',
           '<text class="faint" x="20" y="45">line: mean of the seeds; dots: seeds; settings as '
           'found on 131 synapses</text>']
    for tick in (0.2, 0.4, 0.6, 0.8, 1.0):
        out.append(f'<line class="grid" x1="{left}" x2="{right}" y1="{y(tick):.1f}" '
                   f'y2="{y(tick):.1f}"/><text class="faint" text-anchor="end" x="{left - 8}" '
                   f'y="{y(tick) + 4:.1f}">{tick:.1f}</text>')
    for power in (2, 3, 4, 5):
        out.append(f'<text class="faint" text-anchor="middle" x="{x(10 ** power):.1f}" '
                   f'y="{bottom + 20}">{10 ** power:,}</text>')
    out.append(f'<text class="faint" text-anchor="middle" x="{(left + right) / 2}" '
               f'y="{bottom + 40}">synapses</text>')
    ends = []
    for method, colour in METHODS.items():
        mine = sorted((f for f in figures if f["method"] == method), key=lambda f: f["synapses"])
        points = [(x(f["synapses"]), y(statistics.mean(f["accuracy"]))) for f in mine]
        ends.append([points[-1][1], points[-1], method, colour])
        out.append(f'<polyline class="line" stroke="{colour}" points="' +
                   " ".join(f"{a:.1f},{b:.1f}" for a, b in points) + '"/>')
        out += [f'<circle fill="{colour}" fill-opacity=".55" cx="{x(f["synapses"]):.1f}" '
                f'cy="{y(value):.1f}" r="3"/>' for f in mine for value in f["accuracy"]]
    ends.sort()
    for above, below in zip(ends, ends[1:]):
        below[0] = max(below[0], above[0] + 16)
    out += [f'<text x="{point[0] + 12:.1f}" y="{at + 4:.1f}" style="fill:{colour}">{method}</text>'
            for at, point, method, colour in ends]
    return "\n".join(out) + "\n</svg>\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hedon", default="build/hedon")
    parser.add_argument("--quick", action="store_true", help="two sizes, a seed each")
    parser.add_argument("--only", metavar="METHOD", choices=METHODS, help="measure this one again")
    parser.add_argument("--read", metavar="FIGURES.json", help="measure nothing")
    args = parser.parse_args()
    if args.read is not None:
        figures = json.loads(pathlib.Path(args.read).read_text())
    else:
        known = json.loads((DOCS / "data/scaling.json").read_text()) if args.only else []
        figures = [one for one in known if one["method"] != args.only]
        figures += measure(args.hedon, args.quick, [args.only] if args.only else METHODS)
        (DOCS / "data/scaling.json").write_text(json.dumps(figures, separators=(",", ":")) + "\n")
    (DOCS / "scaling.svg").write_text(picture(figures))
    page = DOCS / "scaling.md"
    mark = "<!-- written by tools/scaling.py -->\n"
    said = page.read_text().split(mark)[0] if page.exists() else "# Scaling\n\n"
    page.write_text(said + mark + table(figures))


if __name__ == "__main__":
    main()
