// The mountain car in its valley.
import { ink } from "./ink.js";
import { surface_box, surface_dot, surface_line } from "./surface.js";
import { world_action } from "./world_parts.js";

const car_low = -1.2, car_high = 0.6, car_goal = 0.5;

function car_hill(position) {
  return Math.sin(3 * position) * 0.45 + 0.55;
}

function car_place(width, height) {
  const unit = (width - 48) / (car_high - car_low), rise = Math.min(unit, (height - 90) / 1);
  return { x: (p) => 24 + (p - car_low) * unit, y: (h) => height - 30 - h * rise, slope: rise / unit };
}

function car_ground(g, height, place) {
  const points = [];
  for (let k = 0; k <= 90; k++) {
    const p = car_low + (car_high - car_low) * k / 90;
    points.push([place.x(p), place.y(car_hill(p))]);
  }
  g.fillStyle = ink.shade;
  g.beginPath();
  g.moveTo(points[0][0], height);
  points.forEach(([x, y]) => g.lineTo(x, y));
  g.lineTo(points[90][0], height);
  g.fill();
  surface_line(g, points, ink.faint, 2);
}

function car_flag(g, place) {
  const x = place.x(car_goal), y = place.y(car_hill(car_goal));
  surface_line(g, [[x, y], [x, y - 40]], ink.ink, 2);
  g.fillStyle = ink.good;
  g.beginPath();
  g.moveTo(x, y - 40);
  g.lineTo(x + 22, y - 33);
  g.lineTo(x, y - 26);
  g.fill();
}

function car_throttle(facts, action) {
  return facts.act[0].count > 0 ? action[0] - 1 : action[0];
}

function car_draw(g, width, height, facts, decision) {
  const place = car_place(width, height), position = decision.obs[0];
  car_ground(g, height, place);
  car_flag(g, place);
  g.save();
  g.translate(place.x(position), place.y(car_hill(position)));
  g.rotate(-Math.atan(Math.cos(3 * position) * 1.35 * place.slope));
  surface_box(g, -22, -26, 44, 16, 6, ink.warm);
  surface_box(g, -12, -36, 24, 13, 5, ink.warm);
  surface_dot(g, -13, -7, 7, ink.ink);
  surface_dot(g, 13, -7, 7, ink.ink);
  const action = world_action(decision), push = action ? car_throttle(facts, action) : 0;
  if (Math.abs(push) > 0.02) {
    const side = Math.sign(push), from = side * 28, to = from + 22 * push;
    surface_line(g, [[from, -18], [to, -18]], ink.accent, 3);
    surface_line(g, [[to - side * 5, -23], [to, -18], [to - side * 5, -13]], ink.accent, 3);
  }
  g.restore();
}

function car_words(facts, decision) {
  const [position, velocity] = decision.obs;
  return `The car is ${position < -0.55 ? "left of" : position < -0.45 ? "at" : "right of"} the bottom of the valley, ` +
    `${Math.round(100 * (position - car_low) / (car_goal - car_low))} percent of the way to the flag, and rolls to the ` +
    `${velocity < 0 ? "left" : "right"}.`;
}

function car_grab(x, y, width) {
  const position = car_low + (x - 24) / (width - 48) * (car_high - car_low);
  return [[0, Math.max(car_low, Math.min(0.48, position))], [1, 0]];
}

export const world_car = {
  rate: 40,
  draw: car_draw,
  words: car_words,
  grab: car_grab,
  push: (side, decision) => [[1, Math.max(-0.07, Math.min(0.07, decision.obs[1] + 0.02 * side))]],
  hint: "Drag the car, or push it with the arrow keys.",
};
