// The page of `hedon watch`: runs as they go on, and the newest checkpoint's learner at play.
import { curve_draw } from "../shared/curve.js";
import { ink, ink_series } from "../shared/ink.js";
import { scale_count, scale_short } from "../shared/scale.js";
import { Surface } from "../shared/surface.js";
import { View } from "../shared/view.js";
import { view_network_html, view_world_html } from "../shared/view_html.js";

function watch_of(id) {
  return document.getElementById(id);
}

function watch_cell(text) {
  const cell = document.createElement("td");
  cell.textContent = text;
  return cell;
}

class Watch {
  constructor() {
    document.querySelector("main").insertAdjacentHTML("beforeend", view_world_html + view_network_html);
    this.runs = [];
    this.chosen = -1;
    this.told = 0; // decisions so far
    this.n_asked = 0; // under way
    this.mark = this.first_mark = 1000000 * Math.floor(1000 * Math.random()); // of what this page says of the rate
    this.asked = Promise.resolve();
    this.view = new View({ move: (moves) => this.ask("move " + moves.flat().join(" ")), rate: (rate) => this.ask_rate(rate),
      step: () => this.ask("step"), to_learn: 'choose "learns on"' });
    watch_of("mode").addEventListener("change", () => this.ask("learn " + watch_of("mode").value));
    this.curve = new Surface(watch_of("curve"), (g, w, h) => this.draw_curve(g, w, h));
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

  // ---- the server ----

  // The browser connects again by itself where the server was away.
  listen() {
    const events = new EventSource("/events");
    for (const kind of ["hello", "runs", "rate", "facts", "weights", "play"]) {
      events.addEventListener(kind, (event) => this["on_" + kind](JSON.parse(event.data)));
    }
    events.onopen = () => this.say("Connected.");
    events.onerror = () => this.say("The server does not answer; trying again.");
  }

  say(words) {
    watch_of("connection").textContent = words;
    document.body.dataset.state = words === "Connected." ? "connected" : "away";
  }

  // One after the other: of two that are under way at once, the later one may arrive first.
  ask(words) {
    this.n_asked++;
    document.body.dataset.asks = true;
    this.asked = this.asked.then(() => fetch("/ask", { method: "POST", body: words, headers: { "X-Hedon-Token": this.token } }))
      .catch(() => {}).then(() => (document.body.dataset.asks = --this.n_asked > 0));
  }

  ask_rate(rate) {
    this.mark++;
    this.ask(`rate ${rate} ${this.mark}`);
  }

  on_hello({ token }) {
    this.token = token;
    this.rate = null;
    this.is_new = true; // nothing was told yet of what plays
  }

  // What plays is that of all pages: another one may have paused it. An answer to what this page has
  // said before its last word is too old to be shown.
  on_rate({ rate, mark }) {
    if (mark > this.first_mark && mark < this.mark) {
      return;
    }
    this.rate = rate;
    if (!this.is_new) {
      this.view.hand.take_rate(rate);
    }
  }

  on_runs({ folder, runs }) {
    this.runs = runs;
    watch_of("folder").textContent = folder;
    const focus = document.activeElement?.dataset.key; // rows are made anew: who is at a button stays there
    watch_of("list").replaceChildren(...runs.map((run, i) => this.row(run, i)));
    document.querySelector(`#list [data-key="${focus}"]`)?.focus();
    watch_of("empty").hidden = runs.length > 0;
    this.curve.paint();
  }

  on_facts({ checkpoint, seed, steps, learns, player }) {
    const who = `${player.task} with ${player.method}, seed ${seed}`, when = `${scale_count(steps)} steps (${checkpoint})`;
    watch_of("plays").textContent = learns
      ? `Learning on: ${who}, from ${when}, as the run itself did, step for step. Nothing of it is kept.`
      : `At play: ${who}, as it was after ${when}.`;
    watch_of("mode").hidden = !player.learnable;
    watch_of("mode").value = Number(learns);
    document.body.dataset.learns = learns;
    watch_of("runs").hidden = this.runs.length === 0;
    document.body.dataset.steps = steps;
    // Another learner is no later state of this one: nothing that was seen of it is kept.
    const is_same = document.body.dataset.checkpoint === checkpoint && JSON.stringify(this.view.facts) === JSON.stringify(player);
    document.body.dataset.checkpoint = checkpoint;
    if (!is_same) {
      this.view.begin(player);
    }
    if (this.is_new && this.rate !== null) {
      this.view.hand.take_rate(this.rate);
    } else if (this.is_new || !is_same) {
      this.view.hand.tell_rate(); // a server that was started anew knows nothing of it
    }
    this.is_new = false;
  }

  on_weights({ weights, map }) {
    this.view.take_weights(weights, map);
    this.is_stale = true;
  }

  on_play(decisions) {
    this.told += decisions.length;
    document.body.dataset.told = this.told;
    this.view.add(decisions);
    this.is_stale = true;
  }

  // ---- runs ----

  button(key, text, label, is_pressed, act) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "small";
    button.dataset.key = key;
    button.textContent = text;
    button.setAttribute("aria-pressed", is_pressed);
    button.setAttribute("aria-label", label);
    button.addEventListener("click", act);
    return button;
  }

