"""hedon.Network: populations of spiking neurons joined by projections, stepped substep by substep."""
from __future__ import annotations

import ctypes
import time
import warnings
from ctypes import byref, c_float, c_int
from typing import TYPE_CHECKING, Any, Final

from . import _api
from ._config import integer, real, whole
from ._context import Context, Handle, encoded, text
from ._draws import LANES, spike_draws
from ._errors import UnknownName, UsageError, Warned
from ._export import neuron_params, session_module, torch_module
from ._host import raise_failure
from ._interrupt import Heard
from ._library import lib
from ._numpy import floats_of, numpy, short
from ._population import (Population, Projection, encoded_or_none, is_matrix, population_def,
                          projection_def)
from ._rule import Rule
from ._view import View, Views

if TYPE_CHECKING:
    from collections.abc import Sequence

SUBSTEPS: Final = 2**63 - 1  # the most that can be counted
SLICE_S: Final = 0.05  # what a part of a long call of step may take, between which Ctrl-C is heard


class _Shown:
    """Views and recordings of a network."""

    _context: Context
    _at: int

    def _start(self) -> None:
        self._recordings: set[str] = set()

    @property
    def substeps(self) -> int:
        """Substeps taken since the network was made or reset."""
        return lib.hd_network_substeps(self._at)

    @property
    def views(self) -> Views:
        """Every array by name: network.views["hidden.v"], or network["hidden.v"] for the array."""
        return Views(self, self._view_names, self._view)

    def _view_names(self) -> list[str]:
        with self._context:
            return [text(lib.hd_network_view_at(self._at, i).name)
                    for i in range(lib.hd_network_view_count(self._at))]

    def _view(self, name: str) -> View:
        view = _api.hd_view()
        with self._context as context:
            context.check(lib.hd_network_view(self._at, encoded(name), byref(view)))
        return View(self, view)

    def __getitem__(self, name: str) -> Any:
        """An array by name, of NumPy and without a copy where it is installed; a recording is copied,
        since it moves with the next substep."""
        if name in self._recordings:
            return self.read(name)
        view = self._view(name)
        return view if numpy() is None else view.array()

    def read(self, name: str) -> Any:
        """A copy of an array: of NumPy where it is installed, else nested lists."""
        view = self._view(name)
        module = numpy()
        return view.tolist() if module is None else module.array(view)

    def arrays(self) -> dict[str, Any]:
        """Copies of all arrays by name, recordings as well, for numpy.savez."""
        return {name: self.read(name) for name in self._view_names()}

    def record(self, view: str, *, name: str | None = None, row: int = 0,
               neurons: Sequence[int] | None = None, substeps: int = 1000) -> str:
        """Record chosen neurons (None: all) of a view [rows][n], such as "hidden.v", or chosen synapses of
        one [rows][n_pre][n_post] that a rule keeps, counted source by source, after every substep from
        now on; the last `substeps` are kept. Returns the name of the recording, which network[name] then
        copies out: [substeps][n], the oldest first."""
        d = lib.hd_record_def_default()
        d.view, d.name, d.row = encoded(view), encoded_or_none(name), integer(row, "row")
        d.substeps = whole(substeps, "substeps", 1, SUBSTEPS)
        if neurons is not None:
            chosen = (c_int * len(neurons))(*(integer(n, "a neuron") for n in neurons))
            d.neuron, d.n_neurons = ctypes.addressof(chosen), len(neurons)
        with self._context as context:
            context.check(lib.hd_network_record(self._at, byref(d)))
        made = name if name is not None else view + ".record"
        self._recordings.add(made)
        return made

    def __repr__(self) -> str:
        return (f"<hedon.{type(self).__name__} after {self.substeps} substeps, views: "
                f"{', '.join(self._view_names())}>")


