"""The interface of libhedon for ctypes: constants, structs and functions.

Written by python/generate.py from include/hedon; not to be edited.
"""
from __future__ import annotations

from ctypes import (
    CDLL, CFUNCTYPE, POINTER, Structure, c_bool, c_char_p, c_double, c_float, c_int, c_int64,
    c_size_t, c_uint, c_uint32, c_uint64, c_void_p,
)
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable

HD_VERSION_STRING: Final = "0.1.0"
HD_PLUGIN_ABI: Final = 4
HD_OK: Final = 0
HD_NOMEM: Final = 1
HD_RANGE: Final = 2
HD_UNKNOWN: Final = 3
HD_CONFLICT: Final = 4
HD_IO: Final = 5
HD_FORMAT: Final = 6
HD_MISMATCH: Final = 7
HD_NUMERIC: Final = 8
HD_USAGE: Final = 9
HD_MISSING: Final = 10
HD_STOPPED: Final = 11
HD_MAX_OBS: Final = 4096
HD_MAX_ACT: Final = 64
HD_MAX_TRANSITIONS: Final = 8
HD_WHY_SIZE: Final = 256
HD_ENV_FLAG: Final = 0
HD_ENV_WHOLE: Final = 1
HD_ENV_NUMBER: Final = 2
HD_ENV_TEXT: Final = 3
HD_ENV_OPTIONS_MAX: Final = 8
HD_ENV_NAME_MAX: Final = 256
HD_ENV_CONFIGURED_MAX: Final = 1536
HD_RNG_NATIVE: Final = 0
HD_RNG_GYMNASIUM: Final = 1
HD_FOREIGN_KEPT: Final = 65536
HD_FOREIGN_KEPT_STEPS: Final = 1024
HD_NEURON_PARAMS_MAX: Final = 12
HD_NEURON_STATE_MAX: Final = 4
HD_RULE_STOCHASTIC: Final = 1
HD_RULE_BACK: Final = 2
HD_RULE_GATE: Final = 4
HD_RULE_GATE_TAKEN: Final = 8
HD_RULE_AFFINE: Final = 32
HD_RULE_RELAXED: Final = 16
HD_RULE_TAU: Final = 128
HD_RULE_PERTURBED: Final = 64
HD_RULE_SPARSE: Final = 256
HD_RULE_PARAMS_MAX: Final = 16
HD_RULE_STATE_MAX: Final = 16
HD_CODING_LINES: Final = 65536
HD_CODING_PARAMS: Final = 8
HD_TOML_DEPTH: Final = 8
HD_CONNECT_ALL: Final = 0
HD_CONNECT_ONE_TO_ONE: Final = 1
HD_CONNECT_RANDOM: Final = 2
HD_CONNECT_LIST: Final = 3
HD_INITIAL_CONSTANT: Final = 0
HD_INITIAL_UNIFORM: Final = 1
HD_INITIAL_NORMAL: Final = 2
HD_INITIAL_LIST: Final = 3
HD_MAX_LAYERS: Final = 8
HD_DECISIONS: Final = -1
HD_STUDY_SEEDS: Final = 65536
HD_STUDY_THREADS: Final = 1024
HD_AGGREGATE_MEAN: Final = 0
HD_AGGREGATE_MEDIAN: Final = 1
HD_AGGREGATE_IQM: Final = 2
HD_AGGREGATE_OPTIMALITY_GAP: Final = 3
HD_AGGREGATES: Final = 4
HD_LIMIT_FUSED: Final = 0
HD_LIMIT_SEPARATE: Final = 1


class hd_dim(Structure):
    name: bytes | None
    unit: bytes | None
    count: int
    low: float
    high: float


class hd_param(Structure):
    name: bytes | None
    fallback: float
    low: float
    high: float
    unit: bytes | None
    help: bytes | None


class hd_field(Structure):
    name: bytes | None
    unit: bytes | None
    help: bytes | None


class hd_ctx_def(Structure):
    size: int
    alloc: Any
    alloc_user: Any
    log: Any
    log_user: Any


class hd_view(Structure):
    name: bytes | None
    dtype: bytes | None
    n_dims: int
    shape: Any
    data: Any
    stride: Any
    unit: bytes | None
    doc: bytes | None
    writable: bool


class hd_transition(Structure):
    next: int
    probability: float
    reward: float
    terminated: bool


class hd_env_option(Structure):
    name: bytes | None
    type: int
    fallback: bytes | None
    low: float
    high: float
    help: bytes | None


class hd_env_value(Structure):
    number: float
    text: bytes | None


class hd_env_desc(Structure):
    size: int
    name: bytes | None
    alias: bytes | None
    doc: bytes | None
    source: bytes | None
    obs: Any
    n_obs: int
    act: Any
    n_act: int
    max_steps: int
    solved: float
    low_score: float
    high_score: float
    eval_env: Any
    discount: float
    state_size: int
    data: Any
    reset: Any
    step: Any
    observe: Any
    truncated: Any
    model: Any
    start: Any
    open: Any
    close: Any
    foreign: Any
    option: Any
    n_options: int
    configure: Any
    base: Any


class hd_foreign_batch(Structure):
    B: int
    own: Any
    n: int
    row: Any
    seed: Any
    action: Any
    obs: Any
    reward: Any
    terminated: Any
    truncated: Any


class hd_foreign(Structure):
    size: int
    is_lockstep: bool
    user: Any
    open: Any
    close: Any
    reset: Any
    step: Any
    refused: Any


class hd_neuron_io(Structure):
    n: int
    dt_ms: float
    param: Any
    drive: Any
    noise: Any
    state: Any
    b: Any
    p: Any
    gain: Any


class hd_neuron_desc(Structure):
    size: int
    name: bytes | None
    doc: bytes | None
    source: bytes | None
    data: Any
    stochastic: bool
    has_gain: bool
    param: Any
    n_params: int
    state: Any
    n_state: int
    reset: Any
    keep: Any
    step: Any


