// Catch: a ball falls through ten rows of five columns, faint where the agent no longer sees it.
import { ink } from "./ink.js";
import { surface_box, surface_dot } from "./surface.js";
import { world_option } from "./world_parts.js";

const catch_rows = 10, catch_columns = 5;

function catch_draw(g, width, height, facts, decision) {
  const [row, column, paddle] = decision.state, cell = Math.min((width - 24) / catch_columns, (height - 16) / catch_rows);
  const left = (width - cell * catch_columns) / 2, top = (height - cell * catch_rows) / 2;
  const is_seen = row < Number(world_option(facts.task, "seen", "1"));
  for (let k = 0; k < catch_rows * catch_columns; k++) {
    surface_box(g, left + (k % catch_columns) * cell + 1, top + Math.floor(k / catch_columns) * cell + 1, cell - 2, cell - 2, 3, ink.shade);
  }
  surface_box(g, left + paddle * cell + 2, top + (catch_rows - 1) * cell + cell * 0.55, cell - 4, cell * 0.35, 4, ink.accent);
  g.globalAlpha = is_seen ? 1 : 0.4;
  surface_dot(g, left + (column + 0.5) * cell, top + (row + 0.5) * cell, cell * 0.32, decision.ended && decision.reward < 0 ? ink.bad : ink.warm);
  g.globalAlpha = 1;
}

function catch_words(facts, decision) {
  const [row, column, paddle] = decision.state, is_seen = row < Number(world_option(facts.task, "seen", "1"));
  return `The ball is in row ${row + 1}, column ${column + 1}, ${is_seen ? "in sight" : "out of sight"}; the paddle is in column ${paddle + 1}.`;
}

export const world_catch = { rate: 5, draw: catch_draw, words: catch_words, hint: "" };
