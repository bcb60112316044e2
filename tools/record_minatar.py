#!/usr/bin/env python3
"""Record games of the PyPI package minatar, for tests/env/test_minatar.c.

Use:  python tools/record_minatar.py [GAME ...]

with a Python that has minatar 1.0.15 and numpy 2. Writes tests/data/minatar/GAME.bin for every game
named (all by default). The package draws from numpy's RandomState; here it draws the same kinds of
numbers, in the same order, from numpy's PCG64, which the library's environments use under
rng = gymnasium, so that both play one game.

A file is little-endian:

  8 bytes "HDMIN001"; int32 n_runs; then for every run
    96 bytes the environment's name with its choices, zeros behind it
    uint64 seed; int32 steps; int32 episodes; int32 reward: how many end, and what is earned in all
    uint32 check of the first observation; then for every step
      uint8 action; uint32 check

A check is the CRC-32 of all checks before it and of this step: reward and whether the game is over,
a byte each, and the observation's bits in the package's order, eight to a byte, the first in the
highest place. After a game is over comes the check of the next one's first observation, without an
action.

Actions mix chance with simple hand-written play, so that waves are cleared, divers brought ashore
and games made harder.
"""
import pathlib
import random
import struct
import sys
import zlib
from copy import deepcopy

import numpy
from minatar import Environment

FOLDER = pathlib.Path(__file__).resolve().parent.parent / "tests/data/minatar"
STAY, LEFT, UP, RIGHT, DOWN, FIRE = range(6)


class Draws:
    """What games call of a RandomState, on the numbers of a PCG64."""

    def __init__(self, seed):
        self.generator = numpy.random.Generator(numpy.random.PCG64(seed))

    def rand(self, n=None):
        return self.generator.random(n)

    def randint(self, low, high=None, size=None):
        low, high = (0, low) if high is None else (low, high)
        draw = [low + int(self.generator.integers(high - low)) for _ in range(size or 1)]
        return numpy.array(draw) if size else draw[0]


def towards(x, to):
    return RIGHT if to > x else LEFT if to < x else STAY


def breakout(game, chance):
    ahead = game.ball_x + (1 if game.ball_dir in (1, 2) else -1)
    return towards(game.pos, min(9, max(0, ahead if game.ball_dir >= 2 else game.ball_x)))


def space_invaders(game, chance):
    if game.e_bullet_map[6:, game.pos].any():
        return LEFT if game.pos > 0 and chance.random() < 0.5 else RIGHT
    if game.alien_map[:, game.pos].any() and game.shot_timer == 0:
        return FIRE
    columns = numpy.nonzero(game.alien_map.any(axis=0))[0]
    return towards(game.pos, columns[numpy.argmin(abs(columns - game.pos))])


def asterix(game, chance):
    def worth(action):
        x = game.player_x + (action == RIGHT) - (action == LEFT)
        y = min(8, max(1, game.player_y + (action == DOWN) - (action == UP)))
        value = chance.random()
        for thing in game.entities:
            far = 20 if thing is None else abs(thing[0] - x) + 2 * abs(thing[1] - y)
            if thing is not None and thing[3]:
                value += 12 / (1 + far)
            elif thing is not None and thing[1] == y and abs(thing[0] - x) <= 2:
                value -= 50
        return value

    return max((STAY, LEFT, UP, RIGHT, DOWN), key=worth)


def freeway(game, chance):
    return UP


def seaquest(game, chance):
    near = [thing for thing in game.e_fish + game.e_subs if thing[1] == game.sub_y]
    if near and chance.random() < 0.7:
        ahead = near[0][0] > game.sub_x
        facing = RIGHT if ahead else LEFT
        return FIRE if ahead == game.sub_or and game.shot_timer == 0 else facing
    if game.diver_count == 6 or (game.diver_count > 0 and game.oxygen < 50):
        return UP
    if not game.divers:
        return DOWN if game.sub_y < 4 else STAY
    diver = min(game.divers, key=lambda d: abs(d[0] - game.sub_x) + abs(d[1] - game.sub_y))
    if diver[1] != game.sub_y:
        return DOWN if diver[1] > game.sub_y else UP
    return towards(game.sub_x, diver[0])