class hd_rule_io(Structure):
    n: int
    stochastic: bool
    span: float
    tau: float
    b: Any
    p: Any
    noise: Any
    perturbation: float
    gain: Any
    back: Any
    gate: Any
    g: Any


class hd_synapses(Structure):
    n_pre: int
    n_post: int
    stride: int
    stochastic: bool
    span: float
    dt_ms: float
    param: Any
    x: Any
    b: Any
    p: Any
    gain: Any
    back: Any
    score: Any
    n_actions: int
    share: float
    keep: float
    current: float
    tire: float
    fade: float
    is_reset: bool
    ref_steps: int
    seed: int
    pre: Any
    post: Any
    synapse: Any
    w: Any
    e: Any
    start: Any
    target: Any
    lane: Any
    loops: Any
    limits: Any


class hd_fan(Structure):
    at: int
    n: int
    target: Any


class hd_rule_desc(Structure):
    size: int
    name: bytes | None
    doc: bytes | None
    source: bytes | None
    needs: int
    data: Any
    factor: Any
    param: Any
    pre: Any
    post: Any
    synapse: Any
    n_params: int
    n_pre: int
    n_post: int
    n_synapse: int
    before: Any
    on_pre: Any
    on_post: Any
    after: Any
    on_decision: Any
    on_signal: Any


class hd_coding_desc(Structure):
    size: int
    name: bytes | None
    doc: bytes | None
    source: bytes | None
    data: Any
    param: Any
    n_params: int
    lines: Any
    encode: Any
    spikes: Any


class hd_plugin(Structure):
    abi: int
    version: bytes | None
    load: Any


class hd_toml_value(Structure):
    key: Any
    n_keys: int
    item: Any
    text: bytes | None
    type: bytes | None
    line: int


class hd_method(Structure):
    name: bytes | None
    doc: bytes | None
    source: bytes | None
    settings: bytes | None
    text: bytes | None


class hd_task_row(Structure):
    tasks: bytes | None
    settings: bytes | None


class hd_listing(Structure):
    name: bytes | None
    doc: bytes | None
    source: bytes | None


class hd_option(Structure):
    key: bytes | None
    type: bytes | None
    value: bytes | None
    fallback: bytes | None
    allowed: bytes | None
    unit: bytes | None
    help: bytes | None
    group: bytes | None
    origin: bytes | None
    readers: bytes | None
    is_read: bool


class hd_population_def(Structure):
    name: bytes | None
    neuron: bytes | None
    n: int
    params: bytes | None
    bias: float


class hd_synapse(Structure):
    pre: int
    post: int
    weight: float


class hd_projection_def(Structure):
    source: bytes | None
    target: bytes | None
    name: bytes | None
    connect: int
    probability: float
    synapse: Any
    n_synapses: int
    delay: int
    initial: int
    a: float
    b: float
    rule: bytes | None
    rule_params: bytes | None
    rate: float
    stp_use: float
    stp_recovery_ms: float
    stp_facilitation_ms: float


class hd_network_def(Structure):
    size: int
    dt_ms: float
    seed: int
    rows: int
    population: Any
    n_populations: int
    projection: Any
    n_projections: int


class hd_record_def(Structure):
    size: int
    view: bytes | None
    name: bytes | None
    row: int
    neuron: Any
    n_neurons: int
    substeps: int


class hd_spiking_value_def(Structure):
    size: int
    dt_ms: float
    tau_ms: float
    tau_rise_ms: float
    tau_reward_ms: float
    gain: float
    offset: float


class hd_spiking_value(Structure):
    read: hd_spiking_value_def
    slow: float
    fast: float
    value: float
    error: float


class hd_stats_layer(Structure):
    name: bytes | None
    n: int
    rate: float
    silent: float
    full: float


class hd_stats(Structure):
    seed: int
    env_steps: int
    episodes: int
    updates: int
    recent: float
    cpu_s: float
    n_layers: int
    layer: Any


class hd_result(Structure):
    seed: int
    done: bool
    solved: bool
    relapsed: bool
    evaluating: bool
    steps_to_threshold: int
    episodes_to_threshold: int
    env_steps: int
    episodes: int
    final_return: float
    best_return: float
    train_return: float
    cpu_s: float
    eval_cpu_s: float
    wall_s: float
    hash: int


class hd_study_def(Structure):
    size: int
    config: Any
    seed: int
    n_seeds: int
    n_threads: int
    dir: bytes | None
    teacher: Any
    evaluated: Any
    user: Any


class hd_summary(Structure):
    n: int
    n_done: int
    n_solved: int
    finished: bool
    solved_fraction: float
    solved_low: float
    solved_high: float
    return_mean: float
    return_iqm: float
    iqm_low: float
    iqm_high: float
    steps_median: float
    episodes_mean: float
    cpu_median: float
    env_steps: int
    env_steps_per_s: float


class hd_scores(Structure):
    value: Any
    n: int


class hd_estimate(Structure):
    value: float
    low: float
    high: float


hd_name_fn = CFUNCTYPE(c_char_p, c_void_p, c_int)
hd_alloc_fn = CFUNCTYPE(c_void_p, c_void_p, c_void_p, c_size_t, c_size_t)
hd_log_fn = CFUNCTYPE(None, c_void_p, c_char_p)
hd_toml_fn = CFUNCTYPE(c_int, c_void_p, c_void_p)
hd_option_fn = CFUNCTYPE(None, c_void_p, c_void_p)
hd_evaluated_fn = CFUNCTYPE(None, c_void_p, c_void_p)
hd_study_fn = CFUNCTYPE(c_bool, c_void_p, c_void_p)

hd_dim._fields_ = [
    ("name", c_char_p),
    ("unit", c_char_p),
    ("count", c_int),
    ("low", c_float),
    ("high", c_float),
]

hd_param._fields_ = [
    ("name", c_char_p),
    ("fallback", c_float),
    ("low", c_float),
    ("high", c_float),
    ("unit", c_char_p),
    ("help", c_char_p),
]

