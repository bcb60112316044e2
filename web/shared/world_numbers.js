// Any other task: the numbers that it shows, within their ranges; pictures of digits as pictures.
import { ink } from "./ink.js";
import { scale_short } from "./scale.js";
import { surface_box, surface_text } from "./surface.js";

function numbers_share(dim, value) {
  const high = dim.count > 0 ? dim.count - 1 : dim.high, low = dim.count > 0 ? 0 : dim.low;
  return Math.max(0, Math.min(1, (value - low) / (high - low || 1)));
}

function numbers_bars(g, width, height, facts, decision) {
  const row = Math.min(30, (height - 20) / facts.obs.length), top = (height - row * facts.obs.length) / 2;
  const left = Math.min(190, width * 0.4), span = width - left - 70;
  facts.obs.forEach((dim, i) => {
    const y = top + (i + 0.5) * row, share = numbers_share(dim, decision.obs[i]);
    surface_text(g, dim.name, left - 10, y, ink.faint, "right", "middle");
    surface_box(g, left, y - row * 0.25, span, row * 0.5, 3, ink.shade);
    surface_box(g, left, y - row * 0.25, Math.max(2, span * share), row * 0.5, 3, ink.warm);
    surface_text(g, scale_short(decision.obs[i]), left + span + 8, y, ink.ink, "left", "middle");
  });
}

function numbers_picture(g, width, height, facts, decision) {
  const side = Math.sqrt(facts.obs.length), cell = Math.min(width, height - 40) / side;
  const left = (width - cell * side) / 2, most = Math.max(1, ...decision.obs);
  decision.obs.forEach((value, i) => {
    g.globalAlpha = 0.06 + 0.94 * Math.max(0, value) / most;
    surface_box(g, left + i % side * cell, 10 + Math.floor(i / side) * cell, cell - 1, cell - 1, 2, ink.warm);
  });
  g.globalAlpha = 1;
}

function numbers_draw(g, width, height, facts, decision) {
  (facts.obs.length === 64 ? numbers_picture : numbers_bars)(g, width, height, facts, decision);
}

function numbers_words(facts, decision) {
  const shown = facts.obs.slice(0, 8).map((dim, i) => `${dim.name} ${scale_short(decision.obs[i])}`);
  return `The task shows ${shown.join(", ")}.`;
}

export const world_numbers = { rate: 10, draw: numbers_draw, words: numbers_words, hint: "" };
