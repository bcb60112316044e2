// The page of `hedon watch`: runs as they go on, and the newest checkpoint's learner at play.
import { curve_draw } from "../shared/curve.js";
import { ink, ink_series } from "../shared/ink.js";
import { scale_count, scale_short } from "../shared/scale.js";
import { Surface } from "../shared/surface.js";
import { View, view_network_html, view_world_html } from "../shared/view.js";

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
    this.hand = { move: (moves) => this.ask("move " + moves.flat().join(" ")), hold: (held) => this.hold(held) };
    this.view = new View(this.hand);
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
    for (const kind of ["hello", "runs", "facts", "weights", "play"]) {
      events.addEventListener(kind, (event) => this["on_" + kind](JSON.parse(event.data)));
    }
    events.onopen = () => this.say("Connected.");
    events.onerror = () => this.say("The server does not answer; trying again.");
  }

  say(words) {
    watch_of("connection").textContent = words;
    document.body.dataset.state = words === "Connected." ? "connected" : "away";
  }

  ask(words) {
    fetch("/ask", { method: "POST", body: words, headers: { "X-Hedon-Token": this.token } }).catch(() => {});
  }

  hold(held) {
    this.ask("rate " + (held ? 0 : this.view.rate()));
  }

  on_hello({ token }) {
    this.token = token;
  }

  on_runs({ folder, runs }) {
    this.runs = runs;
    watch_of("folder").textContent = folder;
    watch_of("list").replaceChildren(...runs.map((run, i) => this.row(run, i)));
    this.curve.paint();
  }

  on_facts({ checkpoint, seed, steps, player }) {
    watch_of("plays").textContent = `At play: ${player.task} with ${player.method}, seed ${seed}, as it was after ` +
      `${scale_count(steps)} steps (${checkpoint}). Greedy; it does not learn here.`;
    watch_of("runs").hidden = this.runs.length === 0;
    document.body.dataset.checkpoint = checkpoint;
    document.body.dataset.steps = steps;
    const is_same = this.view.facts !== null && JSON.stringify(this.view.facts) === JSON.stringify(player);
    if (!is_same) {
      this.view.begin(player);
      this.hold(false);
    }
  }

  on_weights(list) {
    this.view.take_weights(list);
    this.is_stale = true;
  }

  on_play(decisions) {
    this.view.add(decisions);
    this.is_stale = true;
  }

  // ---- runs ----

  row(run, i) {
    const row = document.createElement("tr"), mark = document.createElement("i"), button = document.createElement("button");
    const name = watch_cell(run.title + (run.path ? `  ${run.path}` : ""));
    mark.style.background = ink_series(i);
    name.prepend(mark);
    button.type = "button";
    button.className = "small";
    button.textContent = this.chosen === run.id ? "plays" : "let it play";
    button.setAttribute("aria-pressed", this.chosen === run.id);
    button.setAttribute("aria-label", `let ${run.title} play`);
    button.addEventListener("click", () => {
      this.chosen = this.chosen === run.id ? -1 : run.id;
      this.ask("run " + this.chosen);
      this.on_runs({ folder: watch_of("folder").textContent, runs: this.runs });
    });
    const play = document.createElement("td");
    play.append(button);
    row.append(name, watch_cell(`${run.done} of ${run.learners}`), watch_cell(String(run.solved)),
      watch_cell(run.return === null ? "–" : scale_short(run.return)), watch_cell(scale_count(run.steps)), play);
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
