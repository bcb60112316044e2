// A projection as a table of coloured cells, sources down, targets across.
import { ink, ink_signed } from "./ink.js";
import { scale_short } from "./scale.js";
import { surface_text } from "./surface.js";

const matrix_edge = { left: 12, right: 8, top: 8, bottom: 46 }, matrix_numbered = 24; // targets that are numbered at most

function matrix_place(g, projection, width, height, names) {
  const left = matrix_edge.left + Math.max(0, ...(names ?? []).map((name) => g.measureText(name).width));
  const cell_w = Math.min(72, (width - left - matrix_edge.right) / projection.post);
  const cell_h = Math.min(40, (height - matrix_edge.top - matrix_edge.bottom) / projection.pre);
  return { left, cell_w, cell_h };
}

// Names of the sources, where inputs are the components of an observation.
export function matrix_names(facts, projection) {
  const is_observed = projection.source === 0 && projection.pre === facts.obs.length;
  return is_observed ? facts.obs.map((dim) => dim.name) : null;
}

export function matrix_draw(g, width, height, facts, projection, values) {
  const names = matrix_names(facts, projection);
  const { left, cell_w, cell_h } = matrix_place(g, projection, width, height, names);
  const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-9);
  const gap = Math.min(cell_w, cell_h) > 5 ? 1 : 0;
  for (let i = 0; i < projection.pre; i++) {
    for (let j = 0; j < projection.post; j++) {
      g.fillStyle = ink_signed(values[i * projection.post + j] / largest);
      g.fillRect(left + j * cell_w, matrix_edge.top + i * cell_h, cell_w - gap, cell_h - gap);
    }
    if (names !== null) {
      surface_text(g, names[i], left - 8, matrix_edge.top + (i + 0.5) * cell_h, ink.faint, "right", "middle");
    }
  }
  const below = matrix_edge.top + projection.pre * cell_h;
  matrix_targets(g, left, below + 14, cell_w, facts, projection);
  matrix_key(g, left, below + 26, largest);
}

function matrix_targets(g, left, y, cell_w, facts, projection) {
  const name = facts.populations[projection.target]?.name ?? "";
  if (projection.post > matrix_numbered) {
    surface_text(g, `onto the ${projection.post} neurons of ${name}`, left, y, ink.faint);
    return;
  }
  for (let j = 0; j < projection.post; j++) {
    surface_text(g, j === 0 && cell_w > 52 ? `${name} ${j}` : String(j), left + (j + 0.5) * cell_w, y, ink.faint, "center");
  }
}

function matrix_key(g, x, y, largest) {
  const n = 48, text = scale_short(+largest.toPrecision(2));
  surface_text(g, "−" + text, x, y + 8, ink.faint);
  const from = x + g.measureText("−" + text).width + 6;
  for (let k = 0; k < n; k++) {
    g.fillStyle = ink_signed(2 * k / (n - 1) - 1);
    g.fillRect(from + k, y, 1.5, 9);
  }
  surface_text(g, "+" + text, from + n + 6, y + 8, ink.faint);
}

export function matrix_words(projection, values) {
  const mean = values.reduce((sum, value) => sum + Math.abs(value), 0) / values.length;
  return `${projection.name}: ${projection.pre} sources, ${projection.post} targets; mean size ` +
    `${scale_short(mean)}, largest ${scale_short(values.reduce((m, v) => Math.max(m, Math.abs(v)), 0))}.`;
}
