// MuJoCo's poles on a cart: one of 0.6 metres, or two on each other; the rail is two metres long.
import { ink } from "./ink.js";
import { surface_box, surface_dot, surface_line } from "./surface.js";
import { world_action } from "./world_parts.js";

const cart_pole = 0.6;

// Ends of the poles, from the cart upwards: angles add up.
function cart_joints(state) {
  const joints = [[state[0], 0]];
  let angle = 0;
  for (const turn of state.slice(1)) {
    angle += turn;
    const [x, z] = joints[joints.length - 1];
    joints.push([x + cart_pole * Math.sin(angle), z + cart_pole * Math.cos(angle)]);
  }
  return joints;
}

function cart_draw(g, width, height, facts, decision) {
  const unit = Math.min(width / 2.8, height / 1.7), y = height * 0.5 + 0.55 * unit;
  const at = ([x, z]) => [width / 2 + x * unit, y - z * unit], joints = cart_joints(decision.state).map(at);
  surface_line(g, [at([-1, 0]), at([1, 0])], ink.faint, 4);
  surface_box(g, joints[0][0] - 0.16 * unit, y - 0.08 * unit, 0.32 * unit, 0.16 * unit, 5, ink.ink);
  surface_line(g, joints, decision.ended ? ink.bad : ink.warm, Math.max(5, 0.05 * unit));
  joints.forEach((p) => surface_dot(g, ...p, Math.max(3, 0.03 * unit), ink.card));
  const action = world_action(decision);
  if (action) {
    const push = Math.max(-1, Math.min(1, action[0] / facts.act[0].high)), x = joints[0][0];
    surface_line(g, [[x, y + 0.18 * unit], [x + 0.4 * unit * push, y + 0.18 * unit]], ink.accent, 4);
  }
}

function cart_words(facts, decision) {
  const degrees = decision.state.slice(1).map((angle) => (angle * 180 / Math.PI).toFixed(1));
  return `The cart is ${Math.abs(decision.state[0]).toFixed(2)} metres ${decision.state[0] < 0 ? "left" : "right"} of the ` +
    `middle; the ${degrees.length > 1 ? "poles lean" : "pole leans"} ${degrees.join(" and ")} degrees.`;
}

export const world_cart = { rate: 25, draw: cart_draw, words: cart_words, hint: "" };