def foresee(env, play, actions, chance, ahead=14):
    """The action after which hand-written play fares best, in copies of the game."""
    def worth(action):
        copy, value = deepcopy(env), chance.random()
        for _ in range(ahead):
            reward, over = copy.act(action)
            value += 10 * reward - 1000 * over
            if over:
                break
            action = play(copy.env, chance)
        return value

    return max(actions, key=worth)


# Name of ours, the package's, hand-written play, and whether the game becomes harder.
GAMES = {
    "Breakout": ("breakout", breakout, False),
    "SpaceInvaders": ("space_invaders", space_invaders, True),
    "Asterix": ("asterix", asterix, True),
    "Freeway": ("freeway", freeway, False),
    "Seaquest": ("seaquest", seaquest, True),
}

# Seed, steps, sticky, ramping, minimal, share of random actions; 0 looks ahead.
RUNS = [
    (0, 2600, 0.1, True, True, 0.1),
    (2**32 + 5, 1500, 0.1, True, True, 0.9),
    (7, 3000, 0.0, True, False, 0),
    (123456789, 1500, 0.25, False, True, 0.05),
]


def name_of(game, sticky, ramping, minimal, ramps):
    name = f"MinAtar-{game}-v1"
    name += f":sticky={sticky:g}" if sticky != 0.1 else ""
    name += ":minimal=false" if not minimal else ""
    return name + ":max_steps=0" + (":ramping=false" if ramps and not ramping else "")


def check_of(before, reward, over, state):
    return zlib.crc32(bytes([int(reward), int(over)]) + numpy.packbits(state).tobytes(), before)


def choose(env, play, actions, share, chance):
    if share == 0:
        return foresee(env, play, actions, chance)
    action = chance.choice(actions) if chance.random() < share else play(env.env, chance)
    return action if action in actions else STAY


def record_run(game, run, counts):
    seed, steps, sticky, ramping, minimal, share = run
    package, play, ramps = GAMES[game]
    env = Environment(package, sticky_action_prob=sticky, difficulty_ramping=ramping)
    env.random = env.env.random = Draws(seed)
    chance = random.Random(f"{game} {seed}")
    actions = env.minimal_action_set() if minimal else list(range(env.num_actions()))
    env.reset()
    check = check_of(0, 0, False, env.state())
    body, episodes, earned = bytearray(struct.pack("<I", check)), 0, 0
    for _ in range(steps):
        action = choose(env, play, actions, share, chance)
        reward, over = env.act(action)
        check = check_of(check, reward, over, env.state())
        body += struct.pack("<BI", actions.index(action), check)
        earned += int(reward)
        if over:
            episodes += 1
            env.reset()
            check = check_of(check, 0, False, env.state())
            body += struct.pack("<I", check)
        counts["most at once"] = max(counts["most at once"], int(reward))
        counts["hardest"] = max(counts["hardest"], env.env.difficulty_ramp() or 0)
    counts["episodes, earned"].append((episodes, earned))
    name = name_of(game, sticky, ramping, minimal, ramps)
    head = struct.pack("<96sQiii", name.encode(), seed, steps, episodes, earned)
    return head + body


def main():
    FOLDER.mkdir(parents=True, exist_ok=True)
    for game in sys.argv[1:] or GAMES:
        counts = {"most at once": 0, "hardest": 0, "episodes, earned": []}
        body = b"".join(record_run(game, run, counts) for run in RUNS)
        (FOLDER / f"{game}.bin").write_bytes(b"HDMIN001" + struct.pack("<i", len(RUNS)) + body)
        print(f"{game}: {sum(run[1] for run in RUNS)} steps, {len(body)} bytes, {counts}")


if __name__ == "__main__":
    main()
