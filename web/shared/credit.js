// The synapses onto one neuron: what comes in, how strong each is, its eligibility, what the rule keeps of it, and what
// learning has just given it.
import { activity_at, activity_eligibilities } from "./activity.js";
import { scale_short } from "./scale.js";

const credit_most = 12; // shown, the strongest

// What a source sent over the substeps of a decision, on average; null: it is not known.
function credit_sent(facts, decision, source, i) {
  const data = decision.populations[source], n = facts.populations[source].n, kind = data?.value ? "value" : "spike";
  if (!data?.[kind] || i >= n) {
    return null;
  }
  let sum = 0;
  for (let t = 0; t < facts.substeps; t++) {
    sum += activity_at(data, kind, n, t, i);
  }
  return sum / facts.substeps;
}

function credit_name(facts, projection, i) {
  const source = facts.populations[projection.source];
  const is_observed = projection.source === 0 && projection.pre === facts.obs.length;
  return is_observed ? facts.obs[i].name : `${source.name} ${i}`;
}

// Where the number of the synapse from source i onto target j lies in what a rule keeps.
const credit_places = { pre: (i) => i, post: (i, j) => j, synapse: (i, j, post) => i * post + j };

// What a rule keeps of some of those kinds: [[name, number], ...], "eps" of "synapse.eps".
function credit_kept(told, kinds, i, j, post) {
  return (told.kept ?? []).map(({ name, values }) => [...name.split(/\.(.*)/), values])
    .filter(([kind]) => kinds.includes(kind)).map(([kind, name, , values]) => [name, values[credit_places[kind](i, j, post)]]);
}

// The projections onto a chosen neuron, by number.
function credit_projections(facts, chosen) {
  return facts.projections.map((projection, k) => k).filter((k) => facts.projections[k].target === chosen.population
    && chosen.neuron < facts.projections[k].post && facts.populations[facts.projections[k].source]);
}

// What a rule keeps of a chosen neuron itself, [[name, number], ...]: of its first projection, where there are several.
export function credit_own(facts, weights, chosen) {
  const [k] = credit_projections(facts, chosen);
  return k === undefined ? [] : credit_kept(weights[k], ["post"], 0, chosen.neuron, 0);
}

// Rows [{name, sent, weight, eligibility, credit, kept}, ...] of a chosen neuron; before: the weights as they were told
// before these, or null.
export function credit_rows(facts, decision, weights, before, chosen) {
  const rows = [];
  credit_projections(facts, chosen).forEach((k) => {
    const projection = facts.projections[k];
    const eligibility = activity_eligibilities(facts, decision, weights[k], projection);
    for (let i = 0; i < projection.pre; i++) {
      const at = i * projection.post + chosen.neuron, weight = weights[k].w[at];
      rows.push({ name: credit_name(facts, projection, i), sent: credit_sent(facts, decision, projection.source, i), weight,
        eligibility: eligibility ? eligibility[at] : null, credit: before ? weight - before[k].w[at] : null,
        kept: credit_kept(weights[k], ["pre", "synapse"], i, chosen.neuron, projection.post) });
    }
  });
  return rows.sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight));
}

function credit_text(value) {
  return value === null ? "–" : scale_short(+value.toPrecision(3)).replace("-", "−");
}

// Write texts into the cells of a line, which has as many from then on.
function credit_write(line, texts, kind) {
  while (line.cells.length > texts.length) {
    line.deleteCell(-1);
  }
  texts.forEach((text, c) => {
    const cell = line.cells[c] ?? line.appendChild(document.createElement(kind));
    if (cell.textContent !== text) {
      cell.textContent = text;
    }
  });
}

// Fill a table with a line for each input, and say how many of how many there are; own: what the rule keeps of the neuron
// itself; why: no eligibility is known, or "".
export function credit_show(body, note, rows, own, why) {
  const shown = rows.slice(0, credit_most), columns = ["sent", "weight", "eligibility", "credit"];
  while (body.rows.length > shown.length) {
    body.deleteRow(-1);
  }
  credit_write(body.parentNode.tHead.rows[0], ["input", ...columns, ...(rows[0]?.kept ?? []).map(([name]) => name)], "th");
  shown.forEach((row, k) => credit_write(body.rows[k] ?? body.insertRow(),
    [row.name, ...columns.map((column) => credit_text(row[column])), ...row.kept.map(([, value]) => credit_text(value))], "td"));
  note.textContent = rows.length === 0 ? "No synapses onto this neuron are shown."
    : `${shown.length} of ${rows.length} inputs, the strongest. Credit: the last change of the weight by learning. ` +
      (rows.every((row) => row.eligibility === null) ? why : "") +
      (own.length > 0 ? `The rule keeps of this neuron ${own.map(([name, value]) => `${name} ${credit_text(value)}`).join(", ")}.` : "");
}
