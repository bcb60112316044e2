/* The graph of a network, drawn: populations from left to right, the strongest weights between
 * them, neurons the fuller the more credit they were given. */
#include <math.h>
#include <string.h>

#include "network_graph.h"
#include "say.h"
#include "svg.h"

enum { WIDTH = 820, LEFT = 90, RIGHT = 730, TOP = 116, EACH = 20, RADIUS = 7, FOOT = 20, BAR = 10 };

static const char style[] =
    ".plus{stroke:#0072b2}.minus{stroke:#b25000}.node{stroke:#59636e;fill:#fff}"
    ".agent{stroke:#59636e;fill:#007a5e}"
    "@media(prefers-color-scheme:dark){.plus{stroke:#56b4e9}.minus{stroke:#e69f00}"
    ".node{stroke:#9198a1;fill:#0d1117}.agent{stroke:#9198a1;fill:#2fc9a0}}";

/* ---- places ---- */

static double graph_x(const network_graph *self, int population) {
  return self->n > 1 ? LEFT + (double)(RIGHT - LEFT) * population / (self->n - 1) : LEFT;
}

static int graph_tallest(const network_graph *self) {
  int n = 1;
  for (int p = 0; p < self->n; p++) {
    n = self->population[p].n_shown > n ? self->population[p].n_shown : n;
  }
  return n;
}

static double graph_y(const network_graph *self, int population, int k) {
  const double tall = (double)EACH * graph_tallest(self);
  const int n = self->population[population].n_shown;
  return TOP + tall * (k + 0.5) / n;
}

static double graph_y_of(const network_graph *self, int population, int neuron) {
  int k = 0;
  while (self->population[population].shown[k] != neuron) {
    k++;
  }
  return graph_y(self, population, k);
}

static double graph_most_credit(const network_graph *self) {
  double most = 0;
  for (int p = 0; p < self->n; p++) {
    for (int i = 0; i < self->population[p].n; i++) {
      most = fmax(most, self->population[p].credit[i]);
    }
  }
  return most;
}

/* ---- the picture ---- */

static void graph_draw_edges(FILE *file, const network_graph *self) {
  const double largest = self->n_edges > 0 ? fabs((double)self->edge[0].weight) : 0;
  const int n = self->n_edges < GRAPH_EDGES ? self->n_edges : GRAPH_EDGES;
  for (int i = n - 1; i >= 0 && largest > 0; i--) { /* the strongest on top */
    const graph_edge *e = &self->edge[i];
    const double strength = fabs((double)e->weight) / largest;
    fprintf(file,
            "<line class=\"%s\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" "
            "stroke-width=\"%.2f\" stroke-opacity=\"%.2f\"/>\n",
            e->weight > 0 ? "plus" : "minus", graph_x(self, e->from) + RADIUS,
            graph_y_of(self, e->from, e->source), graph_x(self, e->to) - RADIUS,
            graph_y_of(self, e->to, e->goal), 0.4 + 2.6 * strength, 0.15 + 0.7 * strength);
  }
}

static void graph_draw_neuron(FILE *file, const network_graph *self, int population, int k,
                              double most) {
  const graph_population *p = &self->population[population];
  const int i = p->shown[k];
  const double x = graph_x(self, population), y = graph_y(self, population, k);
  char text[SAY_SIZE];
  fprintf(file, "<circle class=\"node\" cx=\"%.1f\" cy=\"%.1f\" r=\"%d\"/>\n", x, y, RADIUS);
  if (p->is_agent) {
    fprintf(file,
            "<circle class=\"agent\" cx=\"%.1f\" cy=\"%.1f\" r=\"%d\" "
            "fill-opacity=\"%.2f\"><title>neuron %d: %.3g</title></circle>\n",
            x, y, RADIUS, most > 0 ? p->credit[i] / most : 0, i, p->credit[i]);
  }
  snprintf(text, sizeof text, "%d", i);
  const bool is_first = population == 0;
  svg_label(file, "faint small", is_first ? "end" : "start", x + (is_first ? -12 : 12), y + 4,
            text);
}

static void graph_draw_population(FILE *file, const network_graph *self, int population,
                                  double most) {
  const graph_population *p = &self->population[population];
  char text[TRACE_NAME + 64];
  snprintf(text, sizeof text, p->n_shown < p->n ? "%s: %d of %d" : "%s: %d", p->name, p->n_shown,
           p->n);
  svg_label(file, "small", "middle", graph_x(self, population), TOP - 14, text);
  for (int k = 0; k < p->n_shown; k++) {
    graph_draw_neuron(file, self, population, k, most);
  }
}

void network_graph_picture(FILE *file, const network_graph *self) {
  const double most = graph_most_credit(self);
  char text[160];
  svg_begin(file, WIDTH, TOP + EACH * graph_tallest(self) + FOOT, "The network as a graph", style);
  svg_label(file, "title", "start", 20, 26,
            "The network, and the credit that its neurons were given");
  snprintf(
      text, sizeof text,
      "the fuller a neuron, the further learning has moved its incoming weights: at most %.3g, "
      "the root mean square",
      most);
  svg_label(file, "faint small", "start", 20, 46, text);
  snprintf(text, sizeof text,
           "lines: the %d strongest weights between neurons shown, blue above zero, orange below",
           self->n_edges < GRAPH_EDGES ? self->n_edges : GRAPH_EDGES);
  svg_label(file, "faint small", "start", 20, 64, text);
  graph_draw_edges(file, self);
  for (int p = 0; p < self->n; p++) {
    graph_draw_population(file, self, p, most);
  }
  fputs("</svg>\n", file);
}

/* ---- in text ---- */

static void graph_write_bar(FILE *file, double share, bool has_unicode) {
  const int n = (int)lround(share * BAR);
  for (int i = 0; i < BAR; i++) {
    fputs(i < n ? (has_unicode ? "█" : "#") : (has_unicode ? "░" : "."), file);
  }
}

/* The strongest weights onto a neuron, of those between neurons shown. */
static void graph_write_inputs(FILE *file, const network_graph *self, int population, int neuron) {
  int n = 0;
  for (int i = 0; i < self->n_edges && n < 4; i++) {
    const graph_edge *e = &self->edge[i];
    if (e->to == population && e->goal == neuron) {
      fprintf(file, "%s%s %d %+.3g", n++ == 0 ? "  from " : ", ", self->population[e->from].name,
              e->source, (double)e->weight);
    }
  }
}

void network_graph_text(FILE *file, const network_graph *self, bool has_unicode) {
  const double most = graph_most_credit(self);
  for (int p = 0; p < self->n; p++) {
    const graph_population *of = &self->population[p];
    fprintf(file, of->n_shown < of->n ? "%s: %d of %d neurons\n" : "%s: %d neurons\n", of->name,
            of->n_shown < of->n ? of->n_shown : of->n, of->n);
    for (int k = 0; k < of->n_shown && of->is_agent; k++) {
      const int i = of->shown[k];
      fprintf(file, "%6d  ", i);
      graph_write_bar(file, most > 0 ? of->credit[i] / most : 0, has_unicode);
      fprintf(file, " %-8.3g", of->credit[i]);
      graph_write_inputs(file, self, p, i);
      fputc('\n', file);
    }
  }
  fputs("credit: how far learning has moved a neuron's incoming weights, the root mean square\n",
        file);
}
