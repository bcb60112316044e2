// One neuron over the last decisions: its potential, or how probable its spikes were, and its spikes.
import { activity_at } from "./activity.js";
import { ink, ink_series } from "./ink.js";
import { scale_make, scale_tick, scale_ticks } from "./scale.js";
import { surface_dot, surface_line, surface_text } from "./surface.js";

const neuron_edge = { left: 44, right: 12, top: 12, bottom: 10 };

// What there is to draw of it: [quantity, words].
export function neuron_quantity(activity, chosen) {
  const data = activity.last()?.populations[chosen.population];
  return !data ? null
    : data.v ? ["v", "membrane potential after each substep; dots are its spikes"]
    : data.p ? ["p", "probability of a spike in each substep; dots are its spikes"]
    : data.value ? ["value", "value of this input"] : null;
}

function neuron_range(points, quantity) {
  const values = points.map((p) => p[1]);
  return quantity === "p" ? [0, 1] : [Math.min(0, ...values), Math.max(1e-3, ...values)];
}

// From which potential on it fires in a substep, or null: base, and more where spikes of the past raise it.
export function neuron_threshold(population, data, t, j) {
  const { threshold, n } = population, at = t * n + j;
  if (!threshold || !data.v) {
    return null;
  }
  return threshold.base + (data.a ? threshold.adapt * (data.a[at] - Number(data.spike[at])) / threshold.rho : 0);
}

export function neuron_draw(g, width, height, activity, chosen) {
  const found = neuron_quantity(activity, chosen);
  if (found === null) {
    return;
  }
  const inner = width - neuron_edge.left - neuron_edge.right, population = activity.facts.populations[chosen.population];
  const { shown, n, step, T } = activity.window(inner), points = [], spikes = [], limits = [];
  shown.forEach((decision, d) => {
    const data = decision.populations[chosen.population];
    for (let t = 0; t < T; t++) {
      const x = neuron_edge.left + ((n - shown.length + d) * T + t + 0.5) * step;
      points.push([x, activity_at(data, found[0], population.n, t, chosen.neuron)]);
      const limit = neuron_threshold(population, data, t, chosen.neuron);
      if (limit !== null) {
        limits.push([x, limit]);
      }
      if (data.spike && data.spike[t * population.n + chosen.neuron] === "1") {
        spikes.push(x);
      }
    }
  });
  const [low, high] = neuron_range(points.concat(limits), found[0]);
  const y = scale_make(low, high, height - neuron_edge.bottom, neuron_edge.top + 10);
  for (const tick of scale_ticks(y, 3)) {
    surface_line(g, [[neuron_edge.left, y.at(tick)], [width - neuron_edge.right, y.at(tick)]], ink.line, 1);
    surface_text(g, scale_tick(y, tick), neuron_edge.left - 8, y.at(tick), ink.faint, "right", "middle");
  }
  if (limits.length > 0) {
    surface_line(g, limits.map((p) => [p[0], y.at(p[1])]), ink.bad, 1.25, [5, 4]);
    surface_text(g, "threshold", width - neuron_edge.right, y.at(limits[limits.length - 1][1]) - 5, ink.bad, "right");
  }
  surface_line(g, points.map((p) => [p[0], y.at(p[1])]), ink_series(chosen.population), 1.5);
  spikes.forEach((x) => surface_dot(g, x, neuron_edge.top, 2, ink.warm));
}
