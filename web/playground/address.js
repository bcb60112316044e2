// A run as the address of the page: #task=CartPole-v1&method=neuron-agent&seed=3&hidden=8
const address_own = ["task", "method", "seed", "speed"];

export function address_read(start) {
  const run = { ...start, settings: [] };
  for (const [key, value] of new URLSearchParams(location.hash.slice(1))) {
    if (address_own.includes(key)) {
      run[key] = value;
    } else {
      run.settings.push([key, value]);
    }
  }
  return run;
}

export function address_write(run) {
  const pairs = [...address_own.map((key) => [key, run[key]]), ...run.settings];
  history.replaceState(null, "", "#" + new URLSearchParams(pairs));
}

// The command of the tool that makes the same run.
export function address_command({ task, method, seed, settings }) {
  const quote = (text) => (/^[\w.,:=+-]*$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);
  const set = settings.map(([key, value]) => quote(`${key}=${value}`));
  return `hedon train ${task} --method ${method} --seed ${seed}` + (set.length ? " --set " + set.join(" ") : "");
}
