// Who may be the agent: methods by what decides and learns on its own.
const agents_groups = [
  ["Every neuron is an agent", ["neuron-agent", "neuron-agent-online", "neuron-agent-society", "neuron-agent-vote"]],
  ["Every synapse is an agent", ["hedonistic", "syn-plus", "syn-m5", "win-stay"]],
  ["Local rules with place cells or noise", ["place-actor-critic", "node-perturbation"]],
  ["The whole network is one agent", ["ppo", "a2c", "reinforce", "dqn", "dqsn", "td3", "sac"]],
  ["Nobody: a search over all weights", ["nes", "alopex", "spsa", "one-plus-one", "evolving-connectivity"]],
];

// Groups of options for a list of choices, the rest last.
export function agents_fill(select, methods) {
  const known = new Set(agents_groups.flatMap(([, names]) => names));
  const rest = methods.map((method) => method.name).filter((name) => !known.has(name));
  for (const [label, names] of [...agents_groups, ["Others", rest]]) {
    const group = document.createElement("optgroup");
    group.label = label;
    group.append(...names.filter((name) => methods.some((m) => m.name === name)).map((name) => new Option(name)));
    select.append(group);
  }
}
