"""Record leaky integrate-and-fire runs of Brian2, for tests/neuron.

    python tools/record_brian.py > tests/data/lif_brian.txt      (brian2 2.9.0, numpy below 2.4)

Each run is a line "run tau_m v_th v_reset v_rest r_m t_ref dt steps", then a line per step:
drive, spike, membrane at the step's end. Brian counts its refractory period from the start of
the step that fired, the library from its end, hence the dt added below.
"""

import brian2 as b2
import numpy as np

b2.prefs.codegen.target = "numpy"
STEPS = 600

RUNS = [
    # tau_m v_th v_reset v_rest r_m t_ref dt, ms
    (5.0, 1.0, 0.0, 0.0, 5.0, 0.0, 1.0),
    (8.0, 1.0, -0.3, 0.2, 2.0, 0.0, 0.5),
    (20.0, 1.0, 0.0, 0.0, 1.5, 3.0, 0.5),
    (10.0, 0.7, -0.1, 0.1, 2.5, 2.0, 0.25),
]


def steps_of_current(rng, r_m):
    """Piecewise constant drive, a new level every 25 steps, some of them negative."""
    levels = rng.uniform(-1.0, 4.0, STEPS // 25) / r_m
    return np.repeat(levels, 25).astype(np.float32).astype(float)


rng = np.random.default_rng(5)
print(f"# brian2 {b2.__version__}, exact integration")
for tau, v_th, v_reset, v_rest, r_m, t_ref, dt in RUNS:
    b2.start_scope()
    b2.defaultclock.dt = dt * b2.ms
    drive = steps_of_current(rng, r_m)
    current = b2.TimedArray(drive, dt=dt * b2.ms)
    group = b2.NeuronGroup(
        1,
        "dv/dt = (v_rest - v + r_m * current(t)) / tau_m : 1"
        + (" (unless refractory)" if t_ref > 0 else ""),
        threshold="v >= v_th",
        reset="v = v_reset",
        refractory=(t_ref + dt) * b2.ms if t_ref > 0 else False,
        method="exact",
        namespace={
            "tau_m": tau * b2.ms,
            "v_th": v_th,
            "v_reset": v_reset,
            "v_rest": v_rest,
            "r_m": r_m,
            "current": current,
        },
    )
    group.v = v_rest
    membrane = b2.StateMonitor(group, "v", record=True, when="end")
    spikes = b2.SpikeMonitor(group)
    b2.run(STEPS * dt * b2.ms)
    fired = np.zeros(STEPS, int)
    fired[np.round(spikes.t / (dt * b2.ms)).astype(int)] = 1
    print("run", tau, v_th, v_reset, v_rest, r_m, t_ref, dt, STEPS)
    for step in range(STEPS):
        print(f"{drive[step]:.9g} {fired[step]} {membrane.v[0][step]:.9g}")
