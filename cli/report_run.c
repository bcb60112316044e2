/* One run of a report: its learners, and what its network does. */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "network_graph.h"
#include "report.h"
#include "report_page.h"
#include "say.h"
#include "svg.h"
#include "traces.h"
#include "weights_picture.h"

/* ---- learners ---- */

static void report_learner(FILE *file, const run_learner *learner, double threshold) {
  const hd_result *r = &learner->result;
  char a[SAY_SIZE], b[SAY_SIZE], c[SAY_SIZE], hash[24] = "-";
  if (r->done) {
    snprintf(hash, sizeof hash, "%016" PRIx64, r->hash);
  }
  fprintf(file,
          "<tr><td>%" PRIu64
          "</td><td>%s</td><td>%s</td><td>%s</td><td>%s</td><td><code>%s</code></td></tr>\n",
          r->seed, report_solved(r, threshold),
          r->solved ? say_count(a, r->steps_to_threshold) : "-", say_count(b, r->env_steps),
          say_figure(c, r->final_return), hash);
}

static void report_learners(FILE *file, const run_data *run) {
  fprintf(file,
          "<details><summary>Seeds and hashes</summary><div class=\"frame\" "
          "tabindex=\"0\"><table><tr><th>seed</th>"
          "<th>solved</th><th>after "
          "steps</th><th>trained</th><th>return</th><th>hash</th></tr>\n");
  for (int i = 0; i < run->n; i++) {
    report_learner(file, &run->learner[i], run->threshold);
  }
  fputs("</table></div></details>\n", file);
}

/* Rates of layers at the first and the last evaluation, the mean over learners. */
static void report_rates(FILE *file, const run_data *run) {
  const run_learner *first = &run->learner[0];
  const int n = first->n > 0 ? first->evaluation[0].n_layers : 0;
  for (int l = 0; l < n; l++) {
    double before = 0, after = 0;
    int count = 0;
    for (int i = 0; i < run->n; i++) {
      const run_learner *learner = &run->learner[i];
      if (learner->n > 0) {
        before += learner->evaluation[0].layer[l].rate;
        after += learner->evaluation[learner->n - 1].layer[l].rate;
        count++;
      }
    }
    fprintf(file,
            "<p>Layer %s: %.3f spikes per neuron and substep at the first evaluation, %.3f at the "
            "last (mean over seeds).</p>\n",
            first->evaluation[0].layer[l].name, before / count, after / count);
  }
}

/* ---- the network ---- */

static bool report_trace(const report_page *page, const char *checkpoint, const run_data *run,
                         trace *out) {
  const trace_source source = {
      .checkpoint = checkpoint, .config = run->config, .seed = run->learner[0].result.seed};
  const trace_choice choice = {.last = TRACE_DECISIONS - 1};
  int code;
  return trace_try(page->ctx, &source, &choice, out, &code) == HD_OK && code == EXIT_OK;
}

static void report_graph(FILE *file, const trace *before, const trace *after) {
  network_graph graph;
  if (network_graph_make(before, after, &graph)) {
    report_frame_begin(file);
    network_graph_picture(file, &graph);
    report_frame_end(file);
    network_graph_free(&graph);
  }
}

static void report_weights(FILE *file, const report_page *page, const run_data *run) {
  enum { MOST = 20000 };
  static const char *const title[] = {"at the start", "in the checkpoint"};
  trace before, after;
  if (!network_weights(page->ctx, run, &before, &after)) {
    return;
  }
  const trace *const both[] = {&before, &after};
  if (before.n_parts > 0 && before.part[0].n <= MOST) {
    report_frame_begin(file);
    weights_picture(file, both, title, 2);
    report_frame_end(file);
  }
  report_graph(file, &before, &after);
  trace_free(&before);
  trace_free(&after);
}

/* What cannot be shown says why. */
static void report_network(FILE *file, const report_page *page, const run_data *run) {
  char path[RUN_PATH + 48];
  trace out;
  snprintf(path, sizeof path, "%s/checkpoint-%" PRIu64 ".hd", run->path,
           run->learner[0].result.seed);
  if (!report_trace(page, path, run, &out)) {
    fputs("<p class=\"note\">Its network is not shown: ", file);
    svg_text(file, hd_ctx_error(page->ctx));
    fputs("</p>\n", file);
    return;
  }
  report_frame_begin(file);
  trace_picture(file, &out);
  report_frame_end(file);
  trace_free(&out);
  report_weights(file, page, run);
}

void report_run_write(FILE *file, const report_page *page, const report_task *task, int i,
                      bool has_pictures) {
  const run_data *run = task->run[i];
  char title[RUN_PATH];
  fputs("<section><h3 id=\"", file);
  report_run_anchor(file, task, i);
  fputs("\">", file);
  svg_text(file, run_title(run, title, sizeof title));
  fputs("</h3>\n<p class=\"note\">", file);
  svg_text(file, run->path);
  fputs("</p>\n", file);
  report_command_write(file, page, run);
  report_rates(file, run);
  if (has_pictures) {
    report_network(file, page, run);
  }
  report_learners(file, run);
  report_settings_write(file, page, run);
  fputs("</section>\n", file);
}
