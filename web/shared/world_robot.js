// MuJoCo's robots that live in a plane, as stick figures: links as in Gymnasium's models (envs/mujoco/assets), metres.
import { ink } from "./ink.js";
import { scale_short } from "./scale.js";
import { surface_dot, surface_line, surface_text } from "./surface.js";
import { world_name } from "./world_parts.js";

// A capsule about a middle, turned by an angle from upright, of half a length.
function robot_rod(x, z, angle, half) {
  const dx = half * Math.sin(angle), dz = half * Math.cos(angle);
  return [[x - dx, z - dz], [x + dx, z + dz]];
}

// A link hangs on `parent` (-1: the world) at `at`, turns about `pivot` of its own in the sense of `sign`, and is drawn
// as rods. Joints follow each other in the positions, behind the first three: x, height and angle of the first link.
const robot_leg = (thigh, foot, colour) => [
  { parent: 0, at: [0, -0.2], pivot: [0, 0], sign: -1, rods: [[[0, 0], [0, -0.45]]], colour },
  { parent: thigh, at: [0, -0.7], pivot: [0, 0.25], sign: -1, rods: [[[0, 0.25], [0, -0.25]]], colour },
  { parent: thigh + 1, at: foot.at, pivot: foot.pivot, sign: -1, rods: [foot.rod], colour },
];
const robot_torso = { parent: -1, rods: [[[0, 0.2], [0, -0.2]]], colour: "warm" };
const robot_foot = { at: [0.2, -0.35], pivot: [-0.2, 0.1], rod: [[-0.2, 0.1], [0, 0.1]] };
const robot_cheetah = (parent, at, rod, colour) => ({ parent, at, pivot: [0, 0], sign: 1, rods: [robot_rod(...rod)], colour });

const robot_models = {
  "Hopper-v4": { rises: 0, links: [robot_torso, ...robot_leg(1, { at: [0.13, -0.35], pivot: [-0.13, 0.1],
    rod: [[-0.26, 0.1], [0.13, 0.1]] }, "accent")] },
  "Walker2d-v4": { rises: 0, links: [robot_torso, ...robot_leg(1, robot_foot, "accent"), ...robot_leg(4, robot_foot, "series-4")] },
  "HalfCheetah-v4": { rises: 0.7, links: [
    { parent: -1, rods: [[[-0.5, 0], [0.5, 0]], robot_rod(0.6, 0.1, 0.87, 0.15)], colour: "warm" },
    robot_cheetah(0, [-0.5, 0], [0.1, -0.13, -3.8, 0.145], "accent"),
    robot_cheetah(1, [0.16, -0.25], [-0.14, -0.07, -2.03, 0.15], "accent"),
    robot_cheetah(2, [-0.28, -0.14], [0.03, -0.097, -0.27, 0.094], "accent"),
    robot_cheetah(0, [0.5, 0], [-0.07, -0.12, 0.52, 0.133], "series-4"),
    robot_cheetah(4, [-0.14, -0.24], [0.065, -0.09, -0.6, 0.106], "series-4"),
    robot_cheetah(5, [0.13, -0.18], [0.045, -0.07, -0.6, 0.07], "series-4")] },
};

// A point of a frame {x, z, angle} in the world; positive angles turn what is up to the right.
export function robot_point(frame, [x, z]) {
  const c = Math.cos(frame.angle), s = Math.sin(frame.angle);
  return [frame.x + x * c + z * s, frame.z - x * s + z * c];
}

// Rods of all links in the world, [{from, to, colour}, ...].
export function robot_rods(model, position) {
  const frames = [], rods = [];
  model.links.forEach((link, k) => {
    const parent = frames[link.parent];
    if (!parent) {
      frames.push({ x: position[0], z: model.rises + position[1], angle: position[2] });
    } else {
      const angle = parent.angle + link.sign * position[2 + k];
      const pivot = robot_point(parent, [link.at[0] + link.pivot[0], link.at[1] + link.pivot[1]]);
      const [x, z] = robot_point({ x: 0, z: 0, angle }, link.pivot);
      frames.push({ x: pivot[0] - x, z: pivot[1] - z, angle });
    }
    link.rods.forEach(([from, to]) => rods.push({ from: robot_point(frames[k], from), to: robot_point(frames[k], to), colour: link.colour }));
  });
  return rods;
}

// The ground, with a mark at every metre; the picture goes along with the robot.
export function robot_ground(g, width, ground, unit, middle) {
  surface_line(g, [[0, ground], [width, ground]], ink.faint, 2);
  const reach = Math.ceil(width / unit / 2);
  for (let metre = Math.floor(middle) - reach; metre <= middle + reach + 1; metre++) {
    const x = width / 2 + (metre - middle) * unit;
    surface_line(g, [[x, ground], [x, ground + 6]], ink.faint, 1);
    surface_text(g, scale_short(metre) + " m", x, ground + 18, ink.faint, "center");
  }
}

function robot_draw(g, width, height, facts, decision) {
  const unit = Math.min(width / 4, (height - 40) / 1.9), ground = height - 30, middle = decision.state[0];
  const thick = Math.max(5, 0.1 * unit), at = ([x, z]) => [width / 2 + (x - middle) * unit, ground - z * unit];
  robot_ground(g, width, ground, unit, middle);
  for (const rod of robot_rods(robot_models[world_name(facts.task)], decision.state)) {
    surface_line(g, [at(rod.from), at(rod.to)], ink[rod.colour], thick);
    surface_dot(g, ...at(rod.from), thick / 4, ink.card);
  }
}

function robot_words(facts, decision) {
  const [x, , angle] = decision.state;
  return `The robot is ${x.toFixed(1)} metres from where it began; its trunk leans ` +
    `${Math.abs(angle * 180 / Math.PI).toFixed(0)} degrees ${angle > 0 ? "forward" : "backward"}.`;
}

export const world_robot = { rate: 40, draw: robot_draw, words: robot_words, hint: "" };
