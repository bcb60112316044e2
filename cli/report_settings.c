/* Settings on a report: the command that makes a run again; all settings of the first run by each
 * method, and where those of the others differ; what they mean, once. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "report_page.h"
#include "shell.h"
#include "svg.h"

/* ---- values ---- */

/* A setting that some run reads. */
static bool report_meet(report_page *page, int i, const hd_option *option) {
  if (page->meaning[i].key == NULL) {
    page->meaning[i].key = text_store_keep(&page->texts, option->key, strlen(option->key));
    page->meaning[i].help = option->help;
  }
  return page->meaning[i].key != NULL;
}

/* The values [page->n_settings] of what is read in a configuration; the others stay NULL. */
static bool report_take(report_page *page, const hd_config *config, const char **value) {
  bool is_whole = true;
  for (int i = 0; i < page->n_settings && is_whole; i++) {
    const hd_option option = hd_config_at(config, i);
    if (option.is_read) {
      value[i] = text_store_keep(&page->texts, option.value, strlen(option.value));
      is_whole = value[i] != NULL && report_meet(page, i, &option);
    }
  }
  return is_whole;
}

bool report_settings_take(report_page *page) {
  page->n_settings = hd_config_count(page->list->run[0].config); /* of any configuration */
  page->value = calloc((size_t)page->list->n * (size_t)page->n_settings, sizeof *page->value);
  page->meaning = calloc((size_t)page->n_settings, sizeof *page->meaning);
  bool is_whole = page->value != NULL && page->meaning != NULL;
  for (int r = 0; r < page->list->n && is_whole; r++) {
    is_whole = report_take(page, page->list->run[r].config, page->value + r * page->n_settings);
  }
  return is_whole;
}

static const char *const *report_values(const report_page *page, const run_data *run) {
  return page->value + (run - page->list->run) * page->n_settings;
}

/* ---- the command ---- */

static void report_set(FILE *file, const char *key, const char *value) {
  char pair[RUN_PATH];
  snprintf(pair, sizeof pair, "%s=%s", key, value);
  fputs(" --set ", file);
  shell_quote(file, pair);
}

/* What is not as the method has it for this task. */
static void report_sets(FILE *file, const report_page *page, const run_data *run) {
  const char *const *value = report_values(page, run);
  hd_config *own = NULL;
  if (hd_config_create(page->ctx, hd_config_task(run->config), hd_config_method(run->config),
                       &own) != HD_OK) {
    own = NULL;
  }
  for (int i = 0; i < page->n_settings; i++) {
    const char *key = page->meaning[i].key;
    const char *before = own != NULL && value[i] != NULL ? hd_config_get(own, key) : NULL;
    if (value[i] != NULL && (before == NULL || strcmp(before, value[i]) != 0)) {
      report_set(file, key, value[i]);
    }
  }
  hd_config_destroy(own);
}

static void report_command_words(FILE *memory, const report_page *page, const run_data *run) {
  fputs("hedon", memory);
  for (int i = 0; i < page->args->n_plugins; i++) {
    fputs(" --plugin ", memory);
    shell_quote(memory, page->args->plugin[i]);
  }
  fputs(" train ", memory);
  shell_quote(memory, hd_config_task(run->config));
  fputs(" --method ", memory);
  shell_quote(memory, hd_config_method(run->config));
  fprintf(memory, " --seed %" PRIu64 " --seeds %d", run->learner[0].result.seed, run->n);
  report_sets(memory, page, run);
}

/* Written into memory first, since a shell's quotes have a meaning in HTML as well. */
void report_command_write(FILE *file, const report_page *page, const run_data *run) {
  char *text = NULL;
  size_t size = 0;
  FILE *memory = open_memstream(&text, &size);
  if (memory == NULL) {
    return;
  }
  report_command_words(memory, page, run);
  fclose(memory);
  fputs("<p>Made again by</p><pre>", file);
  svg_text(file, text);
  fputs("</pre>\n", file);
  free(text);
}

/* ---- settings ---- */

static void report_line(FILE *file, const char *key, const char *between, const char *value) {
  svg_text(file, key);
  fputs(between, file);
  svg_text(file, value);
  fputc('\n', file);
}

static void report_all(FILE *file, const report_page *page, const run_data *run) {
  const char *const *value = report_values(page, run);
  fputs(
      "<details class=\"settings\"><summary>All settings</summary><p class=\"note\">What they mean "
      "stands <a href=\"#settings\">at the end</a>.</p><pre class=\"all\">",
      file);
  for (int i = 0; i < page->n_settings; i++) {
    if (value[i] != NULL) {
      report_line(file, page->meaning[i].key, " = ", value[i]);
    }
  }
  fputs("</pre></details>\n", file);
}

/* Returns how many lines there are. */
static int report_differences(FILE *file, const report_page *page, const run_data *run,
                              const run_data *first) {
  const char *const *value = report_values(page, run), *const *before = report_values(page, first);
  int n = 0;
  for (int i = 0; i < page->n_settings; i++) {
    const char *key = page->meaning[i].key;
    if (value[i] == NULL && before[i] != NULL) {
      report_line(file, key, " is not read here", "");
      n++;
    } else if (value[i] != NULL && (before[i] == NULL || strcmp(before[i], value[i]) != 0)) {
      report_line(file, key, " = ", value[i]);
      n++;
    }
  }
  return n;
}

void report_settings_write(FILE *file, const report_page *page, const run_data *run) {
  int task, i;
  const run_data *first = report_first_of(page, run, &task, &i);
  if (first == run) {
    report_all(file, page, run);
    return;
  }
  fputs(
      "<details class=\"settings\"><summary>All settings</summary><p class=\"note\">Those of <a "
      "href=\"#",
      file);
  report_run_anchor(file, &page->task[task], i);
  fputs("\">the first run by this method</a>, but for</p><pre class=\"all\">", file);
  const int n = report_differences(file, page, run, first);
  fputs(n > 0 ? "</pre></details>\n" : "none</pre></details>\n", file);
}

/* ---- what they mean ---- */

void report_settings_meaning(FILE *file, const report_page *page) {
  fputs(
      "<h2 id=\"settings\">What the settings mean</h2>\n"
      "<details class=\"settings\"><summary>Every setting of these runs</summary>\n",
      file);
  report_frame_begin(file);
  fputs("<table>\n", file);
  for (int i = 0; i < page->n_settings; i++) {
    if (page->meaning[i].key != NULL) {
      fputs("<tr><td><code>", file);
      svg_text(file, page->meaning[i].key);
      fputs("</code></td><td class=\"left wide\">", file);
      svg_text(file, page->meaning[i].help);
      fputs("</td></tr>\n", file);
    }
  }
  fputs("</table>", file);
  report_frame_end(file);
  fputs("</details>\n", file);
}
