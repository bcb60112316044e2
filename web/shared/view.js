// A learner at play, or learning: its world, the spikes of its network, its synapses, one neuron, what it expects.
import { Activity, activity_eligibilities } from "./activity.js";
import { credit_own, credit_rows, credit_show } from "./credit.js";
import { ErrorHistory, error_draw, error_words } from "./error.js";
import { ink_follow } from "./ink.js";
import { matrix_draw, matrix_names, matrix_words } from "./matrix.js";
import { neuron_draw, neuron_quantity } from "./neuron.js";
import { raster_draw, raster_find, raster_words } from "./raster.js";
import { Surface, surface_excuse } from "./surface.js";
import { Hand } from "./view_hand.js";
import { world_of, world_state } from "./world.js";

const view_weights_notes = {
  weight: "How strongly a source drives a target: warm excites, cool inhibits.",
  eligibility: "What the reward signal is multiplied with. At play: input × (spike − probability of it), summed over the decision.",
  change: "Weights now less those at the start.",
};

const view_table_ms = 200; // between two fillings of the table of inputs
const view_zooms = [0.25, 0.5, 1, 2, 4, 8, 16];
const view_row = 2.5, view_row_most = 14; // pixels that a neuron has in the raster at least: per zoom, and at most
const view_trail = 600;   // places of an episode that are kept

function view_element(id) {
  return document.getElementById(id);
}

export class View {
  // hand: move([[index, value], ...]), rate(decisions a second), step(); to_learn: what to do to look at learning.
  constructor(hand) {
    this.facts = null;
    this.to_learn = hand.to_learn;
    this.zoom = view_zooms.indexOf(1);
    this.surfaces = {
      world: new Surface(view_element("world"), (g, w, h) => this.draw_world(g, w, h)),
      raster: new Surface(view_element("raster"), (g, w, h) => this.draw_raster(g, w, h)),
      weights: new Surface(view_element("weights"), (g, w, h) => this.draw_weights(g, w, h)),
      neuron: new Surface(view_element("neuron"), (g, w, h) => this.draw_neuron(g, w, h)),
      error: new Surface(view_element("error"), (g, w, h) => this.draw_error(g, w, h)),
    };
    this.hand = new Hand(this, hand);
    ink_follow(() => this.paint());
    this.listen();
  }

  // ---- what arrives ----

  begin(facts) {
    this.facts = facts;
    this.world = world_of(facts.task);
    this.activity = new Activity(facts);
    this.trail = [];
    this.set_zoom(this.zoom);
    this.errors = new ErrorHistory();
    this.decision = this.map = null;
    this.weights = this.weights_before = this.first_weights = null;
    this.filled = 0;
    const k = facts.populations.length > 1 ? 1 : 0;
    this.chosen = facts.populations.length > 0 ? { population: k, neuron: 0 } : null;
    this.fill_choices();
    this.hand.show(facts, this.world);
    this.paint();
  }

  add(decisions) {
    for (const decision of decisions) {
      this.activity.add(decision);
      this.errors.add(decision);
      this.follow(decision);
      this.decision = decision;
    }
  }

  // Observations of the episode so far; a hand that moves the world begins a new trail.
  follow(decision) {
    if (decision.moved || !this.decision || this.decision.ended || decision.step <= this.decision.step) {
      this.trail = [];
    }
    this.trail.push(decision.obs);
    this.trail.splice(0, this.trail.length - view_trail);
  }

  // map: what is known of the states of a task that has a number of them, or null.
  take_weights(list, map) {
    const is_new = list.some((one, k) => one.w.some((w, i) => w !== this.weights?.[k].w[i]));
    this.weights_before = is_new ? this.weights : this.weights_before; // credit stays until weights change again
    this.weights = list;
    this.first_weights ??= list;
    this.map = map;
  }

  paint() {
    Object.values(this.surfaces).forEach((surface) => surface.paint());
    if (this.decision) {
      view_element("world-state").textContent = world_state(this.decision);
      this.fill_inputs(performance.now());
    }
  }

  // ---- choices ----

  fill_choices() {
    const { facts } = this, which = view_element("neuron-which"), projections = view_element("weights-which");
    which.replaceChildren(...facts.populations.flatMap((population, k) =>
      Array.from({ length: population.n }, (_, j) => new Option(`${population.name} ${j}`, `${k} ${j}`))));
    projections.replaceChildren(...facts.projections.map((p, k) => new Option(p.name.replace("->", " → "), k)));
    projections.hidden = facts.projections.length < 2;
    this.choose(this.chosen);
  }

  choose(chosen) {
    this.chosen = chosen;
    this.filled = 0;
    if (chosen !== null) {
      view_element("neuron-which").value = `${chosen.population} ${chosen.neuron}`;
    }
  }

  step_choice(by) {
    const select = view_element("neuron-which"), n = select.options.length;
    if (n > 0) {
      select.selectedIndex = Math.max(0, Math.min(n - 1, select.selectedIndex + by));
      this.choose_selected();
    }
  }

  choose_selected() {
    const [population, neuron] = view_element("neuron-which").value.split(" ").map(Number);
    this.choose({ population, neuron });
    this.paint();
  }

