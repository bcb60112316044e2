// Spikes of all neurons over the last decisions, population under population; the input above.
import { activity_at } from "./activity.js";
import { ink, ink_series } from "./ink.js";
import { surface_box, surface_line, surface_text } from "./surface.js";

const raster_edge = { left: 12, right: 12, top: 4, bottom: 8, title: 22 };

// Where the rows of each population stand.
function raster_places(facts, height) {
  const rows = facts.populations.reduce((sum, one) => sum + one.n, 0);
  const room = height - raster_edge.top - raster_edge.bottom - raster_edge.title * facts.populations.length;
  const row = Math.min(28, room / Math.max(1, rows));
  let top = raster_edge.top;
  return facts.populations.map((population) => {
    const place = { top: top + raster_edge.title, row, ...population };
    top = place.top + row * population.n;
    return place;
  });
}

// The neuron under a point: {population, neuron}, or null.
export function raster_find(facts, height, y) {
  const places = raster_places(facts, height);
  const population = places.findIndex((p) => y >= p.top && y < p.top + p.row * p.n);
  return population < 0 ? null
    : { population, neuron: Math.floor((y - places[population].top) / places[population].row) };
}

function raster_spikes(g, place, data, colour, x, step, T) {
  const thick = Math.max(1, place.row - (place.row > 4 ? 2 : 0));
  for (let t = 0; t < T; t++) {
    for (let j = 0; j < place.n; j++) {
      const value = activity_at(data, data.spike ? "spike" : "value", place.n, t, j);
      if (value !== 0) {
        g.globalAlpha = data.spike ? 1 : Math.min(1, 0.12 + 0.7 * Math.abs(value));
        g.fillStyle = data.spike ? colour : value < 0 ? ink.cool : ink.warm;
        g.fillRect(x + t * step, place.top + j * place.row, Math.max(1, step - (data.spike ? 1 : 0)), thick);
      }
    }
  }
  g.globalAlpha = 1;
}

function raster_title(g, place, width, is_input) {
  const what = is_input ? "values" : place.of === 1 ? "neuron" : "neurons";
  const words = `${place.name}, ${place.of > place.n ? `the first ${place.n} of ${place.of}` : place.n} ${what}`;
  surface_text(g, words, raster_edge.left, place.top - 5, ink.faint);
  surface_line(g, [[raster_edge.left, place.top - 1], [width - raster_edge.right, place.top - 1]], ink.line, 1);
}

function raster_choice(g, place, chosen, width) {
  g.strokeStyle = ink.accent;
  g.lineWidth = 1.5;
  g.strokeRect(raster_edge.left - 4, place.top + chosen.neuron * place.row - 1.5,
    width - raster_edge.left - raster_edge.right + 8, place.row + 1);
}

// chosen: {population, neuron} that is framed, or null.
export function raster_draw(g, width, height, activity, chosen) {
  const places = raster_places(activity.facts, height);
  const { shown, n, step, T } = activity.window(width - raster_edge.left - raster_edge.right);
  places.forEach((place, k) => {
    raster_title(g, place, width, k === 0);
    shown.forEach((decision, d) => {
      const x = raster_edge.left + (n - shown.length + d) * T * step;
      const data = decision.populations[k];
      if (data.spike || data.value) {
        raster_spikes(g, place, data, ink_series(k), x, step, T);
      }
      if (decision.step === 1 && d > 0) {
        surface_box(g, x - 0.75, place.top, 1.5, place.row * place.n, 0, ink.faint);
      }
    });
    if (chosen !== null && chosen.population === k) {
      raster_choice(g, place, chosen, width);
    }
  });
}

// Spikes per neuron and substep in words.
export function raster_words(activity) {
  const decision = activity.last();
  if (!decision) {
    return "No decision has been made yet.";
  }
  return activity.facts.populations.slice(1).map((population, k) => {
    const spikes = [...decision.populations[k + 1].spike].filter((c) => c === "1").length;
    return `${population.name}: ${spikes} spikes of ${population.n} neurons in the last decision of ` +
      `${activity.facts.substeps} substeps`;
  }).join("; ") + ".";
}
