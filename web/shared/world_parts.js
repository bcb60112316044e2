// What pictures of tasks share.

// What was done last, or null: nothing yet, or an action that is not known.
export function world_action(decision) {
  return decision.step > 0 && decision.action ? decision.action : null;
}

// A task without its choices: "TMaze-v0" of "TMaze-v0:length=20".
export function world_name(task) {
  return task.split(":")[0];
}

// What a task was chosen to have, or else `fallback`.
export function world_option(task, name, fallback) {
  const pair = task.split(":").slice(1).find((one) => one.startsWith(name + "="));
  return pair ? pair.slice(name.length + 1) : fallback;
}
