// Learning curves: returns over steps, the return that counts as solved, and a key of the series.
import { ink } from "./ink.js";
import { scale_make, scale_short, scale_tick, scale_ticks } from "./scale.js";
import { surface_dot, surface_line, surface_text } from "./surface.js";

const curve_edge = { left: 48, right: 14, top: 14, bottom: 30 };

function curve_range(values, room) {
  const low = Math.min(...values), high = Math.max(...values);
  return room ? [low - 0.06 * (high - low || 1), high + 0.06 * (high - low || 1)] : [low, high];
}

function curve_axes(g, x, y, width, height) {
  for (const tick of scale_ticks(y, 4)) {
    surface_line(g, [[x.from, y.at(tick)], [x.to, y.at(tick)]], ink.line, 1);
    surface_text(g, scale_tick(y, tick), x.from - 8, y.at(tick), ink.faint, "right", "middle");
  }
  for (const tick of scale_ticks(x, Math.max(2, Math.round(width / 130)))) {
    surface_text(g, scale_tick(x, tick), x.at(tick), height - 12, ink.faint, "center");
  }
}

// The band from low to high: [[x, low, high], ...].
function curve_band(g, x, y, band, colour) {
  g.fillStyle = colour;
  g.globalAlpha = 0.15;
  g.beginPath();
  band.forEach((p) => g.lineTo(x.at(p[0]), y.at(p[1])));
  [...band].reverse().forEach((p) => g.lineTo(x.at(p[0]), y.at(p[2])));
  g.fill();
  g.globalAlpha = 1;
}

// series: [{colour, points: [[x, y], ...], band: [[x, low, high], ...] or nothing, is_faint}]; goal: the return
// that counts as solved, or null.
export function curve_draw(g, width, height, series, goal, steps) {
  const points = series.flatMap((one) => one.points);
  const ys = series.flatMap((one) => one.points.map((p) => p[1]).concat((one.band ?? []).flatMap((p) => [p[1], p[2]])));
  const [low, high] = curve_range(ys.concat(goal === null ? [] : [goal], points.length ? [] : [0]), true);
  const end = Math.max(steps, 1, ...points.map((p) => p[0]));
  const x = scale_make(0, end, curve_edge.left, width - curve_edge.right);
  const y = scale_make(low, high, height - curve_edge.bottom, curve_edge.top);
  curve_axes(g, x, y, width, height);
  if (goal !== null) {
    surface_line(g, [[x.from, y.at(goal)], [x.to, y.at(goal)]], ink.good, 1.5, [5, 4]);
    surface_text(g, `solved from ${scale_short(goal)} on`, x.to - 4, y.at(goal) + 15, ink.good, "right");
  }
  for (const one of series) {
    if (one.band) {
      curve_band(g, x, y, one.band, one.colour);
    }
    const at = one.points.map((p) => [x.at(p[0]), y.at(p[1])]);
    surface_line(g, at, one.colour, one.is_faint ? 1.25 : 2.25);
    if (!one.is_faint) {
      at.forEach((p) => surface_dot(g, p[0], p[1], at.length > 40 ? 1.5 : 3, one.colour));
    }
  }
}
