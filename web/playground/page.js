// The page of the playground: what learns is chosen here, a worker trains it, and pictures show it.
import { address_command, address_read, address_write } from "./address.js";
import { agents_fill, agents_group, agents_words } from "./agents.js";
import { curve_draw } from "../shared/curve.js";
import { ink } from "../shared/ink.js";
import { scale_count, scale_short } from "../shared/scale.js";
import { Surface } from "../shared/surface.js";
import { View } from "../shared/view.js";
import { view_network_html, view_world_html } from "../shared/view_html.js";
import { next_ideas, next_show } from "./next.js";
import { Settings } from "./settings.js";

const page_curve_html = `
<section class="card wide" aria-labelledby="curve-title">
  <header><h2 id="curve-title">Learning curve</h2>
    <p class="key note"><span><i></i>in tests, where it does what it thinks best</span><span><i class="faint"></i>while it
      learns and tries things out</span><span id="before-key" hidden><i class="before"></i><span id="before-name"></span></span></p></header>
  <canvas id="curve" role="img"></canvas>
  <p class="note">Up: the mean return, the sum of an episode's rewards. To the right: steps of learning.</p>
</section>`;

const page_start = { task: "CartPole-v1", method: "neuron-agent", seed: "0", speed: "2000" };

function page_of(id) {
  return document.getElementById(id);
}

class Page {
  constructor() {
    page_of("pictures").innerHTML = view_world_html + page_curve_html + view_network_html;
    this.worker = new Worker(URL.createObjectURL(new Blob([page_of("engine").textContent], { type: "text/javascript" })));
    this.worker.onmessage = (event) => this["on_" + event.data.type](event.data);
    this.ask("start", { code: Uint8Array.from(atob(page_of("code").textContent), (c) => c.charCodeAt(0)) });
    this.tasks = this.methods = [];
    this.shown = this.before = null; // {task, name, points}: the curve of this run, and of the one before
    this.forget();
    this.settings = new Settings(() => this.change());
    this.view = new View({ move: (moves) => this.ask("move", { moves }), rate: (rate) => this.ask("rate", { rate }),
      step: () => this.ask("step"), to_learn: 'press "Step" below "Start"' });
    this.curve = new Surface(page_of("curve"), (g, w, h) => this.draw_curve(g, w, h));
    this.listen();
    const paint = () => {
      if (this.is_stale) {
        this.is_stale = false;
        this.view.paint();
      }
      requestAnimationFrame(paint);
    };
    requestAnimationFrame(paint);
  }

  ask(type, more) {
    this.worker.postMessage({ type, ...more });
  }

  // What there was of another learner; its curve stays beside that of the next one of its task.
  forget() {
    if (this.shown !== null && this.points.length > 0) {
      this.before = { ...this.shown, points: this.points };
    }
    this.points = [];
    this.training = [];
    this.goal = null;
    this.steps = this.budget = 0;
  }

  run() {
    return { task: page_of("task").value, method: page_of("method").value, seed: page_of("seed").value || "0",
      speed: page_of("speed").value, settings: this.settings.pairs };
  }

  state(state) {
    document.body.dataset.state = state;
    page_of("pause").disabled = !["learning", "paused"].includes(state);
    page_of("once").disabled = !["learning", "paused", "ready"].includes(state);
    page_of("pause").textContent = state === "paused" ? "Go on" : "Pause";
    page_of("start").textContent = state === "ready" ? "Start learning" : "Start anew";
    page_of("next").hidden = state !== "done";
  }

  // ---- what the reader does ----

  listen() {
    page_of("controls").addEventListener("submit", (event) => {
      event.preventDefault();
      this.begin(true);
      page_of("world").scrollIntoView({ block: "nearest" }); // on a phone it is below
    });
    page_of("pause").addEventListener("click", () => this.pause());
    page_of("once").addEventListener("click", () => this.learn_once());
    for (const id of ["task", "method", "seed"]) {
      page_of(id).addEventListener("change", () => this.change(id));
    }
    page_of("speed").addEventListener("change", () => {
      this.ask("speed", { speed: Number(page_of("speed").value) });
      address_write(this.run());
    });
    page_of("freeze").addEventListener("change", () => {
      if (page_of("freeze").checked) {
        this.settings.set("learn_hidden", "false");
      } else {
        this.settings.drop("learn_hidden");
      }
      this.change();
    });
    page_of("copy").addEventListener("click", () => this.copy());
    addEventListener("hashchange", () => this.take_address(true));
  }

  copy() {
    navigator.clipboard?.writeText(location.href).then(() => (page_of("copy").textContent = "Copied"),
      () => (page_of("copy").textContent = "Copy it from the address bar"));
  }

  pause() {
    const learns = document.body.dataset.state === "paused";
    this.state(learns ? "learning" : "paused");
    this.ask("learn", { learns });
  }

  // One step of learning, whose picture is then that of the task that it learns in.
  learn_once() {
    if (document.body.dataset.state === "learning") {
      this.pause();
    }
    this.state("paused");
    page_of("outcome").textContent = "Learning step by step: what you see is the task it learns in.";
    this.ask("learn_once");
  }

  // Another task, method, seed or setting: shown at play as it is before it learns.
  change(what) {
    if (what === "method") { // it may have no hidden neurons
      page_of("freeze").checked = false;
      this.settings.drop("learn_hidden");
    }
    this.describe();
    this.begin(false);
  }

  begin(learns) {
    this.learns = learns;
    page_of("refusal").hidden = true;
    address_write(this.run());
    this.ask("speed", { speed: Number(page_of("speed").value) });
    this.ask("begin", { ...this.run(), learns });
  }

