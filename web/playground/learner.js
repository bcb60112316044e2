// One learner of the engine, advanced in slices of time as a study would advance it.
import { Protocol } from "./protocol.js";

const learner_chunk_ms = 2; // of training between two looks at the clock

// Calls of engine.c, by name; those that return text first.
const learner_calls = {
  start: ["string", []], tasks: ["string", []], methods: ["string", []], options: ["string", []],
  configure: ["string", ["string", "string"]], set: ["string", ["string", "string"]], check: ["string", []],
  begin: ["string", ["string"]], train: ["string", ["number"]], sentence: ["string", []], stats: ["string", []],
  play: ["string", []], look: ["string", ["number"]], learn: ["string", []], map: ["string", []], facts: ["string", []], decision: ["string", []], weights: ["string", []],
  evaluate: ["number", ["number", "number"]], move: ["number", ["number", "number"]],
};

// The engine's calls, on a module that emscripten made.
export function learner_engine(module) {
  return Object.fromEntries(Object.entries(learner_calls).map(([name, [result, words]]) =>
    [name, module.cwrap("engine_" + name, result, words)]));
}

// Throws the library's sentence.
export function learner_check(sentence) {
  if (sentence !== "") {
    throw new Error(sentence);
  }
}

// Settle what is to learn; throws why not.
export function learner_configure(engine, { task, method, settings }) {
  learner_check(engine.configure(task, method));
  for (const [key, value] of settings) {
    learner_check(engine.set(key, value));
  }
  learner_check(engine.check());
}

export class Learner {
  // Configured already; seed is text.
  constructor(engine, seed) {
    learner_check(engine.begin(seed));
    this.engine = engine;
    this.facts = JSON.parse(engine.facts());
    this.options = JSON.parse(engine.options());
    const number = (key) => Number(this.options.find((option) => option.key === key)?.value ?? NaN);
    const own = number("threshold");
    this.goal = Number.isNaN(own) ? this.facts.solved : own;
    this.eval_episodes = number("eval_episodes");
    this.protocol = new Protocol({ steps: number("steps"), episodes: number("episodes") || 0,
      eval_every: number("eval_every"), threshold: this.goal ?? NaN, overtrain: number("overtrain") });
    this.pace = 1;
    this.spent = { train: 0, evaluate: 0 }; // ms
    this.evaluations = []; // [steps, mean return] that nobody has taken yet
    this.read();
  }

  read() {
    this.stats = JSON.parse(this.engine.stats());
  }

  get is_done() {
    return this.protocol.done;
  }

  evaluate() {
    const begin = performance.now(), { steps, episodes } = this.stats;
    const mean = this.engine.evaluate(this.eval_episodes, this.protocol.evaluations);
    if (Number.isNaN(mean)) {
      throw new Error(this.engine.sentence());
    }
    this.protocol.add(steps, episodes, mean);
    this.evaluations.push([steps, mean]);
    this.spent.evaluate += performance.now() - begin;
  }

  train(most) {
    const { steps, episodes } = this.stats, begin = performance.now();
    learner_check(this.engine.train(Math.max(1, Math.min(this.pace, most, this.protocol.ahead(steps, episodes)))));
    const took = performance.now() - begin;
    this.spent.train += took;
    this.pace = took < learner_chunk_ms / 2 ? this.pace * 2 : took > 2 * learner_chunk_ms ? Math.ceil(this.pace / 2) : this.pace;
    this.read();
  }

  // One unit of learning, or the evaluation that is due before it.
  step() {
    if (this.protocol.is_due(this.stats.steps, this.stats.episodes)) {
      this.evaluate();
    } else {
      learner_check(this.engine.learn());
      this.read();
    }
  }

  // Learn at most so many steps, not longer than `ms`; returns the steps taken.
  advance(most, ms) {
    const begin = performance.now(), before = this.stats.steps;
    while (!this.is_done && this.stats.steps - before < most && performance.now() - begin < ms) {
      if (this.protocol.is_due(this.stats.steps, this.stats.episodes)) {
        this.evaluate();
      } else {
        this.train(most - (this.stats.steps - before));
      }
    }
    return this.stats.steps - before;
  }
}