  // Wider substeps, and, where there are many neurons, higher rows, which scroll.
  set_zoom(zoom) {
    this.zoom = Math.max(0, Math.min(view_zooms.length - 1, zoom));
    const times = view_zooms[this.zoom], raster = view_element("raster");
    view_element("zoom-out").disabled = this.zoom === 0;
    view_element("zoom-in").disabled = this.zoom === view_zooms.length - 1;
    if (this.facts) {
      this.activity.zoom = times;
      const rows = this.facts.populations.reduce((sum, one) => sum + one.n, 0);
      const height = rows * Math.min(view_row_most, view_row * times) + 20 * this.facts.populations.length;
      raster.style.height = times > 1 && height > raster.parentElement.clientHeight ? `${Math.round(height)}px` : "";
    }
  }

  zoom_by(by) {
    this.set_zoom(this.zoom + by);
    this.paint();
  }

  listen() {
    view_element("zoom-in").addEventListener("click", () => this.zoom_by(1));
    view_element("zoom-out").addEventListener("click", () => this.zoom_by(-1));
    view_element("neuron-which").addEventListener("change", () => this.choose_selected());
    view_element("weights-what").addEventListener("change", () => this.paint());
    view_element("weights-which").addEventListener("change", () => this.paint());
    const raster = view_element("raster");
    raster.addEventListener("click", (event) => {
      const found = this.facts && raster_find(this.facts, raster.clientHeight, event.offsetY);
      if (found) {
        this.choose(found);
        this.paint();
      }
    });
    raster.addEventListener("keydown", (event) => {
      const by = { ArrowDown: 1, ArrowUp: -1 }[event.key], zoom = { "+": 1, "=": 1, "-": -1 }[event.key];
      if (by || zoom) {
        event.preventDefault();
        by ? this.step_choice(by) : this.zoom_by(zoom);
      }
    });
  }

  // ---- pictures ----

  draw_world(g, width, height) {
    if (this.decision) {
      this.world.draw(g, width, height, this.facts, this.decision, this.map, this.trail);
      this.surfaces.world.say(`${this.world.words(this.facts, this.decision, this.map, this.trail)} ${world_state(this.decision)}`);
    }
  }

  draw_raster(g, width, height) {
    if (this.facts?.hidden) {
      surface_excuse(g, width, height, `No spikes to show: ${this.facts.hidden}.`);
      this.surfaces.raster.say(`No spikes to show: ${this.facts.hidden}.`);
    } else if (this.facts) {
      raster_draw(g, width, height, this.activity, this.chosen);
      this.surfaces.raster.say(raster_words(this.activity));
    }
  }

  draw_neuron(g, width, height) {
    const has = this.facts && this.chosen && this.activity.last();
    view_element("neuron-note").textContent = has ? neuron_quantity(this.activity, this.chosen)?.[1] ?? "" : "";
    if (has) {
      neuron_draw(g, width, height, this.activity, this.chosen);
      const name = this.facts.populations[this.chosen.population].name;
      this.surfaces.neuron.say(`Neuron ${this.chosen.neuron} of ${name} over the last decisions.`);
    }
  }

  // The table is read, so it does not change with every picture.
  fill_inputs(now) {
    const last = this.activity.last();
    if (!last || !this.weights || !this.chosen || now - this.filled < view_table_ms) {
      return;
    }
    this.filled = now;
    credit_show(view_element("inputs"), view_element("inputs-note"),
      credit_rows(this.facts, last, this.weights, this.weights_before, this.chosen),
      credit_own(this.facts, this.weights, this.chosen), this.no_eligibility());
  }

  draw_error(g, width, height) {
    if (!this.facts || !this.decision) {
      return;
    }
    view_element("error-note").textContent = this.errors.is_known ? "warm: better than expected; cool: worse" : "";
    if (this.errors.is_known) {
      error_draw(g, width, height, this.errors);
    } else {
      surface_excuse(g, width, height, "This method gives no values to observations, so no step is better or worse than expected.");
    }
    this.surfaces.error.say(error_words(this.errors));
  }

  // Why none is known.
  no_eligibility() {
    return this.facts.rule === "" ? "This method has no eligibilities; what learning has changed is its credit."
      : `Rule ${this.facts.rule} gathers eligibilities only while it learns: ${this.to_learn}.`;
  }

  // The values that are asked for, [pre][post], or null.
  matrix_values(what, k) {
    const projection = this.facts.projections[k], now = this.weights[k]?.w;
    if (what === "eligibility") {
      return activity_eligibilities(this.facts, this.activity.last(), this.weights[k], projection);
    }
    return what === "change" ? now?.map((w, i) => w - this.first_weights[k].w[i]) : now;
  }

  draw_weights(g, width, height) {
    const what = view_element("weights-what").value, k = Number(view_element("weights-which").value || 0);
    if (!this.facts || !this.weights) {
      return;
    }
    if (this.facts.projections.length === 0) {
      const why = this.facts.hidden ? `No synapses to show: ${this.facts.hidden}.` : "There are too many synapses to draw.";
      surface_excuse(g, width, height, why);
      this.surfaces.weights.say(why);
      return;
    }
    const projection = this.facts.projections[k], values = this.matrix_values(what, k);
    view_element("weights-note").textContent = values ? view_weights_notes[what] : this.no_eligibility();
    if (values) {
      matrix_draw(g, width, height, this.facts, projection, values);
      const names = matrix_names(this.facts, projection);
      this.surfaces.weights.say(matrix_words(projection, values) + (names ? ` Sources are ${names.join(", ")}.` : ""));
    }
  }
}
