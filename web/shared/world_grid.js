// Worlds of cells: the observation is the number of a state, row by row. Where the learner gives values to states
// they colour the cells, and arrows say what it would do there.
import { ink } from "./ink.js";
import { scale_short } from "./scale.js";
import { surface_box, surface_dot, surface_line, surface_text } from "./surface.js";
import { world_action, world_name, world_option } from "./world_parts.js";

// A map row by row: "." floor, "#" wall, "S" start, "G" goal, "X" costs or ends, letters: stands.
const grid_maps = {
  "Gridworld-v0": ["S.........", ...Array(8).fill(".........."), ".........G"],
  "Gridworld687-v0": ["S....", ".....", "..#..", "..#..", "..X.G"],
  "FrozenLake-v1": ["S...", ".X.X", "...X", "X..G"],
  "FrozenLake8x8-v1": ["S.......", "........", "...X....", ".....X..", "...X....", ".XX...X.", ".X..X.X.", "...X...G"],
  "CliffWalking-v1": ["............", "............", "............", "SXXXXXXXXXXG"],
  "Taxi-v4": ["R...G", ".....", ".....", ".....", "Y..B."],
};
const grid_lakes = { "4x4": "FrozenLake-v1", "8x8": "FrozenLake8x8-v1" };
// Of the taxi: a wall to the right of a cell, and where the four stands are.
const grid_taxi = { walls: [".|..|", ".|..|", "....|", "|.|.|", "|.|.|"], stands: [[0, 0], [0, 4], [4, 0], [4, 3]] };

const grid_arrows = { up: [0, -1], down: [0, 1], left: [-1, 0], right: [1, 0], south: [0, 1], north: [0, -1], east: [1, 0],
  west: [-1, 0] };

// The map of a task; a lake may have one of its own, "SFH-FFF-HFG".
function grid_map(task) {
  const own = world_option(task, "map", "");
  return own === "" ? grid_maps[world_name(task)] : grid_maps[grid_lakes[own]] ??
    own.split("-").map((row) => row.replaceAll("F", ".").replaceAll("H", "X"));
}

function grid_is_taxi(facts) {
  return world_name(facts.task) === "Taxi-v4";
}

// Cells that count as states, as [row, column] by state.
function grid_cells(map) {
  return map.flatMap((line, row) => [...line].map((c, column) => [c, row, column]))
    .filter(([c]) => c !== "#").map(([, row, column]) => [row, column]);
}

// States of the cells as they are now, [row, column, state]: the taxi's also say where the passenger is and wants to go.
function grid_states(facts, map, state) {
  return grid_cells(map).map(([row, column], k) => [row, column, grid_is_taxi(facts) ? k * 20 + state % 20 : k]);
}

function grid_agent(facts, map, state) {
  return grid_states(facts, map, state).find(([, , one]) => one === state) ?? [0, 0];
}

function grid_place(map, width, height) {
  const cell = Math.min((width - 24) / map[0].length, (height - 40) / map.length);
  return { cell, left: (width - cell * map[0].length) / 2, top: (height - 16 - cell * map.length) / 2 };
}

// Cells where nothing is decided any more.
function grid_is_end(facts, c) {
  return "GX".includes(c) && !grid_is_taxi(facts);
}

function grid_colour(facts, c) {
  return grid_is_taxi(facts) ? ink.shade : c === "#" ? ink.faint : c === "G" ? ink.good : c === "X" ? ink.cool : ink.shade;
}

function grid_box(g, place, row, column, colour) {
  surface_box(g, place.left + column * place.cell + 1, place.top + row * place.cell + 1, place.cell - 2, place.cell - 2, 4, colour);
}

function grid_letter(g, place, row, column, c) {
  if (/[A-Z]/.test(c) && c !== "X") {
    surface_text(g, c, place.left + (column + 0.16) * place.cell, place.top + (row + 0.2) * place.cell,
      ink.ink, "center", "middle");
  }
}

// The action of a number, in words.
function grid_name(facts, action) {
  return facts.act[0].name.split(", ")[action] ?? "";
}

// ---- what is known of the states: their values, and the policy ----

function grid_range(states, value) {
  const known = states.map(([, , state]) => value[state]);
  return [Math.min(...known), Math.max(...known)];
}

