"""Record neurons of several variables in Brian2, for tests/neuron/test_ode_neurons.c.

    python tools/record_brian_neurons.py > tests/data/neurons_brian.txt      (brian2 2.9.0, numpy below 2.4)

Each run is a line "run MODEL NAME DT STEPS DRIVE key=value ...", then "spike STEP" for each spike and
"v STEP VALUE" every few steps; with coba also "drive STEP VALUE" for every drive that is not 0. DRIVE is
what is constant over the run. Regimes of adex: Naud et al. 2008; of izhikevich: Izhikevich 2003.
Brian2 solves izhikevich by Runge-Kutta's fourth order, so that the library's scheme is compared with the
equation; adex by Euler and coba by exponential Euler, the schemes that the library has.
"""

import brian2 as b2
import numpy as np

b2.prefs.codegen.target = "numpy"
SAMPLES = 60  # of v, in a run

IZHIKEVICH = {  # a, b, c, d
    "regular": (0.02, 0.2, -65.0, 8.0),
    "intrinsically-bursting": (0.02, 0.2, -55.0, 4.0),
    "chattering": (0.02, 0.2, -50.0, 2.0),
    "fast": (0.1, 0.2, -65.0, 2.0),
    "low-threshold": (0.02, 0.25, -65.0, 2.0),
}
ADEX = {  # c, g_l, e_l, v_t, delta_t, a, tau_w, b, v_reset, current
    "tonic": (200, 10, -70, -50, 2, 2, 30, 0, -58, 500),
    "adaptation": (200, 12, -70, -50, 2, 2, 300, 60, -58, 500),
    "initial-burst": (130, 18, -58, -50, 2, 4, 150, 120, -50, 400),
    "regular-bursting": (200, 10, -58, -50, 2, 2, 120, 100, -46, 210),
    "delayed-accelerating": (200, 12, -70, -50, 2, -10, 300, 0, -58, 300),
    "transient": (100, 10, -65, -50, 2, 10, 90, 100, -47, 180),
}


def run(model, name, equations, method, dt, steps, drive, params, start, threshold, reset, **more):
    b2.start_scope()
    b2.defaultclock.dt = dt * b2.ms
    group = b2.NeuronGroup(1, equations, threshold=threshold, reset=reset, method=method,
                           namespace={**params, **more.pop("names", {})}, **more)
    for variable, value in start.items():
        setattr(group, variable, value)
    potential = b2.StateMonitor(group, "v", record=True, when="end")
    spikes = b2.SpikeMonitor(group)
    b2.run(steps * dt * b2.ms)
    settings = " ".join(f"{key}={value:g}" for key, value in params.items())
    print(f"run {model} {name} {dt:g} {steps} {drive:g} {settings}")
    for t in np.round(spikes.t / (dt * b2.ms)).astype(int):
        print("spike", t)
    for step in range(steps // SAMPLES - 1, steps, steps // SAMPLES):
        print(f"v {step} {potential.v[0][step]:.7g}")


print(f"# brian2 {b2.__version__}")
for name, (a, b, c, d) in IZHIKEVICH.items():
    run("izhikevich", name,
        "dv/dt = (0.04*v**2 + 5*v + 140 - u + I)/ms : 1\ndu/dt = a*(b*v - u)/ms : 1", "rk4", 0.01, 30000, 10,
        {"a": a, "b": b, "c": c, "d": d}, {"v": c, "u": b * c}, "v >= 30", "v = c; u += d", names={"I": 10.0})
for name, row in ADEX.items():
    keys = ("c", "g_l", "e_l", "v_t", "delta_t", "a", "tau_w", "b", "v_reset")
    params = dict(zip(keys, row))
    run("adex", name,
        "dv/dt = (-g_l*(v - e_l) + g_l*delta_t*exp(clip((v - v_t)/delta_t, -60, 20)) - w + I)/c/ms : 1\n"
        "dw/dt = (a*(v - e_l) - w)/(tau_w*ms) : 1", "euler", 0.05, 8000, row[-1],
        params, {"v": params["e_l"], "w": 0.0}, "v >= 20", "v = v_reset; w += b", names={"I": float(row[-1])})

# coba: a drive at random substeps. Brian adds it after the step, so it acts a step later than here.
rng = np.random.default_rng(7)
STEPS, DT = 6000, 0.1
drive = np.where(rng.random(STEPS) < 0.02, rng.choice([0.6, 0.6, 0.6, -0.8], STEPS), 0.0)
later = b2.TimedArray(np.append(drive[1:], 0.0), dt=DT * b2.ms)
first = drive[0]
for t_ref in (0.0, 5.0):
    params = {"tau_m": 20.0, "e_l": -60.0, "v_th": -50.0, "v_reset": -60.0, "e_e": 0.0, "e_i": -80.0,
              "tau_e": 5.0, "tau_i": 10.0, "t_ref": t_ref}
    b2.start_scope()
    b2.defaultclock.dt = DT * b2.ms
    group = b2.NeuronGroup(
        1,
        "dv/dt = (e_l - v + g_e*(e_e - v) + g_i*(e_i - v))/(tau_m*ms) : 1" + (" (unless refractory)" if t_ref else "")
        + "\ndg_e/dt = -g_e/(tau_e*ms) : 1\ndg_i/dt = -g_i/(tau_i*ms) : 1",
        threshold="v >= v_th", reset="v = v_reset", refractory=(t_ref + DT) * b2.ms if t_ref else False,
        method="exponential_euler", namespace={**params, "later": later})
    group.v = -60.0
    group.g_e, group.g_i = max(first, 0.0), max(-first, 0.0)
    group.run_regularly("g_e += clip(later(t), 0, inf); g_i += clip(-later(t), 0, inf)", when="end")
    potential = b2.StateMonitor(group, "v", record=True, when="end")
    spikes = b2.SpikeMonitor(group)
    b2.run(STEPS * DT * b2.ms)
    print(f"run coba t_ref-{t_ref:g} {DT:g} {STEPS} 0 " + " ".join(f"{k}={v:g}" for k, v in params.items()))
    for step in np.flatnonzero(drive):
        print(f"drive {step} {drive[step]:.9g}")
    for t in np.round(spikes.t / (DT * b2.ms)).astype(int):
        print("spike", t)
    for step in range(STEPS // SAMPLES - 1, STEPS, STEPS // SAMPLES):
        print(f"v {step} {potential.v[0][step]:.7g}")
