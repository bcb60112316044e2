// What the learner expects, and by how much each step was better or worse than that: the TD error.
import { ink } from "./ink.js";
import { scale_make, scale_short, scale_tick, scale_ticks } from "./scale.js";
import { surface_box, surface_line, surface_text } from "./surface.js";

const error_edge = { left: 48, right: 12, top: 18, gap: 26, bottom: 8 }, error_kept = 240;

export class ErrorHistory {
  constructor() {
    this.points = []; // [value, td, is a beginning], nulls where not known
  }

  add(decision) {
    if (!decision.moved) {
      this.points.push([decision.value, decision.td, decision.step <= 1]);
      this.points.splice(0, this.points.length - error_kept);
    }
  }

  get is_known() {
    return this.points.some(([value]) => value !== null);
  }
}

function error_axis(g, y, width, title) {
  surface_text(g, title, error_edge.left, Math.min(y.from, y.to) - 6, ink.faint);
  for (const tick of scale_ticks(y, 3)) {
    surface_line(g, [[error_edge.left, y.at(tick)], [width - error_edge.right, y.at(tick)]], ink.line, 1);
    surface_text(g, scale_tick(y, tick), error_edge.left - 8, y.at(tick), ink.faint, "right", "middle");
  }
}

// Episodes are not joined: pieces of the line of values.
function error_pieces(points, x, y) {
  const pieces = [[]];
  points.forEach(([value, , begins], i) => {
    if (begins || value === null) {
      pieces.push([]);
    }
    if (value !== null) {
      pieces[pieces.length - 1].push([x(i), y.at(value)]);
    }
  });
  return pieces.filter((piece) => piece.length > 0);
}

export function error_draw(g, width, height, history) {
  const { points } = history, middle = (height - error_edge.gap) / 2, inner = width - error_edge.left - error_edge.right;
  const values = points.map((p) => p[0]).filter((v) => v !== null), errors = points.map((p) => p[1]).filter((e) => e !== null);
  const most = Math.max(1e-3, ...errors.map(Math.abs)), step = inner / error_kept;
  const x = (i) => error_edge.left + (error_kept - points.length + i + 0.5) * step;
  const y = scale_make(Math.min(...values), Math.max(...values), middle, error_edge.top);
  const z = scale_make(-most, most, height - error_edge.bottom, middle + error_edge.gap);
  error_axis(g, y, width, "value of what is seen");
  error_pieces(points, x, y).forEach((piece) => surface_line(g, piece, ink.accent, 2));
  if (errors.length === 0) {
    surface_text(g, "TD error: not known, since rewards are put on a scale of the learner's own", error_edge.left, middle + error_edge.gap, ink.faint);
    return;
  }
  error_axis(g, z, width, "TD error of the step");
  points.forEach(([, td], i) => {
    if (td !== null) {
      surface_box(g, x(i) - step * 0.4, Math.min(z.at(0), z.at(td)), Math.max(1, step * 0.8), Math.max(1, Math.abs(z.at(td) - z.at(0))),
        0, td < 0 ? ink.cool : ink.warm);
    }
  });
}

export function error_words(history) {
  const [value, td] = history.points[history.points.length - 1] ?? [null, null];
  return value === null ? "This method gives no values to observations."
    : `The value of what is seen is ${scale_short(value)}` + (td === null ? "." : `, the TD error of the last step ${scale_short(td)}.`);
}
