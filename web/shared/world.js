// Which picture a task has. A world says how many decisions a second look natural, draws what a
// decision led to, says it in words, and turns a hand on the picture into numbers of the state.
import { world_ant } from "./world_ant.js";
import { world_car } from "./world_car.js";
import { world_cart } from "./world_cart.js";
import { world_catch } from "./world_catch.js";
import { world_grid, world_has_grid } from "./world_grid.js";
import { world_lander } from "./world_lander.js";
import { world_acrobot, world_pendulum } from "./world_links.js";
import { world_maze } from "./world_maze.js";
import { world_numbers } from "./world_numbers.js";
import { world_name } from "./world_parts.js";
import { world_pole } from "./world_pole.js";
import { world_pool } from "./world_pool.js";
import { world_robot } from "./world_robot.js";

const world_rows = [
  ["CartPole", world_pole], ["MountainCar", world_car], ["Acrobot", world_acrobot], ["Pendulum", world_pendulum],
  ["LunarLander", world_lander], ["WaterMaze", world_pool], ["TMaze", world_maze], ["BlindCatch", world_catch],
  ["Inverted", world_cart], ["Hopper", world_robot], ["HalfCheetah", world_robot], ["Walker2d", world_robot],
  ["Ant", world_ant],
];

export function world_of(task) {
  const row = world_rows.find(([name]) => task.startsWith(name));
  return row ? row[1] : world_has_grid(world_name(task)) ? world_grid : world_numbers;
}

// How the episode stands, in words.
export function world_state(decision) {
  const steps = `step ${decision.step}, return ${Math.round(decision.return * 100) / 100}`;
  return decision.ended ? `The episode ended at ${steps}.` : `Episode: ${steps}.`;
}