class SessionNetwork(_Shown):
    """The network of a session, to look into while the session is trained; its views cannot be
    written to, and only the session advances it."""

    def __init__(self, session: object, context: Context, at: int) -> None:
        self._session = session  # which the network belongs to, a hedon.Session
        self._context, self._at = context, at
        self._start()


    def to_torch(self, exact: bool = False) -> Any:
        """A torch.nn.Module of the populations that are shown, with copies of the weights as they are; as
        hedon.Network.to_torch. Readouts that are not neurons are no part of it.

        Errors: ConflictError (a neuron model without such a module, constants that are learned)."""
        return session_module(self._session, self, exact)


class Network(_Shown):
    """Populations joined by projections, with or without an environment.

    dt_ms  length of a substep in ms
    rows   copies side by side, which share the weights and never meet

        network = hedon.Network(
            [hedon.Population("in", 4, "input"), hedon.Population("out", 2, "lif", tau_m=20)],
            [hedon.Projection("in", "out", weight=hedon.Uniform(0, 1))])
        network["in.value"][:] = 1
        network.step(10)
        network["out.spike"]

    Errors: hedon.Error with one sentence that names the population or projection.
    """

    def __init__(self, populations: Sequence[Population], projections: Sequence[Projection] = (), *,
                 dt_ms: float = 1.0, seed: int = 0, rows: int = 1) -> None:
        d = lib.hd_network_def_default()
        population = (_api.hd_population_def * len(populations))(*map(population_def, populations))
        self._context = Context()
        projection = (_api.hd_projection_def * len(projections))(
            *(projection_def(p, self._context) for p in projections))
        d.dt_ms, d.seed, d.rows = real(dt_ms, "dt_ms"), whole(seed, "seed", 0, 2**64 - 1), integer(rows, "rows")
        d.population = ctypes.cast(population, ctypes.POINTER(_api.hd_population_def))
        d.n_populations = len(populations)
        d.projection = ctypes.cast(projection, ctypes.POINTER(_api.hd_projection_def))
        d.n_projections = len(projections)
        self._handle = Handle(self._context, lib.hd_network_destroy)
        self._handle.make(lib.hd_network_create, byref(d))
        self._at = self._handle._as_parameter_
        self.rows, self.seed, self.dt_ms = rows, seed, dt_ms
        self.populations, self.projections = tuple(populations), tuple(projections)
        self._advance = lib.hd_network_step
        self._part = 1  # substeps that take a moment, as it has turned out
        self._has_own = any(isinstance(p.rule, Rule) for p in projections)
        self._moves = any(p.rule is not None and (p.rate != 0 or hasattr(p.rule, "on_signal")) for p in projections)
        self._start()
        for p in self.projections:
            if is_matrix(p.weight) and not p.synapses:
                self._write_matrix(p.name or f"{p.source}->{p.target}", p.weight)

    def _write_matrix(self, projection: str, weight: Any) -> None:
        n, m = self._view(projection + ".weight").shape
        if [getattr(row, "__len__", int)() for row in weight] != [m] * n:
            raise UsageError(f"projection '{projection}': weight = {short(weight)}; allowed: a matrix of {n} rows, one "
                             f"for each source, of {m} numbers")
        self.write(projection + ".weight", weight)

    def step(self, substeps: int = 1) -> None:
        """Advance all rows. Before the first substep every array that was asked for and may be
        written to must hold finite numbers: else NumericError, and nothing is stepped. A long call is
        made of parts of a moment each, before each of which Ctrl-C is heard and numbers are looked at."""
        left = whole(substeps, "substeps", 0, SUBSTEPS)
        step = self._step_own if self._has_own else self._step_part
        while left > self._part:
            began = time.monotonic()
            step(self._part)
            left -= self._part
            self._part *= 2 if time.monotonic() - began < SLICE_S else 1
        step(left)

    def _step_part(self, substeps: int) -> None:
        with self._context as context:
            status = self._advance(self._at, substeps)
            if context.failures:
                raise_failure(context)
            if status:
                context.check(status)

    def _step_own(self, substeps: int) -> None:
        """Rules of Python hear Ctrl-C by themselves."""
        with Heard():
            self._step_part(substeps)

    def write(self, name: str, values: Any) -> None:
        """Copy numbers into a view, as many as it has: a list or an array of any dtype."""
        numbers = floats_of(values)
        with self._context as context:
            context.check(lib.hd_network_write(self._at, encoded(name), numbers, len(numbers)))

    def signal(self, value: Any) -> None:
        """The global signal came, a number or one for each row: weights of projections with a rule
        move by rate x signal x eligibility, or as the rule says. A warning tells where nothing can move."""
        if not self._moves:
            warnings.warn("a signal moves no weight here: no projection has a rule and a rate other than 0", Warned,
                          stacklevel=2)
        numbers = floats_of(value)
        if len(numbers) == 1:
            numbers = (c_float * self.rows)(*([numbers[0]] * self.rows))
        if len(numbers) != self.rows:
            more = f", or {self.rows}, one for each row" if self.rows > 1 else ", since the network has one row"
            raise UsageError(f"a signal of {len(numbers)} numbers; allowed: 1{more}")
        with self._context as context:
            status = lib.hd_network_signal(self._at, numbers)
            raise_failure(context)
            context.check(status)

    def draws(self, population: str, substep: int) -> Any:
        """The numbers between 0 and 1, an array [rows][n], by which neurons of a population draw their
        spikes at a substep: a neuron fires if its number lies below its probability. Needs NumPy."""
        first, n = 0, 0
        for p in self.populations:
            n = p.n
            if p.name == population:
                break
            first += -(-n // LANES) * LANES
        else:
            raise UnknownName(f"the network has no population '{population}'")
        module, substep = numpy(), whole(substep, "substep", 0, SUBSTEPS)
        return module.stack([spike_draws(self.seed, row, substep, first, n) for row in range(self.rows)])

    def to_torch(self, exact: bool = False) -> Any:
        """A torch.nn.Module with the same forward from rest, with copies of the weights, biases and
        currents as they are: module(x)["out"] are the spikes of a population. See hedon/_torch.py for
        what it takes; `exact` adds up in the library's order, slowly. Needs PyTorch and NumPy.

        Errors: ConflictError (a neuron model without such a module)."""
        return torch_module(self.populations, [self._joined(p) for p in self.projections], self, self.dt_ms,
                            neuron_params, exact)

    def _joined(self, p: Projection) -> tuple[str, str, str, int, Any, Any]:
        """Name, source, target, delay, dense weights, and where there are synapses."""
        name = p.name or f"{p.source}->{p.target}"
        weight, module = self.read(name + ".weight"), numpy()
        if weight.ndim == 2:
            return name, p.source, p.target, p.delay, weight, None
        sizes = {q.name: q.n for q in self.populations}
        dense = module.zeros((sizes[p.source], sizes[p.target]), module.float32)
        mask = module.zeros_like(dense)
        at = (self.read(name + ".pre"), self.read(name + ".post"))
        dense[at], mask[at] = weight, 1
        return name, p.source, p.target, p.delay, dense, mask

    def reset(self, row: int | None = None) -> None:
        """Neurons at rest, nothing on its way, no eligibility; of all rows, or of one while the
        others go on. Weights, values and currents stay."""
        with self._context as context:
            if row is None:
                lib.hd_network_reset(self._at)
            else:
                context.check(lib.hd_network_reset_row(self._at, integer(row, "row")))

    def save_row(self, row: int = 0) -> Any:
        """The state of one row, for restore_row: not weights, values or currents."""
        state = (c_float * lib.hd_network_state_size(self._at))()
        with self._context as context:
            context.check(lib.hd_network_save_row(self._at, integer(row, "row"), state))
        module = numpy()
        return list(state) if module is None else module.array(state)

    def restore_row(self, state: Any, row: int = 0) -> None:
        """Take up what save_row gave, in this or any row of a network of the same definition."""
        numbers = floats_of(state)
        if len(numbers) != lib.hd_network_state_size(self._at):
            raise UsageError(f"a state of {len(numbers)} numbers; a row of this network has "
                             f"{lib.hd_network_state_size(self._at)}")
        with self._context as context:
            context.check(lib.hd_network_restore_row(self._at, integer(row, "row"), numbers))