hd_field._fields_ = [
    ("name", c_char_p),
    ("unit", c_char_p),
    ("help", c_char_p),
]

hd_ctx_def._fields_ = [
    ("size", c_size_t),
    ("alloc", hd_alloc_fn),
    ("alloc_user", c_void_p),
    ("log", hd_log_fn),
    ("log_user", c_void_p),
]

hd_view._fields_ = [
    ("name", c_char_p),
    ("dtype", c_char_p),
    ("n_dims", c_int),
    ("shape", c_int64 * 4),
    ("data", c_void_p),
    ("stride", c_int64 * 4),
    ("unit", c_char_p),
    ("doc", c_char_p),
    ("writable", c_bool),
]

hd_transition._fields_ = [
    ("next", c_int),
    ("probability", c_double),
    ("reward", c_double),
    ("terminated", c_bool),
]

hd_env_option._fields_ = [
    ("name", c_char_p),
    ("type", c_int),
    ("fallback", c_char_p),
    ("low", c_double),
    ("high", c_double),
    ("help", c_char_p),
]

hd_env_value._fields_ = [
    ("number", c_double),
    ("text", c_char_p),
]

hd_env_desc_reset = CFUNCTYPE(None, c_void_p, c_void_p, c_void_p)
hd_env_desc_step = CFUNCTYPE(c_bool, c_void_p, c_void_p, c_void_p, c_void_p, c_void_p)
hd_env_desc_observe = CFUNCTYPE(None, c_void_p, c_void_p, c_void_p)
hd_env_desc_truncated = CFUNCTYPE(c_bool, c_void_p, c_void_p)
hd_env_desc_model = CFUNCTYPE(c_int, c_void_p, c_int, c_int, c_void_p)
hd_env_desc_start = CFUNCTYPE(c_double, c_void_p, c_int)
hd_env_desc_open = CFUNCTYPE(c_int, c_void_p, c_void_p, c_void_p)
hd_env_desc_close = CFUNCTYPE(None, c_void_p, c_void_p)
hd_env_desc_configure = CFUNCTYPE(c_bool, c_void_p, c_void_p, c_void_p, c_void_p, c_void_p)
hd_env_desc._fields_ = [
    ("size", c_size_t),
    ("name", c_char_p),
    ("alias", c_char_p),
    ("doc", c_char_p),
    ("source", c_char_p),
    ("obs", POINTER(hd_dim)),
    ("n_obs", c_int),
    ("act", POINTER(hd_dim)),
    ("n_act", c_int),
    ("max_steps", c_int),
    ("solved", c_double),
    ("low_score", c_double),
    ("high_score", c_double),
    ("eval_env", POINTER(hd_env_desc)),
    ("discount", c_double),
    ("state_size", c_size_t),
    ("data", c_void_p),
    ("reset", hd_env_desc_reset),
    ("step", hd_env_desc_step),
    ("observe", hd_env_desc_observe),
    ("truncated", hd_env_desc_truncated),
    ("model", hd_env_desc_model),
    ("start", hd_env_desc_start),
    ("open", hd_env_desc_open),
    ("close", hd_env_desc_close),
    ("foreign", POINTER(hd_foreign)),
    ("option", POINTER(hd_env_option)),
    ("n_options", c_int),
    ("configure", hd_env_desc_configure),
    ("base", POINTER(hd_env_desc)),
]

hd_foreign_batch._fields_ = [
    ("B", c_int),
    ("own", c_void_p),
    ("n", c_int),
    ("row", c_void_p),
    ("seed", c_void_p),
    ("action", c_void_p),
    ("obs", c_void_p),
    ("reward", c_void_p),
    ("terminated", c_void_p),
    ("truncated", c_void_p),
]

hd_foreign_open = CFUNCTYPE(c_int, c_void_p, c_void_p, c_void_p)
hd_foreign_close = CFUNCTYPE(None, c_void_p, c_void_p)
hd_foreign_reset = CFUNCTYPE(c_bool, c_void_p, c_void_p)
hd_foreign_step = CFUNCTYPE(c_bool, c_void_p, c_void_p)
hd_foreign_refused = CFUNCTYPE(None, c_void_p, c_void_p)
hd_foreign._fields_ = [
    ("size", c_size_t),
    ("is_lockstep", c_bool),
    ("user", c_void_p),
    ("open", hd_foreign_open),
    ("close", hd_foreign_close),
    ("reset", hd_foreign_reset),
    ("step", hd_foreign_step),
    ("refused", hd_foreign_refused),
]

hd_neuron_io._fields_ = [
    ("n", c_int),
    ("dt_ms", c_float),
    ("param", c_void_p),
    ("drive", c_void_p),
    ("noise", c_void_p),
    ("state", c_void_p),
    ("b", c_void_p),
    ("p", c_void_p),
    ("gain", c_void_p),
]

hd_neuron_desc_reset = CFUNCTYPE(None, c_void_p, c_void_p, c_float, c_void_p)
hd_neuron_desc_keep = CFUNCTYPE(c_float, c_void_p, c_void_p, c_float)
hd_neuron_desc_step = CFUNCTYPE(None, c_void_p, c_void_p)
hd_neuron_desc._fields_ = [
    ("size", c_size_t),
    ("name", c_char_p),
    ("doc", c_char_p),
    ("source", c_char_p),
    ("data", c_void_p),
    ("stochastic", c_bool),
    ("has_gain", c_bool),
    ("param", POINTER(hd_param)),
    ("n_params", c_int),
    ("state", POINTER(hd_field)),
    ("n_state", c_int),
    ("reset", hd_neuron_desc_reset),
    ("keep", hd_neuron_desc_keep),
    ("step", hd_neuron_desc_step),
]

hd_rule_io._fields_ = [
    ("n", c_int),
    ("stochastic", c_bool),
    ("span", c_float),
    ("tau", c_float),
    ("b", c_void_p),
    ("p", c_void_p),
    ("noise", c_void_p),
    ("perturbation", c_float),
    ("gain", c_void_p),
    ("back", c_void_p),
    ("gate", c_void_p),
    ("g", c_void_p),
]

