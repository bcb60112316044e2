"""Do both sides compute the same? Each check returns {"name", "holds", "said"}."""
import array
import pathlib
import random
import subprocess
import tempfile

from race import Peer, measure
from rows import A2C_PEERS, GRADIENTS, LIF_PEERS, NETS, NUMPY_RULE

HERE = pathlib.Path(__file__).resolve().parent
N_OBS, OBSERVATIONS = 4, 2000


def verdict(name, holds, said):
    return {"name": name, "holds": bool(holds), "said": said}


def ask(racers, package, module, case, settings, work=0):
    return measure(Peer(module, racers, package, module, case, settings), 0, work=work)


def greedy_actions(rows, folder):
    """Hedon's weights, loaded by each peer, decide as Hedon does."""
    draw = random.Random(1)
    obs = folder / "obs"
    obs.write_bytes(array.array("f", (draw.gauss(0, 1) for _ in range(OBSERVATIONS * N_OBS)))
                    .tobytes())
    for name, hidden, T in NETS:
        actions, checkpoint = folder / "actions", folder / "checkpoint"
        subprocess.run([rows.build / "bench/peers/peers_forward", ",".join(map(str, hidden)),
                        str(T), str(OBSERVATIONS), obs, actions, checkpoint], check=True)
        for label, module in LIF_PEERS:
            found = ask(rows.racers, module, module, "check",
                        {"hidden": hidden, "T": T, "obs": str(obs), "actions": str(actions),
                         "checkpoint": str(checkpoint)})
            title = f"greedy actions of {name} in {label}"
            if "failed" in found:
                yield verdict(title, False, found["failed"])
                continue
            said = (f"{found['agree']} of {found['n']} agree; one of the two actions was chosen in "
                    f"{found['chosen']:.0%}")
            differ = found["n"] - found["agree"]
            if differ > 0:
                said += (f"; of {differ} others {differ - found['unexplained']} tie within 1e-4 or "
                         "have a potential within 1e-5 of the threshold")
            yield verdict(title, found["unexplained"] == 0, said)


def gradients(rows, folder):
    """Of all weights on both sides, from the same weights, observations and actions."""
    for name, hidden, T, batch, _ in GRADIENTS:
        shape = rows.problem(folder, name, hidden, T, batch)
        found = folder / "gradients"
        subprocess.run([str(part) for part in rows.gradients_argv(**shape)] + [found, "check"],
                       check=True)
        for label, module in A2C_PEERS:
            said = ask(rows.racers, module, module, "same", shape | {"found": str(found)})
            title = f"gradients of {name}, B={batch}, in {label}"
            if "failed" in said:
                yield verdict(title, False, said["failed"])
                continue
            apart = max(abs(a - b) for a, b in zip(said["rates"], said["fired"]))
            yield verdict(title, said["worst"] < 1e-4 and apart < 1e-6,
                          f"largest difference {said['worst']:.1e} of the largest element of its "
                          f"array; {', '.join(f'{rate:.1%}' for rate in said['rates'])} of the "
                          "neurons fire in a substep on both sides")


def numpy_forms(rows):
    found = ask(rows.racers, "numpy", "numpy", "check", {"updates": 5, "rollout": 8})
    said = found.get("failed") or f"largest difference {found['difference']:.1e}"
    yield verdict("weights of loop and vectorised form after 5 updates on the same numbers",
                  found.get("difference", 1) < 1e-9, said)


def numpy_learns(rows):
    """The same settings, steps and judge: training episodes, the last 100."""
    steps, seeds = (200_000, (1,)) if rows.quick else (400_000, (1, 2, 3))
    theirs = [ask(rows.racers, "numpy", "numpy", "vectorised",
                  {"B": 64, "rollout": 8, "seed": seed}, steps) for seed in seeds]
    training = rows.training(envs=64, rollout=8, **NUMPY_RULE)
    ours = [training.finish(training.run(steps, seed)) for seed in seeds]
    for who, results in (("NumPy", theirs), ("Hedon", ours)):
        means = [r.get("recent") or 0 for r in results]
        yield verdict(f"{who}: B=64, last 100 episodes of {steps:,} steps", min(means) > 195,
                      f"mean return {', '.join(f'{m:.0f}' for m in means)} (seeds "
                      f"{', '.join(map(str, seeds))}); 195 asked")


def a2c_learns(rows):
    steps = 20_000 if rows.quick else 60_000
    for label, module in A2C_PEERS:
        found = ask(rows.racers, module, module, "a2c",
                    {"hidden": 64, "T": 4, "envs": 8, "rollout": 32, "seed": 2}, steps)
        recent = found.get("recent") or 0
        yield verdict(f"{label}'s actor-critic, B=8, last 100 episodes of {steps:,} steps",
                      recent > 50, found.get("failed")
                      or f"mean return {recent:.0f} (seed 2); 50 asked, twice a random policy's")


def episodes(rows):
    script = HERE.parent.parent / "tests/live_gymnasium.py"
    run = subprocess.run([rows.racers.python, script, rows.hedon, "500", "CartPole-v1"],
                         capture_output=True, text=True)
    said = (run.stdout.strip() or run.stderr.strip() or "no answer").splitlines()[-1]
    yield verdict("CartPole-v1 with rng = gymnasium against Gymnasium's, number by number",
                  run.returncode == 0, said.split(": ")[-1])


def bindsnet_learns(rows):
    found = ask(rows.racers, "bindsnet", "bindsnet", "decide", {"hidden": 64, "T": 4}, 50)
    moved = found.get("moved", 0)
    yield verdict("BindsNET's weights move", moved > 0,
                  found.get("failed") or f"largest change in 50 decisions {moved:.1e}")


def checks(rows):
    with tempfile.TemporaryDirectory() as folder:
        yield from greedy_actions(rows, pathlib.Path(folder))
        yield from gradients(rows, pathlib.Path(folder))
    for one in (numpy_forms, numpy_learns, a2c_learns, episodes, bindsnet_learns):
        yield from one(rows)
