// A learner at play: its world, the spikes of its network, one neuron, and the weights.
import { Activity, activity_eligibility } from "./activity.js";
import { ink_follow } from "./ink.js";
import { matrix_draw, matrix_names, matrix_words } from "./matrix.js";
import { neuron_draw, neuron_quantity } from "./neuron.js";
import { raster_draw, raster_find, raster_words } from "./raster.js";
import { Surface, surface_text } from "./surface.js";
import { world_of, world_state } from "./world.js";

export const view_world_html = `
<section class="card wide" aria-labelledby="world-title">
  <header><h2 id="world-title">The task</h2><p id="world-state" class="note"></p>
    <label class="choice"><span class="hidden">Speed of play</span><select id="world-speed">
      <option value="0.1">a tenth of its speed</option><option value="0.3">a third of its speed</option>
      <option value="1" selected>its own speed</option><option value="4">four times its speed</option></select></label></header>
  <canvas id="world" class="world" role="img" tabindex="0"></canvas>
  <footer id="world-hand"><span id="world-hint" class="note"></span>
    <button type="button" id="push-left" class="small">◀ push</button>
    <button type="button" id="push-right" class="small">push ▶</button></footer>
</section>`;

export const view_network_html = `
<section class="card" aria-labelledby="raster-title">
  <header><h2 id="raster-title">Spikes</h2><p class="note">time runs to the right; a bar is a spike</p></header>
  <canvas id="raster" class="tall" role="img" tabindex="0"></canvas>
</section>
<section class="card" aria-labelledby="weights-title">
  <header><h2 id="weights-title">Synapses</h2>
    <label class="choice"><span class="hidden">Show</span><select id="weights-what">
      <option value="weight">weights</option>
      <option value="eligibility">eligibilities of this decision</option>
      <option value="change">what learning has changed</option></select></label>
    <label class="choice"><span class="hidden">Projection</span><select id="weights-which"></select></label></header>
  <canvas id="weights" class="tall" role="img"></canvas>
  <p id="weights-note" class="note"></p>
</section>
<section class="card wide" aria-labelledby="neuron-title">
  <header><h2 id="neuron-title">One neuron</h2>
    <label class="choice"><span class="hidden">Neuron</span><select id="neuron-which"></select></label>
    <p id="neuron-note" class="note"></p></header>
  <canvas id="neuron" class="low" role="img"></canvas>
</section>`;

const view_weights_notes = {
  weight: "How strongly a source drives a target: warm excites, cool inhibits.",
  eligibility: "Input × (spike − probability of it), summed over the decision: what a reward signal would be multiplied with.",
  change: "Weights now less those at the start.",
};

const view_no_eligibility = "This method gathers no eligibility from spikes that are drawn; see its weights.";

function view_element(id) {
  return document.getElementById(id);
}

export class View {
  // hand: move([[index, value], ...]), and hold(bool), which also takes another rate() into use.
  constructor(hand) {
    this.hand = hand;
    this.facts = null;
    this.surfaces = {
      world: new Surface(view_element("world"), (g, w, h) => this.draw_world(g, w, h)),
      raster: new Surface(view_element("raster"), (g, w, h) => this.draw_raster(g, w, h)),
      weights: new Surface(view_element("weights"), (g, w, h) => this.draw_weights(g, w, h)),
      neuron: new Surface(view_element("neuron"), (g, w, h) => this.draw_neuron(g, w, h)),
    };
    ink_follow(() => this.paint());
    this.listen();
  }

  // ---- what arrives ----

  begin(facts) {
    this.facts = facts;
    this.world = world_of(facts.task);
    this.activity = new Activity(facts);
    this.decision = null;
    this.weights = this.first_weights = null;
    const k = facts.populations.length > 1 ? 1 : 0;
    this.chosen = facts.populations.length > 0 ? { population: k, neuron: 0 } : null;
    this.fill_choices();
    this.paint();
  }

  add(decisions) {
    decisions.forEach((decision) => this.activity.add(decision));
    this.decision = decisions[decisions.length - 1] ?? this.decision;
  }

  take_weights(list) {
    this.weights = list;
    this.first_weights ??= list;
  }

  paint() {
    Object.values(this.surfaces).forEach((surface) => surface.paint());
    if (this.decision) {
      view_element("world-state").textContent = world_state(this.decision);
    }
  }

  // ---- choices ----