hd_synapses._fields_ = [
    ("n_pre", c_int),
    ("n_post", c_int),
    ("stride", c_int),
    ("stochastic", c_bool),
    ("span", c_float),
    ("dt_ms", c_float),
    ("param", c_void_p),
    ("x", c_void_p),
    ("b", c_void_p),
    ("p", c_void_p),
    ("gain", c_void_p),
    ("back", c_void_p),
    ("score", c_void_p),
    ("n_actions", c_int),
    ("share", c_float),
    ("keep", c_float),
    ("current", c_float),
    ("tire", c_float),
    ("fade", c_float),
    ("is_reset", c_bool),
    ("ref_steps", c_int),
    ("seed", c_uint64),
    ("pre", c_void_p),
    ("post", c_void_p),
    ("synapse", c_void_p),
    ("w", c_void_p),
    ("e", c_void_p),
    ("start", c_void_p),
    ("target", c_void_p),
    ("lane", c_void_p),
    ("loops", c_void_p),
    ("limits", c_void_p),
]

hd_fan._fields_ = [
    ("at", c_size_t),
    ("n", c_int),
    ("target", c_void_p),
]

hd_rule_desc_factor = CFUNCTYPE(None, c_void_p, c_void_p)
hd_rule_desc_before = CFUNCTYPE(None, c_void_p, c_void_p)
hd_rule_desc_on_pre = CFUNCTYPE(None, c_void_p, c_void_p, c_int)
hd_rule_desc_on_post = CFUNCTYPE(None, c_void_p, c_void_p, c_int)
hd_rule_desc_after = CFUNCTYPE(None, c_void_p, c_void_p)
hd_rule_desc_on_decision = CFUNCTYPE(None, c_void_p, c_void_p)
hd_rule_desc_on_signal = CFUNCTYPE(None, c_void_p, c_void_p, c_float, c_float)
hd_rule_desc._fields_ = [
    ("size", c_size_t),
    ("name", c_char_p),
    ("doc", c_char_p),
    ("source", c_char_p),
    ("needs", c_uint),
    ("data", c_void_p),
    ("factor", hd_rule_desc_factor),
    ("param", POINTER(hd_param)),
    ("pre", POINTER(hd_field)),
    ("post", POINTER(hd_field)),
    ("synapse", POINTER(hd_field)),
    ("n_params", c_int),
    ("n_pre", c_int),
    ("n_post", c_int),
    ("n_synapse", c_int),
    ("before", hd_rule_desc_before),
    ("on_pre", hd_rule_desc_on_pre),
    ("on_post", hd_rule_desc_on_post),
    ("after", hd_rule_desc_after),
    ("on_decision", hd_rule_desc_on_decision),
    ("on_signal", hd_rule_desc_on_signal),
]

hd_coding_desc_lines = CFUNCTYPE(c_int, c_void_p, c_void_p, c_void_p)
hd_coding_desc_encode = CFUNCTYPE(None, c_void_p, c_void_p, c_void_p, c_void_p, c_void_p)
hd_coding_desc_spikes = CFUNCTYPE(None, c_void_p, c_void_p, c_int, c_void_p, c_int, c_void_p, c_void_p, c_void_p)
hd_coding_desc._fields_ = [
    ("size", c_size_t),
    ("name", c_char_p),
    ("doc", c_char_p),
    ("source", c_char_p),
    ("data", c_void_p),
    ("param", POINTER(hd_param)),
    ("n_params", c_int),
    ("lines", hd_coding_desc_lines),
    ("encode", hd_coding_desc_encode),
    ("spikes", hd_coding_desc_spikes),
]

hd_plugin_load = CFUNCTYPE(c_int, c_void_p)
hd_plugin._fields_ = [
    ("abi", c_int),
    ("version", c_char_p),
    ("load", hd_plugin_load),
]

hd_toml_value._fields_ = [
    ("key", c_char_p * 8),
    ("n_keys", c_int),
    ("item", c_int * 2),
    ("text", c_char_p),
    ("type", c_char_p),
    ("line", c_int),
]

hd_method._fields_ = [
    ("name", c_char_p),
    ("doc", c_char_p),
    ("source", c_char_p),
    ("settings", c_char_p),
    ("text", c_char_p),
]

hd_task_row._fields_ = [
    ("tasks", c_char_p),
    ("settings", c_char_p),
]

hd_listing._fields_ = [
    ("name", c_char_p),
    ("doc", c_char_p),
    ("source", c_char_p),
]

hd_option._fields_ = [
    ("key", c_char_p),
    ("type", c_char_p),
    ("value", c_char_p),
    ("fallback", c_char_p),
    ("allowed", c_char_p),
    ("unit", c_char_p),
    ("help", c_char_p),
    ("group", c_char_p),
    ("origin", c_char_p),
    ("readers", c_char_p),
    ("is_read", c_bool),
]

hd_population_def._fields_ = [
    ("name", c_char_p),
    ("neuron", c_char_p),
    ("n", c_int),
    ("params", c_char_p),
    ("bias", c_float),
]

hd_synapse._fields_ = [
    ("pre", c_int),
    ("post", c_int),
    ("weight", c_float),
]

hd_projection_def._fields_ = [
    ("source", c_char_p),
    ("target", c_char_p),
    ("name", c_char_p),
    ("connect", c_int),
    ("probability", c_double),
    ("synapse", POINTER(hd_synapse)),
    ("n_synapses", c_int64),
    ("delay", c_int),
    ("initial", c_int),
    ("a", c_float),
    ("b", c_float),
    ("rule", c_char_p),
    ("rule_params", c_char_p),
    ("rate", c_float),
    ("stp_use", c_float),
    ("stp_recovery_ms", c_float),
    ("stp_facilitation_ms", c_float),
]

