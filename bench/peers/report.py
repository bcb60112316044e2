"""docs/data/benchmarks.md from what was found."""
import statistics
import textwrap

HEAD = """# Beside the peers

Written by `{command}`; nothing here is typed in, and misses stand beside hits. Every
repeat, and what each peer's search for its best settings tried, is in [benchmarks.json](benchmarks.json).
What matters of it: [speed](../speed.md).

{about}

Contenders of a row run in turn, {repeats} times, each for at least {seconds} CPU seconds after a
warm-up, peers in processes that live through the whole run. Shown is the median rate; a ratio is
the median of the quotients of neighbouring repeats, with the least and the greatest. CPU seconds
count all threads of a process. Unless a table says otherwise everyone has one thread.
"""

ABOUT = """{hedon}, commit {commit}; {date}; {processor}, {cores} processors, {system}; Python
{python}; {versions}. {minutes:.1f} minutes in all; {load_before:.2f} processes were running
before."""

GROUPS = {
    "forward": ("Forward: greedy decisions of LIF networks", "Decisions per CPU second.", """\
The same network on all sides: an observation of four numbers drives LIF neurons (tau 5 ms, substeps
of 1 ms, threshold 1, reset to 0), a linear map reads their mean spikes, the larger logit is chosen.
B observations at a time; random weights; a quarter to a third of the neurons fire in a substep.
Hedon: `hd_session_decide`. Peers: `torch.inference_mode`; layers one after another over all
substeps, so that a linear map is one product; the constant drive of the first layer computed once;
SpikingJelly in multi-step mode. Each runs eagerly and through `torch.compile` (compiling not
counted), and the quicker is shown."""),
    "gradients": ("Forward and backward through time", "Decisions per second of wall time.", """\
The gradient of a policy's weighted log-likelihood by all weights of such networks, reset detached,
the surrogate an arctangent of the same slope: the same weights, observations and actions on all
sides, and the gradients compared above. Thousands of decisions in turn, so that spikes do not
repeat. Hedon: `hd__batch_learn`, weights made ready included, one thread. Peers: layer after layer
as above; with one thread or {cores}, whichever is quicker; eagerly and through `torch.compile`
(compiling not counted)."""),
    "numpy": ("A network of neuron agents in Python and NumPy",
              "Environment steps per CPU second, learning on.", """\
64 Bernoulli neurons that are agents, 4 substeps, softmax readout, GAE, Adam, a linear critic on 64
fixed random features, on CartPole-v1: the rule of `neuron-agent`, written for the purpose in
[peer_numpy.py](../../bench/peers/peer_numpy.py). Both sides learn at the end of a rollout, from spikes
and not from traces; NumPy does so in a few matrix products. `hedon train` with the row's `envs` and
`rollout`, and

    {rule}"""),
    "a2c": ("Spiking actor-critic, end to end",
            "Environment steps per CPU second, learning on.", """\
The peers act in CartPole-v1 on arrays ([cartpole.py](../../bench/peers/cartpole.py)): one hidden layer
of LIF neurons, surrogate gradients through time, GAE, Adam ([a2c.py](../../bench/peers/a2c.py)), the
network run eagerly or through `torch.compile`. Hedon: `hedon train CartPole-v1 --method a2c` with
the row's `envs` and `rollout`. Its critic is a network of 64 tanh units that learns as a whole;
the peers' is linear on 64 fixed random features, which costs them less."""),
    "bindsnet": ("Rules with state, beside MSTDPET in BindsNET", "Decisions per CPU second, learning on.", """\
One network on both sides: 8 inputs, 64 hidden and two output neurons, BindsNET's LIF; a decision is four substeps,
each with its update and reward, no environment. The row is the rule on Hedon's side
([rules.c](../../bench/peers/rules.c)); BindsNET learns by MSTDPET in every row
([peer_bindsnet.py](../../bench/peers/peer_bindsnet.py)). There a synapse's eligibility is a substep late and
outlives decisions, so weights are not the same. Rules that need neurons which draw their spikes have those.
e-prop learns from a readout, so its figure is that of `hedon train CartPole-v1 --method e-prop`."""),
    "envs": ("Environments alone", "Environment steps per CPU second.", """\
Actions drawn beforehand, episodes restarted as they end. `SyncVectorEnv` runs B single
environments, `CartPoleVectorEnv` is Gymnasium's cart-pole on arrays. Hedon: `hd_envs_step`."""),
    "all": ("All processors", "Per second of wall time; units are those of the tables above.", """\
{cores} processes side by side; peers also as one process with {cores} threads, and the better is
shown."""),
}


def count(value):
    for size, unit in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if value >= size:
            return f"{value / size:.3g}{unit}"
    return f"{value:.3g}"


def times(value):
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def ratios(ours, theirs):
    return [a / b for a, b in zip(ours["rates"], theirs["rates"])]