  fill_choices() {
    const { facts } = this, which = view_element("neuron-which"), projections = view_element("weights-which");
    which.replaceChildren(...facts.populations.flatMap((population, k) =>
      Array.from({ length: population.n }, (_, j) => new Option(`${population.name} ${j}`, `${k} ${j}`))));
    projections.replaceChildren(...facts.projections.map((p, k) => new Option(p.name.replace("->", " → "), k)));
    projections.hidden = facts.projections.length < 2;
    view_element("world-hint").textContent = facts.movable > 0 ? this.world.hint : "";
    view_element("world-hand").hidden = facts.movable === 0;
    this.choose(this.chosen);
  }

  choose(chosen) {
    this.chosen = chosen;
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

  listen() {
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
      const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (by) {
        event.preventDefault();
        this.step_choice(by);
      }
    });
    this.listen_to_hand();
  }

  // ---- a hand on the world ----

  listen_to_hand() {
    const canvas = view_element("world");
    const grab = (event) => {
      const moves = this.world.grab?.(event.offsetX, event.offsetY, canvas.clientWidth, canvas.clientHeight, this.decision);
      if (moves) {
        this.hand.move(moves);
      }
    };
    canvas.addEventListener("pointerdown", (event) => {
      if (this.can_push()) {
        canvas.setPointerCapture(event.pointerId);
        this.hand.hold(true);
        grab(event);
      }
    });
    canvas.addEventListener("pointermove", (event) => canvas.hasPointerCapture(event.pointerId) && grab(event));
    for (const end of ["pointerup", "pointercancel"]) {
      canvas.addEventListener(end, () => this.hand.hold(false));
    }
    canvas.addEventListener("keydown", (event) => {
      const side = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (side) {
        event.preventDefault();
        this.push(side);
      }
    });
    view_element("world-speed").addEventListener("change", () => this.facts && this.hand.hold(false));
    view_element("push-left").addEventListener("click", () => this.push(-1));
    view_element("push-right").addEventListener("click", () => this.push(1));
  }

  // Decisions a second.
  rate() {
    return this.world.rate * Number(view_element("world-speed").value);
  }

  can_push() {
    return this.decision && this.facts.movable > 0 && !this.decision.ended;
  }

  push(side) {
    if (this.can_push()) {
      this.hand.move(this.world.push(side, this.decision));
    }
  }

  // ---- pictures ----

  draw_world(g, width, height) {
    if (this.decision) {
      this.world.draw(g, width, height, this.facts, this.decision);
      this.surfaces.world.say(`${this.world.words(this.facts, this.decision)} ${world_state(this.decision)}`);
    }
  }

  draw_raster(g, width, height) {
    if (this.facts?.hidden) {
      view_excuse(g, width, height, `No spikes to show: ${this.facts.hidden}.`);
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

  // The values that are asked for, [pre][post], or null.
  matrix_values(what, k) {
    const projection = this.facts.projections[k], now = this.weights[k]?.w;
    if (what === "eligibility") {
      return this.activity.last() ? activity_eligibility(this.facts, this.activity.last(), projection) : null;
    }
    return what === "change" ? now?.map((w, i) => w - this.first_weights[k].w[i]) : now;
  }

  draw_weights(g, width, height) {
    const what = view_element("weights-what").value, k = Number(view_element("weights-which").value || 0);
    if (!this.facts || !this.weights || this.facts.projections.length === 0) {
      return;
    }
    const projection = this.facts.projections[k], values = this.matrix_values(what, k);
    view_element("weights-note").textContent = values ? view_weights_notes[what] : view_no_eligibility;
    if (values) {
      matrix_draw(g, width, height, this.facts, projection, values);
      const names = matrix_names(this.facts, projection);
      this.surfaces.weights.say(matrix_words(projection, values) + (names ? ` Sources are ${names.join(", ")}.` : ""));
    }
  }
}

// A sentence in place of a picture, in lines that fit.
function view_excuse(g, width, height, sentence) {
  const lines = [""];
  for (const word of sentence.split(" ")) {
    if (g.measureText(lines[lines.length - 1] + " " + word).width > width - 40) {
      lines.push("");
    }
    lines[lines.length - 1] += (lines[lines.length - 1] ? " " : "") + word;
  }
  const colour = getComputedStyle(document.documentElement).getPropertyValue("--faint");
  lines.forEach((line, i) => surface_text(g, line, 20, height / 2 + (i - lines.length / 2 + 0.5) * 18, colour, "left", "middle"));
}
