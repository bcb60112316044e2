// The T-maze: a corridor, two arms at its end, and a cue that is seen at the start alone.
import { ink } from "./ink.js";
import { surface_box, surface_dot, surface_text } from "./surface.js";
import { world_option } from "./world_parts.js";

function maze_length(facts) {
  return Number(world_option(facts.task, "length", "10"));
}

function maze_place(facts, width, height) {
  const n = maze_length(facts) + 1, cell = Math.min((width - 24) / n, (height - 40) / 3, 60);
  return { cell, left: (width - n * cell) / 2, top: height / 2 - 1.5 * cell };
}

function maze_cell(g, place, row, column, colour) {
  surface_box(g, place.left + column * place.cell + 1, place.top + row * place.cell + 1, place.cell - 2, place.cell - 2,
    4, colour);
}

function maze_draw(g, width, height, facts, decision) {
  const place = maze_place(facts, width, height), n = maze_length(facts), [at, is_south] = decision.state;
  const has_won = decision.ended && decision.reward > 0;
  for (let column = 0; column <= n; column++) {
    maze_cell(g, place, 1, column, ink.shade);
  }
  maze_cell(g, place, 0, n, is_south ? ink.shade : ink.good);
  maze_cell(g, place, 2, n, is_south ? ink.good : ink.shade);
  const row = decision.ended && at === n ? (has_won === Boolean(is_south) ? 2 : 0) : 1;
  const x = place.left + (at + 0.5) * place.cell, y = place.top + (row + 0.5) * place.cell;
  surface_dot(g, x, y, place.cell * 0.3, ink.warm);
  surface_text(g, `cue at the start: ${is_south ? "south" : "north"}`, place.left + 2,
    place.top + (is_south ? 2 : 1) * place.cell + (is_south ? 18 : -8), at === 0 ? ink.ink : ink.faint);
}

function maze_words(facts, decision) {
  const [at, is_south] = decision.state;
  return `The agent is ${at} of ${maze_length(facts)} steps from the start; the cue said ${is_south ? "south" : "north"}.`;
}

export const world_maze = { rate: 5, draw: maze_draw, words: maze_words, hint: "" };
