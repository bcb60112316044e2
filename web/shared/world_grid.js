// Worlds of cells: the observation is the number of a state, row by row.
import { ink } from "./ink.js";
import { surface_box, surface_dot, surface_text } from "./surface.js";

// A map row by row: "." floor, "#" wall, "S" start, "G" goal, "X" costs or ends, letters: stands.
const grid_maps = {
  "Gridworld-v0": ["S.........", ...Array(8).fill(".........."), ".........G"],
  "Gridworld687-v0": ["S....", ".....", "..#..", "..#..", "..X.G"],
  "FrozenLake-v1": ["S...", ".X.X", "...X", "X..G"],
  "FrozenLake8x8-v1": ["S.......", "........", "...X....", ".....X..", "...X....", ".XX...X.", ".X..X.X.", "...X...G"],
  "CliffWalking-v1": ["............", "............", "............", "SXXXXXXXXXXG"],
  "Taxi-v4": ["R...G", ".....", ".....", ".....", "Y..B."],
};

const grid_arrows = { up: [0, -1], down: [0, 1], left: [-1, 0], right: [1, 0], south: [0, 1], north: [0, -1], east: [1, 0],
  west: [-1, 0] };

// Cells that count as states, as [row, column] by state.
function grid_cells(map) {
  return map.flatMap((line, row) => [...line].map((c, column) => [c, row, column]))
    .filter(([c]) => c !== "#").map(([, row, column]) => [row, column]);
}

// Taxi's state says where the passenger waits and wants to go as well.
function grid_agent(facts, map, state) {
  return facts.task === "Taxi-v4" ? [Math.floor(state / 100), Math.floor(state / 20) % 5] : grid_cells(map)[state];
}

function grid_place(map, width, height) {
  const cell = Math.min((width - 24) / map[0].length, (height - 24) / map.length);
  return { cell, left: (width - cell * map[0].length) / 2, top: (height - cell * map.length) / 2 };
}

function grid_colour(c) {
  return c === "#" ? ink.faint : c === "G" ? ink.good : c === "X" ? ink.cool : ink.shade;
}

function grid_cell_of(g, place, row, column, c) {
  surface_box(g, place.left + column * place.cell + 1, place.top + row * place.cell + 1, place.cell - 2, place.cell - 2,
    4, grid_colour(c));
  if (/[A-Z]/.test(c) && c !== "X") {
    surface_text(g, c, place.left + (column + 0.5) * place.cell, place.top + (row + 0.5) * place.cell,
      c === "G" ? ink.card : ink.faint, "center", "middle");
  }
}

function grid_action(facts, decision) {
  return facts.act[0].name.split(", ")[decision.action[0]] ?? "";
}

function grid_draw(g, width, height, facts, decision) {
  const map = grid_maps[facts.task], place = grid_place(map, width, height);
  map.forEach((line, row) => [...line].forEach((c, column) => grid_cell_of(g, place, row, column, c)));
  const [row, column] = grid_agent(facts, map, decision.obs[0]);
  const x = place.left + (column + 0.5) * place.cell, y = place.top + (row + 0.5) * place.cell;
  surface_dot(g, x, y, place.cell * 0.28, ink.warm);
  const arrow = grid_arrows[grid_action(facts, decision)];
  if (arrow && decision.step > 0) {
    surface_dot(g, x + arrow[0] * place.cell * 0.36, y + arrow[1] * place.cell * 0.36, place.cell * 0.08, ink.accent);
  }
}

function grid_words(facts, decision) {
  const [row, column] = grid_agent(facts, grid_maps[facts.task], decision.obs[0]);
  return `The agent is in row ${row + 1}, column ${column + 1}; its last action was ${grid_action(facts, decision)}.`;
}

export const world_grid = { rate: 6, draw: grid_draw, words: grid_words, hint: "" };

export function world_has_grid(task) {
  return task in grid_maps;
}
