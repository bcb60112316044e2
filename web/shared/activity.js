// What a network did in the last decisions, as a window over time: substeps of the newest ones.

const activity_least = 3; // pixels of a substep

export class Activity {
  // facts as a player tells them; so many decisions are kept.
  constructor(facts, kept = 400) {
    this.facts = facts;
    this.kept = kept;
    this.zoom = 1; // how much wider a substep is than it need be
    this.decisions = [];
  }

  add(decision) {
    if (decision.populations.length > 0 && (decision.step > 0 || decision.learns) && !decision.moved) {
      this.decisions.push(decision);
      this.decisions.splice(0, this.decisions.length - this.kept);
    }
  }

  // The newest decisions that fit so many pixels, and how wide a substep is.
  window(width) {
    const T = this.facts.substeps, n = Math.max(1, Math.min(this.kept, Math.floor(width / (activity_least * this.zoom * T))));
    return { shown: this.decisions.slice(-n), n, step: width / (n * T), T };
  }

  last() {
    return this.decisions[this.decisions.length - 1];
  }
}

// Quantity of neuron j of a population at substep t of a decision.
export function activity_at(population, quantity, n, t, j) {
  const values = population[quantity];
  return quantity === "spike" ? Number(values[t * n + j]) : values[t * n + j];
}

// What a decision at play would add to an eligibility under the score of spikes that are drawn:
// the sum over substeps of input x (spike - p) x gain, [pre][post]; null where that says nothing.
function activity_eligibility(facts, decision, projection) {
  const target = facts.populations[projection.target], source = facts.populations[projection.source];
  const post = decision.populations[projection.target], pre = decision.populations[projection.source];
  const is_score = facts.rule.startsWith("pgcn") && post?.gain && pre;
  if (!is_score || source.n !== projection.pre || target.n !== projection.post) {
    return null;
  }
  const sent = pre.value ? "value" : "spike", out = new Float32Array(source.n * target.n);
  for (let t = 0; t < facts.substeps; t++) {
    for (let i = 0; i < source.n; i++) {
      const x = activity_at(pre, sent, source.n, t, i);
      for (let j = 0; j < target.n; j++) {
        const at = t * target.n + j;
        out[i * target.n + j] += x * (Number(post.spike[at]) - post.p[at]) * post.gain[at];
      }
    }
  }
  return out;
}

// Eligibilities of a projection, [pre][post]: those that the learner has gathered (told with its weights), or what this
// decision would add; null where nothing is known.
export function activity_eligibilities(facts, decision, weights, projection) {
  return (decision?.learns && weights?.e) || (decision ? activity_eligibility(facts, decision, projection) : null);
}
