// Pendulums: the acrobot's two links hang from a bar, the pendulum turns about its end.
import { ink } from "./ink.js";
import { surface_dot, surface_line, surface_text } from "./surface.js";
import { world_action } from "./world_parts.js";

function links_torque(g, x, y, radius, torque) {
  if (Math.abs(torque) < 0.02) {
    return;
  }
  const size = Math.min(1, Math.abs(torque)) * 1.5, side = Math.sign(torque);
  const from = -Math.PI / 2, to = from - side * size;
  g.strokeStyle = ink.accent;
  g.lineWidth = 3;
  g.beginPath();
  g.arc(x, y, radius, from, to, side > 0);
  g.stroke();
  surface_dot(g, x + radius * Math.cos(to), y + radius * Math.sin(to), 4, ink.accent);
}

// ---- the acrobot: angles from hanging down, the second relative to the first ----

function acrobot_angles(decision) {
  const [c1, s1, c2, s2] = decision.obs;
  return [Math.atan2(s1, c1), Math.atan2(s2, c2)];
}

function acrobot_place(width, height) {
  return { x: width / 2, y: height * 0.5, unit: Math.min(width / 4.4, height / 4.3) };
}

function acrobot_draw(g, width, height, facts, decision) {
  const place = acrobot_place(width, height), [first, second] = acrobot_angles(decision), size = place.unit;
  const joint = [place.x + Math.sin(first) * size, place.y + Math.cos(first) * size];
  const tip = [joint[0] + Math.sin(first + second) * size, joint[1] + Math.cos(first + second) * size];
  surface_line(g, [[16, place.y - size], [width - 16, place.y - size]], ink.good, 1.5, [5, 4]);
  surface_text(g, "above this line it is done", width - 16, place.y - size - 6, ink.good, "right");
  surface_line(g, [[place.x, place.y], joint], ink.ink, Math.max(6, size * 0.1));
  surface_line(g, [joint, tip], ink.warm, Math.max(6, size * 0.1));
  surface_dot(g, place.x, place.y, Math.max(5, size * 0.08), ink.faint);
  surface_dot(g, joint[0], joint[1], Math.max(4, size * 0.06), ink.card);
  const action = world_action(decision);
  if (action) {
    links_torque(g, joint[0], joint[1], 0.28 * size, action[0] - 1);
  }
}

function acrobot_words(facts, decision) {
  const [first, second] = acrobot_angles(decision);
  const height = -Math.cos(first) - Math.cos(first + second);
  return `The free end is ${Math.abs(height).toFixed(2)} links ${height < 0 ? "below" : "above"} the bar; the goal is 1 above.`;
}

function acrobot_grab(x, y, width, height) {
  const place = acrobot_place(width, height);
  return [[0, Math.atan2(x - place.x, y - place.y)], [2, 0], [3, 0]];
}

export const world_acrobot = {
  rate: 15,
  draw: acrobot_draw,
  words: acrobot_words,
  grab: acrobot_grab,
  push: (side, decision) => [[2, decision.state[2] + 1.5 * side]],
  hint: "Drag the upper link, or push it with the arrow keys.",
};

// ---- the pendulum: the angle from upright, to the left ----

function pendulum_draw(g, width, height, facts, decision) {
  const [cosine, sine] = decision.obs, size = Math.min(width, height) * 0.38, x = width / 2, y = height / 2;
  surface_line(g, [[x, y - size - 8], [x, y - size - 18]], ink.good, 3);
  surface_line(g, [[x, y], [x - sine * size, y - cosine * size]], ink.warm, Math.max(10, size * 0.13));
  surface_dot(g, x, y, Math.max(6, size * 0.07), ink.ink);
  const action = world_action(decision);
  if (action) {
    links_torque(g, x, y, 0.42 * size, facts.act[0].count > 0 ? 0 : action[0] / 2);
  }
}

function pendulum_words(facts, decision) {
  const angle = Math.atan2(decision.obs[1], decision.obs[0]) * 180 / Math.PI;
  return `The pendulum is ${Math.abs(angle).toFixed(0)} degrees ${angle > 0 ? "left" : "right"} of upright.`;
}

function pendulum_grab(x, y, width, height) {
  return [[0, Math.atan2(width / 2 - x, height / 2 - y)], [1, 0]];
}

export const world_pendulum = {
  rate: 20,
  draw: pendulum_draw,
  words: pendulum_words,
  grab: pendulum_grab,
  push: (side, decision) => [[1, decision.state[1] - 2 * side]],
  hint: "Drag the pendulum, or push it with the arrow keys.",
};
