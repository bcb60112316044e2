"""What the controls of a row say, by rule."""
from result_figures import FIGURES


def changes_nothing(result, seeds):
    """A control that leaves every hash as it was concerns a layer that the method has not."""
    own = {seed["seed"]: seed["hash"] for seed in result["outcome"]["seeds"]}
    return all(own[seed["seed"]] == seed["hash"] for seed in seeds)


def shown_controls(result):
    """Seeds of each control by its title, but for those that do not concern the method."""
    shown = {}
    for control in result.get("controls", []):
        seeds = control.get("seeds", [])
        if seeds and not changes_nothing(result, seeds):
            shown[control["title"]] = seeds
    return shown


def same_seeds(result, seeds):
    wanted = {seed["seed"] for seed in seeds}
    return [seed for seed in result["outcome"]["seeds"] if seed["seed"] in wanted]


SHUFFLED = "shuffled signal"


def part_of_way(value, low, high):
    return (value - low) / (high - low) if high > low else 1.0


def reached(result, seeds, floor):
    """How far a control comes, of the way from nothing learned to where its row comes, by each measure
    there is: the share solved, where the row solves at least half of the seeds, and the mean final
    return, where nothing learned is `floor`, what a shuffled signal teaches."""
    own, parts = same_seeds(result, seeds), []
    if 2 * FIGURES["solved"](own) >= len(own):
        parts.append(FIGURES["solved"](seeds) / FIGURES["solved"](own))
    if floor is not None:
        parts.append(part_of_way(*(FIGURES["final_mean"](some) for some in (seeds, floor, own))))
    return parts


def as_far(parts, says):
    """By how far a control comes: as far (9 in 10), not (1 in 10, and not half of the return), or part
    of the way."""
    if min(parts) >= 0.9:
        return says[0]
    return says[2] if min(parts) <= 0.1 and max(parts) < 0.5 else says[1]


def is_no_better(result, floor):
    """Than what a shuffled signal teaches: few seeds are solved, and its mean return is not below the
    row's interval."""
    seeds = result["outcome"]["seeds"]
    return (2 * FIGURES["solved"](seeds) < len(seeds)
            and FIGURES["final_mean"](floor) >= result["outcome"]["iqm_low"])


def beside_no_spikes(result, results):
    """Against the row of the same experiment whose units do not spike, by intervals of the IQM."""
    method = result["command"].split()[4] + "-relu"
    for other in results:
        if other["name"] == result["name"] and other["command"].split()[4] == method:
            own, bare = result["outcome"], other["outcome"]
            if own["iqm_low"] > bare["iqm_high"]:
                return ["better than without spikes"]
            return ["worse than without spikes" if own["iqm_high"] < bare["iqm_low"]
                    else "as good as without spikes"]
    return []


def left_unsaid(shown):
    """Of a row about which no control says anything."""
    if SHUFFLED in shown:
        return "learns from its signal"
    return "undecided: too few seeds solve it" if shown else "no control applies"


def without_controls(result, plan):
    """What the plan says of a row that has no controls, such as one that is itself a control."""
    return next((one["no_controls"] for one in plan.get("experiment", [])
                 if one["name"] == result["name"] and "no_controls" in one), None)


def words_of(result, results, plan):
    """What the controls of a row say, by rule."""
    said = beside_no_spikes(result, results)
    if "controls" not in result and (why := without_controls(result, plan)):
        return said + [why]
    if "controls" not in result:
        return said + [f"{'other ' if said else ''}controls not measured"]
    shown = shown_controls(result)
    floor = shown.get(SHUFFLED)
    if floor is not None and is_no_better(result, floor):
        return [control["says"][0] for control in plan["control"] if control["title"] == SHUFFLED]
    for control in plan["control"]:
        seeds = shown.get(control["title"])
        parts = [] if seeds is None else reached(result, seeds, floor)
        said += [words for words in [as_far(parts, control["says"])] if words] if parts else []
    return said or [left_unsaid(shown)]
