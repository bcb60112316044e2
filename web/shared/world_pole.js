// The cart-pole: metres and radians; the pole is a metre long.
import { ink } from "./ink.js";
import { surface_box, surface_dot, surface_line } from "./surface.js";
import { world_action } from "./world_parts.js";

const pole_limit = { x: 2.4, angle: 0.2095 };

function pole_place(width, height) {
  const unit = Math.min(width / 5.2, height / 1.5), ground = height * 0.5 + 0.62 * unit;
  return { unit, ground, x: (metres) => width / 2 + metres * unit, pivot: ground - 0.26 * unit };
}

function pole_track(g, width, place) {
  surface_line(g, [[12, place.ground], [width - 12, place.ground]], ink.faint, 2);
  for (const end of [-pole_limit.x, pole_limit.x]) {
    surface_line(g, [[place.x(end), place.ground - 14], [place.x(end), place.ground + 6]], ink.bad, 2);
  }
}

// Beyond this fan the pole counts as fallen.
function pole_fan(g, place, x) {
  const radius = 1.06 * place.unit;
  g.fillStyle = ink.shade;
  g.beginPath();
  g.moveTo(x, place.pivot);
  g.arc(x, place.pivot, radius, -Math.PI / 2 - pole_limit.angle, -Math.PI / 2 + pole_limit.angle);
  g.fill();
}

function pole_push(g, place, x, action) {
  const side = action > 0 ? 1 : -1, from = x + side * 0.27 * place.unit, to = from + side * 0.24 * place.unit;
  const y = place.ground - 0.16 * place.unit;
  surface_line(g, [[from, y], [to, y]], ink.accent, 3);
  surface_line(g, [[to - side * 6, y - 6], [to, y], [to - side * 6, y + 6]], ink.accent, 3);
}

function pole_draw(g, width, height, facts, decision) {
  const place = pole_place(width, height), [position, , angle] = decision.state;
  const x = place.x(position), size = place.unit, is_down = decision.ended && decision.step < facts.max_steps;
  pole_fan(g, place, x);
  pole_track(g, width, place);
  surface_box(g, x - 0.22 * size, place.ground - 0.27 * size, 0.44 * size, 0.2 * size, 5, ink.ink);
  for (const side of [-1, 1]) {
    surface_dot(g, x + side * 0.13 * size, place.ground - 0.05 * size, 0.05 * size, ink.faint);
  }
  const tip = [x + Math.sin(angle) * size, place.pivot - Math.cos(angle) * size];
  surface_line(g, [[x, place.pivot], tip], is_down ? ink.bad : ink.warm, Math.max(5, 0.055 * size));
  surface_dot(g, x, place.pivot, Math.max(3, 0.035 * size), ink.card);
  const action = world_action(decision);
  if (action && !decision.ended) {
    pole_push(g, place, x, action[0]);
  }
}

function pole_words(facts, decision) {
  const [position, , angle] = decision.state, side = (value) => (value < 0 ? "left" : "right");
  return `The pole leans ${Math.abs(angle * 180 / Math.PI).toFixed(1)} degrees to the ${side(angle)}, the cart is ` +
    `${Math.abs(position).toFixed(2)} metres ${side(position)} of the middle.`;
}

// The pole points to where it is held, a little inside of where it would count as fallen.
function pole_grab(x, y, width, height, decision) {
  const place = pole_place(width, height), at = place.x(decision.state[0]);
  const angle = Math.atan2(x - at, Math.max(1, place.pivot - y)), most = 0.95 * pole_limit.angle;
  return [[2, Math.max(-most, Math.min(most, angle))], [3, 0]];
}

export const world_pole = {
  rate: 50,
  draw: pole_draw,
  words: pole_words,
  grab: pole_grab,
  push: (side, decision) => [[3, decision.state[3] + 0.9 * side]],
  hint: "Drag the pole, or push it with the arrow keys.",
};