  describe() {
    const doc = (list, name) => list.find((one) => one.name === name)?.doc ?? "";
    page_of("task-doc").textContent = doc(this.tasks, page_of("task").value);
    page_of("agent-words").textContent = agents_words(page_of("method").value);
    page_of("method-doc").textContent = doc(this.methods, page_of("method").value);
    page_of("command").textContent = address_command(this.run());
  }

  take_address(is_new) {
    const run = address_read(page_start);
    for (const id of ["task", "method", "seed", "speed"]) {
      page_of(id).value = run[id];
    }
    this.settings.pairs = run.settings;
    this.settings.show();
    page_of("freeze").checked = this.settings.get("learn_hidden") === "false";
    this.describe();
    if (is_new) {
      this.begin(false);
    }
  }

  // ---- what the worker says ----

  on_ready({ tasks, methods }) {
    this.tasks = tasks;
    this.methods = methods;
    page_of("task").append(...tasks.map((task) => new Option(task.name)));
    agents_fill(page_of("method"), methods);
    this.take_address(false);
    page_of("start").disabled = false;
    document.body.dataset.readyMs = performance.now();
    this.begin(false);
  }

  on_begun({ facts, options, goal, budget, weights, map }) {
    this.forget();
    this.goal = goal;
    this.budget = budget;
    this.settings.take_options(options);
    this.shown = { task: facts.task, name: facts.method + (this.is_frozen() ? ", frozen" : "") };
    this.show_before();
    page_of("freeze-row").hidden = !this.settings.option("learn_hidden");
    this.state(this.learns ? "learning" : "ready");
    page_of("outcome").className = "outcome";
    page_of("outcome").textContent = this.learns
      ? "Learning: watch what it does, and the curve." : "It has learned nothing yet. Press start, and watch what it does.";
    this.began = performance.now();
    page_of("hash").textContent = "not known before its end";
    this.view.begin(facts);
    this.view.take_weights(weights, map);
    this.view.hand.tell_rate();
    this.curve.paint();
  }

  on_news({ steps, episodes, recent, decisions, evaluations, spent, weights, map }) {
    this.steps = steps;
    this.points.push(...evaluations);
    if (recent !== null && (this.training.length === 0 || steps > this.training[this.training.length - 1][0])) {
      this.training.push([steps, recent]);
      this.thin();
    }
    page_of("steps").textContent = scale_count(steps);
    page_of("episodes").textContent = scale_count(episodes);
    page_of("recent").textContent = recent === null ? "–" : scale_short(recent);
    page_of("bar").style.width = `${Math.min(100, 100 * steps / this.budget)}%`;
    document.body.dataset.stepsPerSecond = Math.round(1000 * steps / spent.train);
    this.view.add(decisions);
    if (weights !== null) {
      this.view.take_weights(weights, map);
    }
    this.is_stale = true;
    this.curve.paint();
  }

  // Every second point of a long curve goes.
  thin() {
    if (this.training.length > 600) {
      this.training = this.training.filter((_, i) => i % 2 === 0);
    }
  }

  on_done({ solved, relapsed, first_steps, first_episodes, final, hash, spent }) {
    this.state("done");
    document.body.dataset.hash = hash;
    document.body.dataset.solvedMs = performance.now() - this.began;
    document.body.dataset.trainMs = spent.train;
    const outcome = page_of("outcome");
    page_of("bar").style.width = "100%";
    outcome.className = solved ? "outcome solved" : "outcome";
    outcome.textContent = (solved
      ? `Solved after ${scale_count(first_steps)} steps, ${scale_count(first_episodes)} episodes` +
        (relapsed ? "; later lost again." : ".")
      : `${this.goal === null ? "Done" : "Not solved"}: return ${scale_short(final)} after ${scale_count(this.steps)} steps.`);
    page_of("hash").textContent = hash;
    this.suggest();
  }

  // ---- what to try next ----

  // null: this method has nothing to freeze.
  is_frozen() {
    return this.settings.option("learn_hidden") ? page_of("freeze").checked : null;
  }

  suggest() {
    const run = this.run();
    next_show(page_of("next-list"), next_ideas(run, agents_group(run.method), this.is_frozen()), ({ run: change }) => this.take(change));
  }

  // Change the run so, and let it learn.
  take({ task, method, is_frozen }) {
    page_of("task").value = task ?? page_of("task").value;
    if (method) {
      page_of("method").value = method;
      this.settings.pairs = []; // those of another method
    }
    page_of("freeze").checked = is_frozen;
    is_frozen ? this.settings.set("learn_hidden", "false") : this.settings.drop("learn_hidden");
    this.describe();
    this.begin(true);
    page_of("start").focus(); // the button that was pressed is gone
  }

  show_before() {
    const is_same = this.before?.task === this.shown.task;
    this.before = is_same ? this.before : null;
    page_of("before-key").hidden = !is_same;
    page_of("before-name").textContent = is_same ? `the run before, ${this.before.name}` : "";
  }

  on_refused({ sentence }) {
    page_of("refusal").textContent = `This does not go: ${sentence}.`;
    page_of("refusal").hidden = false;
    this.state("refused");
  }

  on_failed({ sentence }) {
    this.on_refused({ sentence });
    this.state("failed");
  }

  // ---- the curve ----

  draw_curve(g, width, height) {
    const series = [{ colour: ink.faint, points: this.training, is_faint: true },
      ...(this.before ? [{ colour: ink["series-2"], points: this.before.points }] : []),
      { colour: ink["series-1"], points: this.points }];
    curve_draw(g, width, height, series, this.goal, this.steps);
    const last = this.points[this.points.length - 1];
    this.curve.say(last ? `After ${scale_count(last[0])} steps the mean return of an evaluation was ${scale_short(last[1])}.`
      : "No evaluation yet.");
  }
}

new Page();