def table(titles, rows):
    lines = [titles, ["---"] * len(titles), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def failure(result):
    return "did not run: " + result["failed"].replace("|", "/")


def rate_cell(result):
    """The way that was taken, if there was a choice."""
    return count(result["rate"]) + (f" ({result['how']})" if result["tried"] else "")


def ratio_cell(result, ours):
    found = ratios(ours, result)
    return "{}x ({} to {})".format(*map(times, (statistics.median(found), min(found), max(found))))


def verdict(result, ours, aim):
    if aim is None:
        return "-"
    met = statistics.median(ratios(ours, result)) >= aim
    return f"{times(aim)}x: {'met' if met else 'missed'}"


def group_table(rows):
    lines, aims = [], any(row["aim"] for row in rows)
    for row in rows:
        ours = row["results"].get("Hedon")
        bad = ours is not None and "failed" in ours
        for who, result in row["results"].items():
            if who == "Hedon":
                continue
            line = [row["name"], who]
            line.append(failure(result) if "failed" in result else rate_cell(result))
            if ours is not None:
                both = not bad and "failed" not in result
                line.append(failure(ours) if bad else count(ours["rate"]))
                line.append(ratio_cell(result, ours) if both else "-")
                line += [verdict(result, ours, row["aim"]) if both else "-"] if aims else []
            lines.append(line)
    titles = ["work", "peer", "peer's rate", "Hedon's rate", "ratio"] + (["aim"] if aims else [])
    return table(titles[:len(lines[0])], lines)


def middle(values, form):
    values = [v for v in values if v is not None]
    return form(statistics.median(values)) if values else "-"


def solve_section(solve):
    def seconds(value):
        return f"{value * 1000:.3g} ms" if value < 1 else f"{value:.3g} s"

    lines, medians = [], {}
    for who, runs in solve["runs"].items():
        failed = [run["failed"] for run in runs if "failed" in run]
        if failed:
            lines.append([who, "did not run: " + failed[0], "", "", ""])
            continue
        medians[who] = {key: statistics.median(run[key] for run in runs)
                        for key in ("cpu_s", "wall_s")}
        lines.append([who, f"{sum(run['solved'] for run in runs)}/{len(runs)}",
                      middle([run["solved_at"] for run in runs], "{:,.0f}".format),
                      *["{} ({} to {})".format(seconds(medians[who][key]),
                                               seconds(min(run[key] for run in runs)),
                                               seconds(max(run[key] for run in runs)))
                        for key in ("cpu_s", "wall_s")]])
    text = table(["learner", "solved", "steps to threshold", "CPU time, median (least to greatest)",
                  "wall time"], lines)
    ours = next((m for who, m in medians.items() if who.startswith("Hedon")), None)
    theirs = [m for who, m in medians.items() if not who.startswith("Hedon")]
    if ours and theirs:
        cpu, wall = (times(min(m[key] for m in theirs) / ours[key]) for key in ("cpu_s", "wall_s"))
        text += (f"\n\nThe better PPO's median is {cpu} times Hedon's in CPU time, {wall} times in "
                 "wall time.")
    seeds = ", ".join(map(str, solve["seeds"]))
    return f"""## Time to solve CartPole-v1, beside PPO

Stable-Baselines3's PPO with its zoo's settings for the task (8 environments, 32 steps, batches of
256, 20 epochs, gamma 0.98, lambda 0.8, step size 0.001 and clipping 0.2 falling linearly over
100,000 steps); Hedon: `hedon train CartPole-v1` as it comes. Seeds {seeds}. Both are evaluated every
2,500 steps by 100 greedy episodes: solved at the first mean of at least 475 whose next two pass as
well. Times run until that third evaluation, evaluation itself left out (but not from Hedon's wall
time); a PPO run ends after {solve['limit']} CPU seconds at the latest, and then counts with
the time it had.

{text}"""


def checks_section(checks):
    lines = [[one["name"], "holds" if one["holds"] else "**fails**", one["said"].replace("|", "/")]
             for one in checks]
    return "## Do both compute the same?\n\n" + table(["check", "", "found"], lines)


def document(found):
    machine, settings = found["machine"], found["settings"]
    versions = ", ".join(f"{k} {v}" for k, v in found["versions"].items())
    about = textwrap.fill(" ".join(ABOUT.format(**machine, versions=versions).split()), 100)
    parts = [HEAD.format(**settings, about=about)]
    if found["not_installed"]:
        parts.append("Not installed:\n\n" + "\n".join(f"- {name}: {why}" for name, why
                                                     in found["not_installed"].items()) + "\n")
    if found["checks"]:
        parts.append(checks_section(found["checks"]) + "\n")
    for key, rows in found["groups"].items():
        title, unit, about = GROUPS[key]
        about = about.format(cores=machine["cores"], rule=found["rule"])
        alone = found.get("raced_alone", {}).get(key)
        unit += " Raced by itself at commit {commit} on {date} ({processor}).".format(**alone) if alone else ""
        parts += [f"## {title}\n", about + "\n", unit + "\n", group_table(rows) + "\n"]
    if "solve" in found:
        parts.append(solve_section(found["solve"]) + "\n")
    return "\n".join(parts)
