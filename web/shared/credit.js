// The synapses onto one neuron: what comes in, how strong each is, its eligibility, and what learning has just given it.
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

// Rows [{name, sent, weight, eligibility, credit}, ...] of a chosen neuron; before: the weights as they were told
// before these, or null.
export function credit_rows(facts, decision, weights, before, chosen) {
  const rows = [];
  facts.projections.forEach((projection, k) => {
    if (projection.target !== chosen.population || chosen.neuron >= projection.post || !facts.populations[projection.source]) {
      return;
    }
    const eligibility = activity_eligibilities(facts, decision, weights[k], projection);
    for (let i = 0; i < projection.pre; i++) {
      const at = i * projection.post + chosen.neuron, weight = weights[k].w[at];
      rows.push({ name: credit_name(facts, projection, i), sent: credit_sent(facts, decision, projection.source, i), weight,
        eligibility: eligibility ? eligibility[at] : null, credit: before ? weight - before[k].w[at] : null });
    }
  });
  return rows.sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight));
}

function credit_text(value) {
  return value === null ? "–" : scale_short(+value.toPrecision(3)).replace("-", "−");
}

// Fill the body of a table, and say how many of how many there are; why: no eligibility is known, or "".
export function credit_show(body, note, rows, why) {
  const shown = rows.slice(0, credit_most), columns = ["sent", "weight", "eligibility", "credit"];
  while (body.rows.length > shown.length) {
    body.deleteRow(-1);
  }
  shown.forEach((row, k) => {
    const line = body.rows[k] ?? body.insertRow(), texts = [row.name, ...columns.map((column) => credit_text(row[column]))];
    texts.forEach((text, c) => {
      const cell = line.cells[c] ?? line.insertCell();
      if (cell.textContent !== text) {
        cell.textContent = text;
      }
    });
  });
  note.textContent = rows.length === 0 ? "No synapses onto this neuron are shown."
    : `${shown.length} of ${rows.length} inputs, the strongest. Credit: the last change of the weight by learning. ` +
      (rows.every((row) => row.eligibility === null) ? why : "");
}
