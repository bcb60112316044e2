// MuJoCo's ant, seen from the side and a little from above: a trunk and four legs of three parts, metres.
import { ink } from "./ink.js";
import { robot_ground } from "./world_robot.js";
import { surface_dot, surface_line } from "./surface.js";

const ant_view = { turn: 0.5, tilt: 0.45 };
// Where each leg points, and the axis about which its ankle turns, as in Gymnasium's ant.xml.
const ant_legs = [[1, 1, -1, 1], [-1, 1, 1, 1], [-1, -1, -1, 1], [1, -1, 1, 1]];

function ant_turn_z([x, y, z], angle) {
  const c = Math.cos(angle), s = Math.sin(angle);
  return [x * c - y * s, x * s + y * c, z];
}

// v turned about a unit axis (Rodrigues).
function ant_turn(v, axis, angle) {
  const c = Math.cos(angle), s = Math.sin(angle), dot = axis.reduce((sum, a, i) => sum + a * v[i], 0);
  const cross = [axis[1] * v[2] - axis[2] * v[1], axis[2] * v[0] - axis[0] * v[2], axis[0] * v[1] - axis[1] * v[0]];
  return v.map((one, i) => one * c + cross[i] * s + axis[i] * dot * (1 - c));
}

function ant_add(a, b) {
  return a.map((one, i) => one + b[i]);
}

// Joints of a leg in the trunk's frame: trunk, hip, ankle, foot.
function ant_leg([dx, dy, ax, ay], hip, ankle) {
  const root = [0.2 * dx, 0.2 * dy, 0], axis = [ax / Math.SQRT2, ay / Math.SQRT2, 0];
  const middle = ant_add(root, ant_turn_z([0.2 * dx, 0.2 * dy, 0], hip));
  const foot = ant_turn_z(ant_turn([0.4 * dx, 0.4 * dy, 0], axis, ankle), hip);
  return [[0, 0, 0], root, middle, ant_add(middle, foot)];
}

// A quaternion as axis and angle.
function ant_rotation([w, x, y, z]) {
  const size = Math.hypot(x, y, z);
  return size < 1e-9 ? [[0, 0, 1], 0] : [[x / size, y / size, z / size], 2 * Math.atan2(size, w)];
}

function ant_draw(g, width, height, facts, decision) {
  const unit = Math.min(width / 4, height / 3), q = decision.state, [axis, angle] = ant_rotation(q.slice(3, 7));
  const ground = height * 0.75, c = Math.cos(ant_view.turn), s = Math.sin(ant_view.turn);
  const at = (point) => {
    const [x, y, z] = ant_turn(point, axis, angle), depth = y * c - x * s;
    return [width / 2 + (x * c + y * s) * unit, ground - ((q[2] + z) * Math.cos(ant_view.tilt) + depth * Math.sin(ant_view.tilt)) * unit];
  };
  robot_ground(g, width, ground + 0.5 * unit, unit, q[0]);
  ant_legs.forEach((leg, k) => {
    const points = ant_leg(leg, q[7 + 2 * k], q[8 + 2 * k]).map(at);
    surface_line(g, points, ink["series-" + (k + 1)], Math.max(4, 0.1 * unit));
    points.slice(1).forEach((p) => surface_dot(g, ...p, Math.max(2, 0.03 * unit), ink.card));
  });
  surface_dot(g, ...at([0, 0, 0]), 0.25 * unit, ink.warm);
}

function ant_words(facts, decision) {
  const [x, y, z] = decision.state;
  return `The ant's trunk is ${x.toFixed(1)} metres ahead of where it began, ${Math.abs(y).toFixed(1)} to the ` +
    `${y > 0 ? "left" : "right"}, ${z.toFixed(2)} high.`;
}

export const world_ant = { rate: 20, draw: ant_draw, words: ant_words, hint: "" };
