"""Record synapses with short-term plasticity in Brian2, for tests/network/test_short_term.c.

    python tools/record_brian_stp.py > tests/data/stp_brian.txt      (brian2 2.9.0, numpy below 2.4)

Each run is a line "run NAME USE RECOVERY FACILITATION STEPS", times in ms and steps of 1 ms, then "spike STEP
ARRIVED": what the spike brought, per unit of weight, solved exactly between spikes. Sets of Tsodyks & Markram
1997 (depression) and Markram, Wang & Tsodyks 1998 (facilitation).
"""

import brian2 as b2
import numpy as np

b2.prefs.codegen.target = "numpy"
STEPS = 2000
SETS = {"depressing": (0.5, 800.0, 0.0), "facilitating": (0.04, 100.0, 1000.0), "mixed": (0.3, 300.0, 50.0)}
STEADY = np.arange(10, STEPS, 50)
RANDOM = np.flatnonzero(np.random.default_rng(3).random(STEPS) < 0.02)

print(f"# brian2 {b2.__version__}")
for kind, (use, recovery, facilitation) in SETS.items():
    for pattern, steps in (("steady", STEADY), ("random", RANDOM)):
        b2.start_scope()
        b2.defaultclock.dt = 1 * b2.ms
        source = b2.SpikeGeneratorGroup(1, np.zeros(len(steps), int), steps * b2.ms)
        target = b2.NeuronGroup(1, "g : 1")
        falls = "du/dt = -u/(facilitation*ms) : 1 (clock-driven)" if facilitation else "u : 1"
        synapses = b2.Synapses(
            source, target, f"dx/dt = (1 - x)/(recovery*ms) : 1 (clock-driven)\n{falls}\nbrought : 1",
            on_pre=("" if facilitation else "u = 0\n") + "u += use*(1 - u)\nbrought = u*x\nx -= u*x\n",
            method="exact", namespace={"use": use, "recovery": recovery, "facilitation": facilitation})
        synapses.connect()
        synapses.x = 1
        brought = b2.StateMonitor(synapses, "brought", record=True, when="end")
        b2.run(STEPS * b2.ms)
        print(f"run {kind}-{pattern} {use:g} {recovery:g} {facilitation:g} {STEPS}")
        for step in steps:
            print(f"spike {step} {brought.brought[0][step]:.9g}")
