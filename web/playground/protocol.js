// When a learner is evaluated, what counts as solved, and when it is done: what `hedon train` does
// (src/study/protocol.h), so that the same learner ends here as there.
const protocol_passes = 3;

export class Protocol {
  // steps, episodes (0: no budget), eval_every, threshold (NaN: none), overtrain.
  constructor(settings) {
    Object.assign(this, settings);
    this.evaluations = this.evaluated_at = this.row = 0;
    this.first_steps = this.first_episodes = -1;
    this.solved = this.relapsed = this.done = false;
    this.final = NaN;
  }

  // Steps at which training ends.
  limit() {
    return !this.solved || this.overtrain <= 0 ? this.steps
      : Math.min(this.steps, Math.ceil(this.overtrain * this.first_steps));
  }

  // Steps at which the next evaluation is due.
  target() {
    return Math.min((Math.floor(this.evaluated_at / this.eval_every) + 1) * this.eval_every, this.limit());
  }

  is_over(steps, episodes) {
    return steps >= this.limit() || (this.episodes > 0 && episodes >= this.episodes);
  }

  is_due(steps, episodes) {
    return steps >= this.target() || this.is_over(steps, episodes);
  }

  // Steps that may be trained before anything is due: an episode takes at least one.
  ahead(steps, episodes) {
    const left = this.target() - steps;
    return this.episodes > 0 ? Math.min(left, this.episodes - episodes) : left;
  }

  add(steps, episodes, mean) {
    const is_pass = mean >= this.threshold;
    if (this.solved) {
      this.relapsed ||= !is_pass;
    } else if (!is_pass) {
      this.row = 0;
      this.first_steps = this.first_episodes = -1;
    } else {
      if (this.row++ === 0) {
        this.first_steps = steps;
        this.first_episodes = episodes;
      }
      this.solved = this.row === protocol_passes;
    }
    this.evaluations++;
    this.evaluated_at = steps;
    this.final = mean;
    this.done = this.is_over(steps, episodes);
  }
}