hd_network_def._fields_ = [
    ("size", c_size_t),
    ("dt_ms", c_double),
    ("seed", c_uint64),
    ("rows", c_int),
    ("population", POINTER(hd_population_def)),
    ("n_populations", c_int),
    ("projection", POINTER(hd_projection_def)),
    ("n_projections", c_int),
]

hd_record_def._fields_ = [
    ("size", c_size_t),
    ("view", c_char_p),
    ("name", c_char_p),
    ("row", c_int),
    ("neuron", c_void_p),
    ("n_neurons", c_int),
    ("substeps", c_int64),
]

hd_spiking_value_def._fields_ = [
    ("size", c_size_t),
    ("dt_ms", c_double),
    ("tau_ms", c_double),
    ("tau_rise_ms", c_double),
    ("tau_reward_ms", c_double),
    ("gain", c_double),
    ("offset", c_double),
]

hd_spiking_value._fields_ = [
    ("read", hd_spiking_value_def),
    ("slow", c_double),
    ("fast", c_double),
    ("value", c_double),
    ("error", c_double),
]

hd_stats_layer._fields_ = [
    ("name", c_char_p),
    ("n", c_int),
    ("rate", c_double),
    ("silent", c_double),
    ("full", c_double),
]

hd_stats._fields_ = [
    ("seed", c_uint64),
    ("env_steps", c_int64),
    ("episodes", c_int64),
    ("updates", c_int64),
    ("recent", c_double),
    ("cpu_s", c_double),
    ("n_layers", c_int),
    ("layer", hd_stats_layer * 8),
]

hd_result._fields_ = [
    ("seed", c_uint64),
    ("done", c_bool),
    ("solved", c_bool),
    ("relapsed", c_bool),
    ("evaluating", c_bool),
    ("steps_to_threshold", c_int64),
    ("episodes_to_threshold", c_int64),
    ("env_steps", c_int64),
    ("episodes", c_int64),
    ("final_return", c_double),
    ("best_return", c_double),
    ("train_return", c_double),
    ("cpu_s", c_double),
    ("eval_cpu_s", c_double),
    ("wall_s", c_double),
    ("hash", c_uint64),
]

hd_study_def._fields_ = [
    ("size", c_size_t),
    ("config", c_void_p),
    ("seed", c_uint64),
    ("n_seeds", c_int),
    ("n_threads", c_int),
    ("dir", c_char_p),
    ("teacher", c_void_p),
    ("evaluated", hd_evaluated_fn),
    ("user", c_void_p),
]

hd_summary._fields_ = [
    ("n", c_int),
    ("n_done", c_int),
    ("n_solved", c_int),
    ("finished", c_bool),
    ("solved_fraction", c_double),
    ("solved_low", c_double),
    ("solved_high", c_double),
    ("return_mean", c_double),
    ("return_iqm", c_double),
    ("iqm_low", c_double),
    ("iqm_high", c_double),
    ("steps_median", c_double),
    ("episodes_mean", c_double),
    ("cpu_median", c_double),
    ("env_steps", c_int64),
    ("env_steps_per_s", c_double),
]

hd_scores._fields_ = [
    ("value", c_void_p),
    ("n", c_int),
]

hd_estimate._fields_ = [
    ("value", c_double),
    ("low", c_double),
    ("high", c_double),
]

# By name: every struct, whose size the library tells as well.
STRUCTS: Final[dict[str, type[Structure]]] = {
    "hd_dim": hd_dim,
    "hd_param": hd_param,
    "hd_field": hd_field,
    "hd_ctx_def": hd_ctx_def,
    "hd_view": hd_view,
    "hd_transition": hd_transition,
    "hd_env_option": hd_env_option,
    "hd_env_value": hd_env_value,
    "hd_env_desc": hd_env_desc,
    "hd_foreign_batch": hd_foreign_batch,
    "hd_foreign": hd_foreign,
    "hd_neuron_io": hd_neuron_io,
    "hd_neuron_desc": hd_neuron_desc,
    "hd_rule_io": hd_rule_io,
    "hd_synapses": hd_synapses,
    "hd_fan": hd_fan,
    "hd_rule_desc": hd_rule_desc,
    "hd_coding_desc": hd_coding_desc,
    "hd_plugin": hd_plugin,
    "hd_toml_value": hd_toml_value,
    "hd_method": hd_method,
    "hd_task_row": hd_task_row,
    "hd_listing": hd_listing,
    "hd_option": hd_option,
    "hd_population_def": hd_population_def,
    "hd_synapse": hd_synapse,
    "hd_projection_def": hd_projection_def,
    "hd_network_def": hd_network_def,
    "hd_record_def": hd_record_def,
    "hd_spiking_value_def": hd_spiking_value_def,
    "hd_spiking_value": hd_spiking_value,
    "hd_stats": hd_stats,
    "hd_result": hd_result,
    "hd_study_def": hd_study_def,
    "hd_summary": hd_summary,
    "hd_scores": hd_scores,
    "hd_estimate": hd_estimate,
}

