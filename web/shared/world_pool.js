// The water maze: a round pool, seen from above, a platform under the water and who looks for it. Radii of the pool.
import { ink } from "./ink.js";
import { surface_dot, surface_line } from "./surface.js";
import { world_action, world_option } from "./world_parts.js";

const pool_places = [[0.4, 0.3], [-0.3, -0.4]], pool_platform = 0.15;

// Where the platform lies, or, where it moves while learning, may lie.
function pool_platforms(facts, decision) {
  const moves = Number(world_option(facts.task, "moves_after", "0")) > 0;
  return !moves ? [pool_places[0]] : decision.learns ? pool_places : [pool_places[1]];
}

function pool_place(width, height) {
  return { x: width / 2, y: height / 2, unit: Math.min(width, height) / 2 - 12 };
}

// The way of this episode, which fades behind the swimmer.
function pool_trail(g, points) {
  points.slice(1).forEach((point, k) => {
    g.globalAlpha = 0.25 + 0.6 * (k + 1) / points.length;
    surface_line(g, [points[k], point], ink.accent, 2);
  });
  g.globalAlpha = 1;
}

function pool_length(trail) {
  return trail.slice(1).reduce((sum, [x, y], k) => sum + Math.hypot(x - trail[k][0], y - trail[k][1]), 0);
}

function pool_draw(g, width, height, facts, decision, map, trail) {
  const place = pool_place(width, height), at = ([x, y]) => [place.x + x * place.unit, place.y - y * place.unit];
  surface_dot(g, place.x, place.y, place.unit, ink.shade);
  g.strokeStyle = ink.faint;
  g.lineWidth = 2;
  g.stroke();
  for (const platform of pool_platforms(facts, decision)) {
    surface_dot(g, ...at(platform), pool_platform * place.unit, ink.good);
  }
  pool_trail(g, trail.map(at));
  const here = decision.obs, action = world_action(decision);
  if (action) {
    const angle = action[0] * Math.PI / 4;
    surface_line(g, [at(here), at([here[0] + 0.14 * Math.cos(angle), here[1] + 0.14 * Math.sin(angle)])], ink.accent, 3);
  }
  surface_dot(g, ...at(here), Math.max(5, 0.04 * place.unit), ink.warm);
}

function pool_words(facts, decision, map, trail) {
  const [x, y] = decision.obs, [px, py] = pool_platforms(facts, decision)[0];
  return `The swimmer is ${Math.hypot(x - px, y - py).toFixed(2)} radii from the platform's middle, and has swum ` +
    `${pool_length(trail).toFixed(2)}.`;
}

function pool_grab(x, y, width, height) {
  const place = pool_place(width, height), at = [(x - place.x) / place.unit, (place.y - y) / place.unit];
  const size = Math.max(1, Math.hypot(...at));
  return [[0, at[0] / size], [1, at[1] / size]];
}

export const world_pool = {
  rate: 8,
  draw: pool_draw,
  words: pool_words,
  grab: pool_grab,
  push: (side, decision) => [[0, Math.max(-0.7, Math.min(0.7, decision.obs[0] + 0.1 * side))]],
  hint: "Drag the swimmer, or push it with the arrow keys.",
};
