// What to try after a run: the control, another agent, another task.

// Methods by who is the agent, each the one that shows it best, and what their button says.
const next_agents = [
  ["neuron-agent", "Let every neuron be an agent"],
  ["syn-plus", "Let every synapse be an agent"],
  ["ppo", "Let the whole network be one agent"],
  ["nes", "Let nobody learn: search for weights"],
];
const next_start = { task: "CartPole-v1", method: "neuron-agent", words: "Balance a pole" };
const next_grid = { task: "Gridworld687-v0", method: "a2c", words: "Cross a grid: colours are values, arrows the policy" };

// is_frozen: the hidden neurons do not learn; null: they cannot be frozen. group: the index of the method among the
// kinds of agents. Ideas [{words, run: what changes of the run}, ...].
export function next_ideas(run, group, is_frozen) {
  const ideas = [], [method, words] = next_agents[(Math.min(group, next_agents.length - 1) + 1) % next_agents.length];
  if (is_frozen !== null) {
    ideas.push({ words: is_frozen ? "Let the hidden neurons learn again" : "Freeze the hidden neurons: did their learning matter?",
      run: { is_frozen: !is_frozen } });
  }
  const other = run.task === next_start.task ? next_grid : next_start;
  return [...ideas, { words, run: { method, is_frozen: false } },
    { words: other.words, run: { task: other.task, method: other.method, is_frozen: false } }];
}

// Buttons for ideas; choose(idea) is called with the one that is pressed.
export function next_show(list, ideas, choose) {
  list.replaceChildren(...ideas.map((idea) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = idea.words;
    button.addEventListener("click", () => choose(idea));
    return button;
  }));
}