# Result and arguments of every function.
PROTOTYPES: Final[dict[str, tuple[Any, tuple[Any, ...]]]] = {
    "hd_status_text": (c_char_p, (c_int,)),
    "hd_nearest_name": (c_char_p, (c_char_p, hd_name_fn, c_void_p, c_int,)),
    "hd_ctx_def_default": (hd_ctx_def, ()),
    "hd_ctx_create": (c_int, (c_void_p, c_void_p,)),
    "hd_ctx_destroy": (None, (c_void_p,)),
    "hd_ctx_error": (c_char_p, (c_void_p,)),
    "hd_ctx_isa": (c_char_p, (c_void_p,)),
    "hd_random_uniform": (c_double, (c_void_p,)),
    "hd_random_below": (c_uint32, (c_void_p, c_uint32,)),
    "hd_random_normal": (c_double, (c_void_p,)),
    "hd_env_register": (c_int, (c_void_p, c_void_p,)),
    "hd_env_count": (c_int, (c_void_p,)),
    "hd_env_at": (POINTER(hd_env_desc), (c_void_p, c_int,)),
    "hd_env_find": (c_int, (c_void_p, c_char_p, c_void_p,)),
    "hd_envs_create": (c_int, (c_void_p, c_void_p, c_int, c_uint64, c_int, c_void_p,)),
    "hd_envs_destroy": (None, (c_void_p,)),
    "hd_envs_reset": (None, (c_void_p, c_void_p,)),
    "hd_envs_step": (None, (c_void_p, c_void_p, c_void_p, c_void_p, c_void_p, c_void_p,)),
    "hd_envs_reset_done": (None, (c_void_p, c_void_p,)),
    "hd_envs_reset_some": (None, (c_void_p, c_void_p, c_void_p, c_void_p,)),
    "hd_envs_check_actions": (c_int, (c_void_p, c_void_p,)),
    "hd_envs_advance": (c_int, (c_void_p, c_void_p, c_void_p, c_void_p, c_void_p, c_void_p,)),
    "hd_envs_state": (c_void_p, (c_void_p, c_int,)),
    "hd_neuron_register": (c_int, (c_void_p, c_void_p,)),
    "hd_rule_register": (c_int, (c_void_p, c_void_p,)),
    "hd_rule_count": (c_int, (c_void_p,)),
    "hd_rule_at": (POINTER(hd_rule_desc), (c_void_p, c_int,)),
    "hd_rule_find": (c_int, (c_void_p, c_char_p, c_void_p,)),
    "hd_coding_register": (c_int, (c_void_p, c_void_p,)),
    "hd_plugin_load": (c_int, (c_void_p, c_char_p,)),
    "hd_toml_read": (c_int, (c_void_p, c_char_p, hd_toml_fn, c_void_p,)),
    "hd_method_count": (c_int, ()),
    "hd_method_at": (POINTER(hd_method), (c_int,)),
    "hd_method_task_at": (POINTER(hd_task_row), (c_int, c_int,)),
    "hd_method_row": (POINTER(hd_task_row), (c_void_p, c_int,)),
    "hd_option_meant": (c_char_p, (c_char_p,)),
    "hd_method_find": (c_int, (c_void_p, c_char_p, c_void_p,)),
    "hd_neuron_count": (c_int, (c_void_p,)),
    "hd_neuron_at": (hd_listing, (c_void_p, c_int,)),
    "hd_coding_count": (c_int, (c_void_p,)),
    "hd_coding_at": (hd_listing, (c_void_p, c_int,)),
    "hd_search_count": (c_int, ()),
    "hd_search_at": (hd_listing, (c_int,)),
    "hd_dynamic_count": (c_int, ()),
    "hd_dynamic_at": (hd_listing, (c_int,)),
    "hd_method_default": (c_int, (c_void_p, c_char_p, c_void_p, c_void_p,)),
    "hd_config_create": (c_int, (c_void_p, c_char_p, c_char_p, c_void_p,)),
    "hd_config_destroy": (None, (c_void_p,)),
    "hd_config_set": (c_int, (c_void_p, c_char_p, c_char_p,)),
    "hd_config_count": (c_int, (c_void_p,)),
    "hd_config_at": (hd_option, (c_void_p, c_int,)),
    "hd_config_get": (c_char_p, (c_void_p, c_char_p,)),
    "hd_config_task": (c_char_p, (c_void_p,)),
    "hd_config_method": (c_char_p, (c_void_p,)),
    "hd_config_threshold": (c_double, (c_void_p,)),
    "hd_config_load": (c_int, (c_void_p, c_char_p,)),
    "hd_config_read": (c_int, (c_void_p, c_char_p, c_void_p,)),
    "hd_config_run": (c_bool, (c_void_p, c_void_p, c_void_p,)),
    "hd_config_write": (c_int, (c_void_p, c_char_p,)),
    "hd_config_check": (c_int, (c_void_p,)),
    "hd_config_memory": (c_int, (c_void_p, c_void_p,)),
    "hd_config_each": (None, (c_void_p, hd_option_fn, c_void_p,)),
    "hd_network_def_default": (hd_network_def, ()),
    "hd_network_create": (c_int, (c_void_p, c_void_p, c_void_p,)),
    "hd_network_destroy": (None, (c_void_p,)),
    "hd_network_step": (c_int, (c_void_p, c_int64,)),
    "hd_network_signal": (c_int, (c_void_p, c_void_p,)),
    "hd_network_substeps": (c_int64, (c_void_p,)),
    "hd_network_reset": (None, (c_void_p,)),
    "hd_network_reset_row": (c_int, (c_void_p, c_int,)),
    "hd_network_state_size": (c_size_t, (c_void_p,)),
    "hd_network_save_row": (c_int, (c_void_p, c_int, c_void_p,)),
    "hd_network_restore_row": (c_int, (c_void_p, c_int, c_void_p,)),
    "hd_network_view_count": (c_int, (c_void_p,)),
    "hd_network_view_at": (hd_view, (c_void_p, c_int,)),
    "hd_network_view": (c_int, (c_void_p, c_char_p, c_void_p,)),
    "hd_network_read": (c_int, (c_void_p, c_char_p, c_void_p, c_int64,)),
    "hd_network_write": (c_int, (c_void_p, c_char_p, c_void_p, c_int64,)),
    "hd_record_def_default": (hd_record_def, ()),
    "hd_network_record": (c_int, (c_void_p, c_void_p,)),
    "hd_spiking_value_def_default": (hd_spiking_value_def, ()),
    "hd_spiking_value_begin": (c_int, (c_void_p, c_void_p, c_void_p,)),
    "hd_spiking_value_step": (None, (c_void_p, c_void_p, c_int, c_double,)),
    "hd_session_create": (c_int, (c_void_p, c_void_p, c_uint64, c_void_p,)),
    "hd_session_destroy": (None, (c_void_p,)),
    "hd_session_train": (c_int, (c_void_p, c_int64,)),
    "hd_session_evaluate": (c_int, (c_void_p, c_int, c_uint64, c_void_p, c_void_p,)),
    "hd_session_evaluate_from": (c_int, (c_void_p, c_int, c_int, c_uint64, c_void_p,)),
    "hd_session_decide": (c_int, (c_void_p, c_int, c_void_p, c_uint64, c_void_p,)),
    "hd_session_value": (c_int, (c_void_p, c_int, c_void_p, c_void_p,)),
    "hd_session_sample": (c_int, (c_void_p, c_int, c_void_p, c_uint64, c_uint64, c_void_p,)),
    "hd_session_state_size": (c_size_t, (c_void_p,)),
    "hd_session_act": (c_int, (c_void_p, c_int, c_void_p, c_bool, c_uint64, c_void_p, c_void_p, c_void_p,)),
    "hd_session_set": (c_int, (c_void_p, c_char_p, c_char_p,)),
    "hd_session_stats": (None, (c_void_p, c_void_p,)),
    "hd_session_returns": (c_int, (c_void_p, c_void_p, c_int,)),
    "hd_session_hash": (c_uint64, (c_void_p,)),
    "hd_session_view_count": (c_int, (c_void_p,)),
    "hd_session_view_at": (hd_view, (c_void_p, c_int,)),
    "hd_session_network": (c_int, (c_void_p, c_int, c_void_p,)),
    "hd_session_config": (c_void_p, (c_void_p,)),
    "hd_session_adopt": (c_int, (c_void_p, c_void_p,)),
    "hd_session_save": (c_int, (c_void_p, c_char_p,)),
    "hd_session_load": (c_int, (c_void_p, c_char_p, c_void_p,)),
    "hd_study_def_default": (hd_study_def, ()),
    "hd_study_create": (c_int, (c_void_p, c_void_p, c_void_p,)),
    "hd_study_destroy": (None, (c_void_p,)),
    "hd_study_resume": (c_int, (c_void_p, c_char_p, c_int, c_void_p,)),
    "hd_study_extend": (c_int, (c_void_p, c_char_p, c_void_p, c_int64,)),
    "hd_study_run": (c_int, (c_void_p, hd_study_fn, c_void_p,)),
    "hd_study_save": (c_int, (c_void_p, c_char_p,)),
    "hd_study_count": (c_int, (c_void_p,)),
    "hd_study_result": (hd_result, (c_void_p, c_int,)),
    "hd_study_stats": (hd_stats, (c_void_p, c_int,)),
    "hd_study_config": (c_void_p, (c_void_p,)),
    "hd_study_summary": (hd_summary, (c_void_p,)),
    "hd_results_summary": (c_int, (c_void_p, c_void_p, c_int, c_uint64, c_void_p,)),
    "hd_scores_aggregate": (c_int, (c_void_p, c_int, c_double, c_void_p, c_int, c_uint64, c_void_p,)),
    "hd_scores_profile": (c_int, (c_void_p, c_void_p, c_int, c_void_p, c_int, c_uint64, c_void_p,)),
    "hd_scores_improvement": (c_int, (c_void_p, c_void_p, c_void_p, c_int, c_uint64, c_void_p,)),
    "hd_share_estimate": (hd_estimate, (c_int, c_int,)),
    "hd_limit_multiply_add": (c_double, (c_void_p, c_int, c_int64, c_void_p,)),
    "hd_limit_read": (c_float, (c_void_p, c_int64, c_void_p,)),
    "hd_limit_update": (None, (c_void_p, c_int64, c_void_p,)),
    "hd_struct_size": (c_size_t, (c_char_p,)),
    "hd_version": (c_char_p, ()),
}