  play_button(run) {
    const is_chosen = this.chosen === run.id;
    return this.button("play " + run.id, is_chosen ? "plays" : "play", `let ${run.title} play`, is_chosen, () => {
      this.chosen = is_chosen ? -1 : run.id;
      this.ask("run " + this.chosen);
      this.on_runs({ folder: watch_of("folder").textContent, runs: this.runs });
    });
  }

  // A run that goes on can be made to wait: it is saved then, and what learns on here is what it would do next.
  hold_button(run) {
    const words = { none: "pause", asked: "asked to wait", held: "go on" }[run.hold], waits = run.hold === "none";
    return this.button("hold " + run.id, words, `${waits ? "pause" : "go on with"} ${run.title}`, !waits, () => this.ask(`hold ${run.id} ${Number(waits)}`));
  }

  row(run, i) {
    const row = document.createElement("tr"), mark = document.createElement("i"), acts = document.createElement("td");
    const name = watch_cell(run.title + (run.hold === "held" ? " (waits)" : "")), path = document.createElement("span");
    path.className = "path note";
    path.textContent = run.path;
    mark.style.background = ink_series(i);
    name.prepend(mark);
    name.append(path);
    acts.append(this.play_button(run), ...(run.done < run.learners ? [this.hold_button(run)] : []));
    const steps = watch_cell(scale_count(run.steps));
    const solved = watch_cell(run.goal === null ? "–" : String(run.solved)); // no return counts as solved
    steps.className = solved.className = "more";
    row.append(name, watch_cell(`${run.done} of ${run.learners}`), solved,
      watch_cell(run.return === null ? "–" : scale_short(run.return)), steps, acts);
    return row;
  }

  // Tasks have different scales: curves are those of the first run's task.
  draw_curve(g, width, height) {
    const task = this.runs.find((run) => run.id === this.chosen)?.task ?? this.runs[0]?.task;
    const shown = this.runs.map((run, i) => ({ ...run, colour: ink_series(i) })).filter((run) => run.task === task);
    const series = shown.map((run) => ({ colour: run.colour, points: run.points.map((p) => [p[0], p[1]]),
      band: run.points.map((p) => [p[0], p[2], p[3]]) }));
    curve_draw(g, width, height, series, shown[0]?.goal ?? null, 0);
    this.curve.say(shown.map((run) => `${run.title}: return ${run.return === null ? "not known yet"
      : scale_short(run.return)}, ${run.done} of ${run.learners} learners done`).join("; ") || "No run yet.");
  }
}

new Watch();