function grid_values(g, place, states, facts, value, map) {
  const [low, high] = grid_range(states, value);
  for (const [row, column, state] of states) {
    const share = Math.round(100 * (value[state] - low) / (high - low || 1));
    if (!grid_is_end(facts, map[row][column])) {
      grid_box(g, place, row, column, `color-mix(in srgb, ${ink.accent} ${0.75 * share}%, ${ink.shade})`);
    }
  }
  surface_text(g, `values: ${scale_short(low)} (pale) to ${scale_short(high)} (strong)`, place.left + 2,
    place.top + place.cell * map.length + 14, ink.faint);
}

function grid_policy(g, place, states, facts, action, map) {
  for (const [row, column, state] of states) {
    const x = place.left + (column + 0.5) * place.cell, y = place.top + (row + 0.5) * place.cell, size = place.cell * 0.22;
    const name = grid_name(facts, action[state]), arrow = grid_arrows[name];
    if (grid_is_end(facts, map[row][column])) {
      continue;
    }
    if (arrow) {
      const [dx, dy] = arrow, tip = [x + dx * size, y + dy * size];
      surface_line(g, [[x - dx * size, y - dy * size], tip], ink.ink, 1.5);
      surface_line(g, [[tip[0] - (dx + dy) * size / 2, tip[1] - (dy + dx) * size / 2], tip,
        [tip[0] - (dx - dy) * size / 2, tip[1] - (dy - dx) * size / 2]], ink.ink, 1.5);
    } else {
      surface_text(g, name.startsWith("pick") ? "P" : name.startsWith("drop") ? "D" : "·", x, y, ink.ink, "center", "middle");
    }
  }
}

// ---- the taxi ----

function grid_draw_taxi(g, place, state) {
  grid_taxi.walls.forEach((line, row) => [...line].forEach((c, column) => {
    if (c === "|" && column < 4) {
      const x = place.left + (column + 1) * place.cell, y = place.top + row * place.cell;
      surface_line(g, [[x, y + 2], [x, y + place.cell - 2]], ink.ink, 3);
    }
  }));
  const passenger = Math.floor(state / 4) % 5, [row, column] = grid_taxi.stands[state % 4];
  g.strokeStyle = ink.good;
  g.lineWidth = 3;
  g.strokeRect(place.left + column * place.cell + 2, place.top + row * place.cell + 2, place.cell - 4, place.cell - 4);
  if (passenger < 4) {
    const [r, c] = grid_taxi.stands[passenger];
    surface_dot(g, place.left + (c + 0.78) * place.cell, place.top + (r + 0.78) * place.cell, place.cell * 0.12, ink["series-4"]);
  }
}

function grid_draw(g, width, height, facts, decision, known) {
  const map = grid_map(facts.task), place = grid_place(map, width, height), state = decision.obs[0];
  const states = grid_states(facts, map, state);
  map.forEach((line, row) => [...line].forEach((c, column) => grid_box(g, place, row, column, grid_colour(facts, c))));
  if (known?.value) {
    grid_values(g, place, states, facts, known.value, map);
  }
  const [row, column] = grid_agent(facts, map, state);
  const x = place.left + (column + 0.5) * place.cell, y = place.top + (row + 0.5) * place.cell;
  surface_dot(g, x, y, place.cell * 0.3, ink.warm);
  if (known?.action) {
    grid_policy(g, place, states, facts, known.action, map);
  }
  map.forEach((line, r) => [...line].forEach((c, k) => grid_letter(g, place, r, k, c)));
  if (grid_is_taxi(facts)) {
    grid_draw_taxi(g, place, state);
  }
}

function grid_words(facts, decision, known) {
  const state = decision.obs[0], [row, column] = grid_agent(facts, grid_map(facts.task), state), action = world_action(decision);
  const next = known?.action ? ` Here it would go: ${grid_name(facts, known.action[state])}.` : "";
  const value = known?.value ? ` The value here is ${scale_short(known.value[state])}.` : "";
  return `The agent is in row ${row + 1}, column ${column + 1}` +
    (action ? `; its last action was ${grid_name(facts, action[0])}.` : ".") + value + next;
}

export const world_grid = { rate: 6, draw: grid_draw, words: grid_words, hint: "" };

export function world_has_grid(name) {
  return name in grid_maps;
}
