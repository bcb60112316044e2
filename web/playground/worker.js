// The worker of the playground: trains in slices, plays meanwhile, and tells the page about it.
import { Learner, learner_check, learner_configure, learner_engine } from "./learner.js";

const worker_slice_ms = 10, worker_news_ms = 33, worker_weights_ms = 250, worker_pause_ms = 700;

let engine = null, learner = null;
let speed = 0;            // steps of learning a second; 0: as many as there can be
let rate = 50;            // decisions of play a second
let is_learning = false, is_stepping = false, is_waiting = false; // stepping: what is told is its learning, unit by unit
let owed = { learn: 0, play: 0 }, last = 0, told = 0, weighed = 0, ended_at = 0;
let decisions = [];

function worker_tell(type, more) {
  postMessage({ type, ...more });
}

// ---- playing ----

function worker_play(now, elapsed) {
  if (is_stepping || (ended_at > 0 && now - ended_at < worker_pause_ms)) {
    return;
  }
  owed.play = Math.min(owed.play + elapsed * rate / 1000, 4);
  for (; owed.play >= 1; owed.play--) {
    learner_check(engine.play());
    const decision = JSON.parse(engine.decision());
    ended_at = decision.ended ? now : 0;
    decisions.push(decision);
    if (decision.ended) {
      owed.play = 0;
      return;
    }
  }
}

// One decision, whatever the speed.
function worker_step() {
  if (!is_stepping) {
    learner_check(engine.play());
    const decision = JSON.parse(engine.decision());
    ended_at = decision.ended ? performance.now() : 0;
    decisions.push(decision);
  }
}

function worker_move(moves) {
  if (moves.every(([index, value]) => engine.move(index, value))) {
    decisions.push(JSON.parse(engine.decision()));
  }
}

// ---- learning ----

function worker_learn(elapsed) {
  const fastest = speed === 0;
  owed.learn = Math.min(owed.learn + elapsed * speed / 1000, Math.max(1, speed / 4));
  if (is_learning && (fastest || owed.learn >= 1)) {
    owed.learn -= learner.advance(fastest ? Infinity : Math.floor(owed.learn), worker_slice_ms);
  }
  if (is_learning && learner.is_done) {
    worker_end();
  }
}

function worker_end() {
  is_learning = false;
  worker_news(performance.now());
  const { solved, relapsed, first_steps, first_episodes, final } = learner.protocol;
  worker_tell("done", { solved, relapsed, first_steps, first_episodes, final, hash: learner.stats.hash,
    spent: learner.spent });
}

// Look at its learning, or at play.
function worker_look(learns) {
  if (learner !== null && is_stepping !== learns) {
    is_stepping = learns;
    learner_check(engine.look(Number(learns)));
  }
}

function worker_learn_once() {
  worker_look(true);
  learner.step();
  decisions.push(JSON.parse(engine.decision()));
  weighed = 0;
  if (learner.is_done) {
    worker_end();
  }
}

function worker_news(now) {
  const { steps, episodes, recent } = learner.stats, has_weights = now - weighed >= worker_weights_ms;
  worker_tell("news", { steps, episodes, recent, decisions, evaluations: learner.evaluations, spent: learner.spent,
    weights: has_weights ? JSON.parse(engine.weights()) : null, map: has_weights ? JSON.parse(engine.map()) : null });
  decisions = [];
  learner.evaluations = [];
  told = now;
  weighed = has_weights ? now : weighed;
}

// ---- time ----

const worker_soon = new MessageChannel();
worker_soon.port1.onmessage = () => worker_tick();

function worker_schedule() {
  if (!is_waiting) {
    is_waiting = true;
    if (is_learning && speed === 0) {
      worker_soon.port2.postMessage(null);
    } else {
      setTimeout(worker_tick, 8);
    }
  }
}

function worker_tick() {
  const now = performance.now(), elapsed = Math.min(now - last, 200);
  is_waiting = false;
  last = now;
  if (learner === null) {
    return;
  }
  try {
    worker_learn(elapsed);
    worker_play(now, elapsed);
    if (now - told >= worker_news_ms) {
      worker_news(now);
    }
    worker_schedule();
  } catch (error) {
    learner = null;
    worker_tell("failed", { sentence: error.message });
  }
}

// ---- what the page asks ----

const worker_answers = {
  // code: the WebAssembly of the engine, gzip.
  async start({ code }) {
    try {
      const bytes = new Blob([code]).stream().pipeThrough(new DecompressionStream("gzip"));
      engine = learner_engine(await hedon_engine({ wasmBinary: await new Response(bytes).arrayBuffer() }));
      learner_check(engine.start());
      worker_tell("ready", { tasks: JSON.parse(engine.tasks()), methods: JSON.parse(engine.methods()) });
    } catch (error) {
      worker_tell("failed", { sentence: "The engine could not be started: " + error.message });
    }
  },
  begin(message) {
    learner = null;
    learner_configure(engine, message);
    const next = new Learner(engine, message.seed);
    learner_check(engine.play());
    decisions = [JSON.parse(engine.decision())];
    ended_at = weighed = 0;
    worker_tell("begun", { facts: next.facts, options: next.options, goal: next.goal, budget: next.protocol.steps,
      weights: JSON.parse(engine.weights()), map: JSON.parse(engine.map()) });
    learner = next;
    is_stepping = false;
    is_learning = message.learns;
    last = performance.now();
    worker_schedule();
  },
  learn(message) {
    worker_look(false);
    is_learning = message.learns && learner !== null && !learner.is_done;
    owed.learn = 0;
  },
  learn_once() {
    if (learner !== null && !learner.is_done) {
      worker_learn_once();
    }
  },
  step() {
    if (learner !== null) {
      worker_step();
    }
  },
  speed(message) {
    speed = message.speed;
  },
  rate(message) {
    rate = message.rate; // 0: the world is held
    owed.play = 0;
  },
  move(message) {
    if (learner !== null) {
      worker_move(message.moves);
    }
  },
};

onmessage = (event) => {
  try {
    worker_answers[event.data.type](event.data);
  } catch (error) {
    worker_tell("refused", { sentence: error.message });
  }
};
