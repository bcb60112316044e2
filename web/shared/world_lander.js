// The lunar lander: hull, legs, flames, the moon's ground and the two flags. Metres, as Box2D has them.
import { ink } from "./ink.js";
import { surface_line } from "./surface.js";
import { world_action } from "./world_parts.js";

const lander_moon = { width: 20, height: 40 / 3, pad: 10 / 3, leg: 0.6 };
const lander_hull = [[-14, 17], [-17, 0], [-17, -10], [17, -10], [17, 0], [14, 17]].map(([x, y]) => [x / 30, y / 30]);

function lander_place(width, height) {
  const unit = Math.min(width / lander_moon.width, height / lander_moon.height);
  const left = (width - unit * lander_moon.width) / 2;
  return { unit, x: (metres) => left + metres * unit, y: (metres) => height - metres * unit };
}

function lander_polygon(g, points, colour) {
  g.fillStyle = colour;
  g.beginPath();
  points.forEach(([x, y]) => g.lineTo(x, y));
  g.fill();
}

// Heights of the ground are the state's numbers, two metres apart.
function lander_ground(g, place, height, heights) {
  const points = heights.map((h, i) => [place.x(2 * i), place.y(h)]);
  const first = points[0], last = points[points.length - 1];
  lander_polygon(g, [[first[0], height], ...points, [last[0], height]], ink.shade);
  surface_line(g, points, ink.faint, 2);
}

function lander_flags(g, place) {
  for (const metres of [8, 12]) {
    const x = place.x(metres), y = place.y(lander_moon.pad), size = 0.9 * place.unit;
    surface_line(g, [[x, y], [x, y - size]], ink.ink, 2);
    lander_polygon(g, [[x, y - size], [x + 0.6 * size, y - 0.8 * size], [x, y - 0.6 * size]], ink.good);
  }
}

// How strongly the main engine fires, and the one at the side (negative: the left one's push to the left).
function lander_engines(facts, action) {
  if (facts.act.length === 1) {
    return { main: action[0] === 2 ? 1 : 0, side: action[0] === 1 ? -1 : action[0] === 3 ? 1 : 0 };
  }
  return { main: action[0] > 0 ? 0.5 + 0.5 * Math.min(1, action[0]) : 0,
    side: Math.abs(action[1]) > 0.5 ? Math.sign(action[1]) * Math.min(1, Math.abs(action[1])) : 0 };
}

function lander_flames(g, at, { main, side }) {
  if (main > 0) {
    lander_polygon(g, [at(-0.2, -0.36), at(0.2, -0.36), at(0, -0.36 - 0.9 * main)], ink.warm);
  }
  if (side !== 0) {
    const out = -Math.sign(side); // it pushes away from its flame
    lander_polygon(g, [at(0.55 * out, 0.35), at(0.55 * out, 0.15), at((0.55 + 0.5 * Math.abs(side)) * out, 0.25)], ink.warm);
  }
}

function lander_legs(g, at, touches, unit) {
  [-1, 1].forEach((side, i) => {
    const colour = touches[i] > 0 ? ink.good : ink.faint;
    surface_line(g, [at(0.4 * side, -0.2), at(0.75 * side, -0.6)], colour, Math.max(3, 0.13 * unit));
    surface_line(g, [at(0.6 * side, -0.62), at(0.9 * side, -0.58)], colour, Math.max(3, 0.13 * unit));
  });
}

function lander_draw(g, width, height, facts, decision) {
  const place = lander_place(width, height), [x, y, , , angle, , left, right] = decision.obs;
  const centre = [10 + 10 * x, lander_moon.pad + lander_moon.leg + lander_moon.height / 2 * y];
  const at = (dx, dy) => [place.x(centre[0] + dx * Math.cos(angle) - dy * Math.sin(angle)),
    place.y(centre[1] + dx * Math.sin(angle) + dy * Math.cos(angle))];
  lander_ground(g, place, height, decision.state);
  lander_flags(g, place);
  const action = world_action(decision);
  if (action && !decision.ended) {
    lander_flames(g, at, lander_engines(facts, action));
  }
  lander_legs(g, at, [left, right], place.unit);
  lander_polygon(g, lander_hull.map(([dx, dy]) => at(dx, dy)), decision.ended && decision.reward < 0 ? ink.bad : ink.accent);
}

function lander_words(facts, decision) {
  const [x, y, , vy, angle, , left, right] = decision.obs, legs = (left > 0) + (right > 0);
  return `The lander is ${Math.abs(10 * x).toFixed(1)} metres ${x < 0 ? "left" : "right"} of the middle of the pad and ` +
    `${(lander_moon.height / 2 * y).toFixed(1)} above it, ${vy < 0 ? "sinks" : "rises"}, leans ` +
    `${Math.abs(angle * 180 / Math.PI).toFixed(0)} degrees to the ${angle > 0 ? "left" : "right"}; ` +
    `${["no leg touches", "one leg touches", "both legs touch"][legs]} the ground.`;
}

export const world_lander = { rate: 50, draw: lander_draw, words: lander_words, hint: "" };
