// Who may be the agent: methods by what decides and learns on its own, and how it learns in a sentence.
const agents_groups = [
  ["Every neuron is an agent",
    "Each hidden neuron decides for itself when to spike, and learns from the reward alone: no gradient passes through the network.",
    ["neuron-agent", "neuron-agent-online", "neuron-agent-society", "neuron-agent-vote"]],
  ["Every synapse is an agent",
    "Each synapse makes choices of its own, and learns from the reward which of them were good.",
    ["hedonistic", "syn-plus", "syn-m5", "win-stay"]],
  ["The whole network is one agent",
    "A gradient through the whole network tells every weight how to move.",
    ["ppo", "a2c", "reinforce", "dqn", "dqsn", "td3", "sac"]],
  ["Nobody: a search over all weights",
    "Networks are tried as wholes; the next ones are drawn near the better ones.",
    ["nes", "alopex", "spsa", "one-plus-one", "evolving-connectivity"]],
  ["Local rules with place cells or noise",
    "Synapses change by what happens at their two ends and by one signal that all of them share.",
    ["place-actor-critic", "node-perturbation"]],
];

// Groups of options for a list of choices, the rest last.
export function agents_fill(select, methods) {
  const known = new Set(agents_groups.flatMap(([, , names]) => names));
  const rest = methods.map((method) => method.name).filter((name) => !known.has(name));
  for (const [label, , names] of [...agents_groups, ["Others", "", rest]]) {
    const group = document.createElement("optgroup");
    group.label = label;
    group.append(...names.filter((name) => methods.some((m) => m.name === name)).map((name) => new Option(name)));
    select.append(group);
  }
}

// The number of a method's group; that of none is one more than the last.
export function agents_group(method) {
  const found = agents_groups.findIndex(([, , names]) => names.includes(method));
  return found < 0 ? agents_groups.length : found;
}

// "Every neuron is an agent. Each ...", or "".
export function agents_words(method) {
  const [label, words] = agents_groups[agents_group(method)] ?? ["", ""];
  return label === "" ? "" : `${label}. ${words}`;
}