class Functions:
    """The functions of a loaded library."""

    hd_status_text: Callable[[int], bytes | None]
    hd_nearest_name: Callable[[bytes | None, Any, Any, int], bytes | None]
    hd_ctx_def_default: Callable[[], hd_ctx_def]
    hd_ctx_create: Callable[[Any, Any], int]
    hd_ctx_destroy: Callable[[Any], None]
    hd_ctx_error: Callable[[Any], bytes | None]
    hd_ctx_isa: Callable[[Any], bytes | None]
    hd_random_uniform: Callable[[Any], float]
    hd_random_below: Callable[[Any, int], int]
    hd_random_normal: Callable[[Any], float]
    hd_env_register: Callable[[Any, Any], int]
    hd_env_count: Callable[[Any], int]
    hd_env_at: Callable[[Any, int], Any]
    hd_env_find: Callable[[Any, bytes | None, Any], int]
    hd_envs_create: Callable[[Any, Any, int, int, int, Any], int]
    hd_envs_destroy: Callable[[Any], None]
    hd_envs_reset: Callable[[Any, Any], None]
    hd_envs_step: Callable[[Any, Any, Any, Any, Any, Any], None]
    hd_envs_reset_done: Callable[[Any, Any], None]
    hd_envs_reset_some: Callable[[Any, Any, Any, Any], None]
    hd_envs_check_actions: Callable[[Any, Any], int]
    hd_envs_advance: Callable[[Any, Any, Any, Any, Any, Any], int]
    hd_envs_state: Callable[[Any, int], Any]
    hd_neuron_register: Callable[[Any, Any], int]
    hd_rule_register: Callable[[Any, Any], int]
    hd_rule_count: Callable[[Any], int]
    hd_rule_at: Callable[[Any, int], Any]
    hd_rule_find: Callable[[Any, bytes | None, Any], int]
    hd_coding_register: Callable[[Any, Any], int]
    hd_plugin_load: Callable[[Any, bytes | None], int]
    hd_toml_read: Callable[[Any, bytes | None, Any, Any], int]
    hd_method_count: Callable[[], int]
    hd_method_at: Callable[[int], Any]
    hd_method_task_at: Callable[[int, int], Any]
    hd_method_row: Callable[[Any, int], Any]
    hd_option_meant: Callable[[bytes | None], bytes | None]
    hd_method_find: Callable[[Any, bytes | None, Any], int]
    hd_neuron_count: Callable[[Any], int]
    hd_neuron_at: Callable[[Any, int], hd_listing]
    hd_coding_count: Callable[[Any], int]
    hd_coding_at: Callable[[Any, int], hd_listing]
    hd_search_count: Callable[[], int]
    hd_search_at: Callable[[int], hd_listing]
    hd_dynamic_count: Callable[[], int]
    hd_dynamic_at: Callable[[int], hd_listing]
    hd_method_default: Callable[[Any, bytes | None, Any, Any], int]
    hd_config_create: Callable[[Any, bytes | None, bytes | None, Any], int]
    hd_config_destroy: Callable[[Any], None]
    hd_config_set: Callable[[Any, bytes | None, bytes | None], int]
    hd_config_count: Callable[[Any], int]
    hd_config_at: Callable[[Any, int], hd_option]
    hd_config_get: Callable[[Any, bytes | None], bytes | None]
    hd_config_task: Callable[[Any], bytes | None]
    hd_config_method: Callable[[Any], bytes | None]
    hd_config_threshold: Callable[[Any], float]
    hd_config_load: Callable[[Any, bytes | None], int]
    hd_config_read: Callable[[Any, bytes | None, Any], int]
    hd_config_run: Callable[[Any, Any, Any], bool]
    hd_config_write: Callable[[Any, bytes | None], int]
    hd_config_check: Callable[[Any], int]
    hd_config_memory: Callable[[Any, Any], int]
    hd_config_each: Callable[[Any, Any, Any], None]
    hd_network_def_default: Callable[[], hd_network_def]
    hd_network_create: Callable[[Any, Any, Any], int]
    hd_network_destroy: Callable[[Any], None]
    hd_network_step: Callable[[Any, int], int]
    hd_network_signal: Callable[[Any, Any], int]
    hd_network_substeps: Callable[[Any], int]
    hd_network_reset: Callable[[Any], None]
    hd_network_reset_row: Callable[[Any, int], int]
    hd_network_state_size: Callable[[Any], int]
    hd_network_save_row: Callable[[Any, int, Any], int]
    hd_network_restore_row: Callable[[Any, int, Any], int]
    hd_network_view_count: Callable[[Any], int]
    hd_network_view_at: Callable[[Any, int], hd_view]
    hd_network_view: Callable[[Any, bytes | None, Any], int]
    hd_network_read: Callable[[Any, bytes | None, Any, int], int]
    hd_network_write: Callable[[Any, bytes | None, Any, int], int]
    hd_record_def_default: Callable[[], hd_record_def]
    hd_network_record: Callable[[Any, Any], int]
    hd_spiking_value_def_default: Callable[[], hd_spiking_value_def]
    hd_spiking_value_begin: Callable[[Any, Any, Any], int]
    hd_spiking_value_step: Callable[[Any, Any, int, float], None]
    hd_session_create: Callable[[Any, Any, int, Any], int]
    hd_session_destroy: Callable[[Any], None]
    hd_session_train: Callable[[Any, int], int]
    hd_session_evaluate: Callable[[Any, int, int, Any, Any], int]
    hd_session_evaluate_from: Callable[[Any, int, int, int, Any], int]
    hd_session_decide: Callable[[Any, int, Any, int, Any], int]
    hd_session_value: Callable[[Any, int, Any, Any], int]
    hd_session_sample: Callable[[Any, int, Any, int, int, Any], int]
    hd_session_state_size: Callable[[Any], int]
    hd_session_act: Callable[[Any, int, Any, bool, int, Any, Any, Any], int]
    hd_session_set: Callable[[Any, bytes | None, bytes | None], int]
    hd_session_stats: Callable[[Any, Any], None]
    hd_session_returns: Callable[[Any, Any, int], int]
    hd_session_hash: Callable[[Any], int]
    hd_session_view_count: Callable[[Any], int]
    hd_session_view_at: Callable[[Any, int], hd_view]
    hd_session_network: Callable[[Any, int, Any], int]
    hd_session_config: Callable[[Any], Any]
    hd_session_adopt: Callable[[Any, Any], int]
    hd_session_save: Callable[[Any, bytes | None], int]
    hd_session_load: Callable[[Any, bytes | None, Any], int]
    hd_study_def_default: Callable[[], hd_study_def]
    hd_study_create: Callable[[Any, Any, Any], int]
    hd_study_destroy: Callable[[Any], None]
    hd_study_resume: Callable[[Any, bytes | None, int, Any], int]
    hd_study_extend: Callable[[Any, bytes | None, Any, int], int]
    hd_study_run: Callable[[Any, Any, Any], int]
    hd_study_save: Callable[[Any, bytes | None], int]
    hd_study_count: Callable[[Any], int]
    hd_study_result: Callable[[Any, int], hd_result]
    hd_study_stats: Callable[[Any, int], hd_stats]
    hd_study_config: Callable[[Any], Any]
    hd_study_summary: Callable[[Any], hd_summary]
    hd_results_summary: Callable[[Any, Any, int, int, Any], int]
    hd_scores_aggregate: Callable[[Any, int, float, Any, int, int, Any], int]
    hd_scores_profile: Callable[[Any, Any, int, Any, int, int, Any], int]
    hd_scores_improvement: Callable[[Any, Any, Any, int, int, Any], int]
    hd_share_estimate: Callable[[int, int], hd_estimate]
    hd_limit_multiply_add: Callable[[Any, int, int, Any], float]
    hd_limit_read: Callable[[Any, int, Any], float]
    hd_limit_update: Callable[[Any, int, Any], None]
    hd_struct_size: Callable[[bytes | None], int]
    hd_version: Callable[[], bytes | None]

    def __init__(self, library: CDLL) -> None:
        for name, (result, arguments) in PROTOTYPES.items():
            function = getattr(library, name)
            function.restype = result
            function.argtypes = arguments
            setattr(self, name, function)
