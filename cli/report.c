#include "report.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "say.h"
#include "shell.h"
#include "terminal.h"

const char *report_solved(const hd_result *r, double threshold) {
  return r->relapsed        ? "relapsed"
         : r->solved        ? "yes"
         : !r->done         ? "unfinished"
         : isnan(threshold) ? "-"
                            : "no";
}

static void report_title(const terminal *term, const hd_config *config) {
  printf("%s%s%s with %s", terminal_ink(term, INK_STRONG), hd_config_task(config),
         terminal_ink(term, INK_PLAIN), hd_config_method(config));
}

static ink report_ink(const hd_result *r, double threshold) {
  return r->solved ? INK_GOOD : isnan(threshold) ? INK_PLAIN : INK_BAD;
}

static void report_one(const terminal *term, const hd_config *config, double threshold,
                       const hd_result *r) {
  char a[SAY_SIZE], b[SAY_SIZE], c[SAY_SIZE];
  const bool is_open = isnan(threshold);
  report_title(term, config);
  printf(", seed %" PRIu64 ": %s%s%s\n", r->seed, terminal_ink(term, report_ink(r, threshold)),
         r->solved  ? "solved"
         : !r->done ? "not finished"
         : is_open  ? "done"
                    : "not solved",
         terminal_ink(term, INK_PLAIN));
  if (r->solved) {
    printf("  threshold  return %s reached and held after %s steps, %s episodes%s\n",
           say_figure(a, threshold), say_count(b, r->steps_to_threshold),
           say_count(c, r->episodes_to_threshold), r->relapsed ? "; later lost again" : "");
  }
  printf("  trained    %s steps, %s episode%s\n", say_count(a, r->env_steps),
         say_count(b, r->episodes), r->episodes == 1 ? "" : "s");
  printf("  return     %s greedy", say_figure(a, r->final_return));
  printf(", %s while learning\n", say_figure(a, r->train_return));
  printf("  time       %s of CPU learning", say_seconds(a, r->cpu_s));
  printf(", %s evaluating, %s in all\n", say_seconds(a, r->eval_cpu_s), say_seconds(b, r->wall_s));
  printf("  hash       %016" PRIx64 "\n", r->hash);
}

/* How many solved the task, if there is a return that counts as solved. */
static void report_share(const terminal *term, const hd_summary *s, double threshold) {
  char a[SAY_SIZE];
  if (isnan(threshold)) {
    printf("\nno return counts as solved");
    return;
  }
  printf("\n%s%d of %d solved%s (%.0f%% to %.0f%%)", terminal_ink(term, INK_STRONG), s->n_solved,
         s->n, terminal_ink(term, INK_PLAIN), 100 * s->solved_low, 100 * s->solved_high);
  if (s->n_solved > 0) {
    printf(", median %s steps", say_count(a, (int64_t)(s->steps_median + 0.5)));
  }
}

static void report_many(const terminal *term, hd_study *study) {
  const double threshold = hd_config_threshold(hd_study_config(study));
  char a[SAY_SIZE], b[SAY_SIZE], c[SAY_SIZE];
  const hd_summary s = hd_study_summary(study);
  report_title(term, hd_study_config(study));
  printf("\n\n%8s  %-8s %10s %9s %9s %9s  %s\n", "seed", "solved", "steps", "episodes", "return",
         "CPU", "hash");
  for (int i = 0; i < s.n; i++) {
    const hd_result r = hd_study_result(study, i);
    printf("%8" PRIu64 "  %s%-8s%s ", r.seed, terminal_ink(term, report_ink(&r, threshold)),
           report_solved(&r, threshold), terminal_ink(term, INK_PLAIN));
    printf("%10s %9s ", r.solved ? say_count(a, r.steps_to_threshold) : "-",
           r.solved ? say_count(b, r.episodes_to_threshold) : "-");
    printf("%9s %9s  %016" PRIx64 "\n", say_figure(a, r.final_return), say_seconds(b, r.cpu_s),
           r.hash);
  }
  report_share(term, &s, threshold);
  printf("\nreturn %s interquartile mean", say_figure(a, s.return_iqm));
  printf(" (%s to %s), %s mean\n", say_figure(a, s.iqm_low), say_figure(b, s.iqm_high),
         say_figure(c, s.return_mean));
  printf("learning took %s of CPU per seed in the median", say_seconds(a, s.cpu_median));
  if (isfinite(s.env_steps_per_s)) {
    printf("; %s steps per second in all", say_short(a, s.env_steps_per_s));
  }
  printf("\n");
  printf("intervals are 95%%: %sbootstrap for the return\n",
         isnan(threshold) ? "" : "Wilson's for the share solved, ");
}

static const char *report_praise(const hd_env_desc *env) {
  return isfinite(env->solved) ? "has solved this task"
                               : "ended highest of the spiking methods measured on this task";
}

/* What the user set otherwise than the method that is known to be good has it. */
static void report_own_settings(hd_ctx *ctx, const hd_config *config, const hd_env_desc *env) {
  hd_config *own = NULL;
  const char *method = hd_config_method(config);
  bool has_any = false;
  if (hd_config_create(ctx, hd_config_task(config), method, &own) != HD_OK) {
    return;
  }
  for (int i = 0; i < hd_config_count(config); i++) {
    const hd_option option = hd_config_at(config, i);
    const char *value = hd_config_get(own, option.key);
    if (strcmp(option.origin, "user") != 0 || strncmp(option.key, "eval_", 5) == 0 ||
        strcmp(option.value, value) == 0) {
      continue;
    }
    if (has_any) {
      printf("; %s=%s, not %s", option.key, value, option.value);
    } else {
      printf("%s %s with %s=%s, not %s", method, report_praise(env), option.key, value,
             option.value);
    }
    has_any = true;
  }
  if (has_any) {
    putchar('\n');
  }
  hd_config_destroy(own);
}

/* What is known to be better on the task than this run was: another method, or other settings. */
static void report_solver(hd_ctx *ctx, const hd_config *config, const arguments *args) {
  const char *task = hd_config_task(config), *name;
  const hd_env_desc *env;
  bool has_solved;
  if (hd_env_find(ctx, task, &env) != HD_OK ||
      hd_method_default(ctx, task, &name, &has_solved) != HD_OK || !has_solved) {
    return;
  }
  if (strcmp(name, hd_config_method(config)) == 0) {
    report_own_settings(ctx, config, env);
    return;
  }
  printf("%s %s: ", name, report_praise(env));
  shell_command(stdout, args, (const char *const[]){"train", task, "--method", name, NULL});
  putchar('\n');
}

void report_text(hd_ctx *ctx, hd_study *study, const arguments *args) {
  const terminal term = terminal_of(stdout);
  const hd_config *config = hd_study_config(study);
  const hd_summary s = hd_study_summary(study);
  if (hd_study_count(study) == 1) {
    const hd_result result = hd_study_result(study, 0);
    report_one(&term, config, hd_config_threshold(config), &result);
  } else {
    report_many(&term, study);
  }
  if (s.finished && s.n_solved == 0) {
    report_solver(ctx, config, args);
  }
}

void report_result_json(FILE *file, const hd_result *r) {
  fprintf(file,
          "{\"seed\":%" PRIu64 ",\"solved\":%s,\"relapsed\":%s,\"done\":%s,\"steps_to_threshold\":",
          r->seed, r->solved ? "true" : "false", r->relapsed ? "true" : "false",
          r->done ? "true" : "false");
  json_count(file, r->steps_to_threshold);
  fprintf(file, ",\"episodes_to_threshold\":");
  json_count(file, r->episodes_to_threshold);
  fprintf(file,
          ",\"env_steps\":%" PRId64 ",\"episodes\":%" PRId64 ",\"final_return\":", r->env_steps,
          r->episodes);
  json_number(file, r->final_return);
  fprintf(file, ",\"best_return\":");
  json_number(file, r->best_return);
  fprintf(file, ",\"train_return\":");
  json_number(file, r->train_return);
  fprintf(file, ",\"cpu_s\":");
  json_number(file, r->cpu_s);
  fprintf(file, ",\"eval_cpu_s\":");
  json_number(file, r->eval_cpu_s);
  fprintf(file, ",\"wall_s\":");
  json_number(file, r->wall_s);
  fprintf(file, ",\"hash\":");
  json_hash(file, r->hash);
  fprintf(file, "}");
}

void report_summary_json(FILE *file, const hd_summary *s) {
  const struct {
    const char *key;
    double value;
  } figure[] = {{"return_mean", s->return_mean},
                {"return_iqm", s->return_iqm},
                {"iqm_low", s->iqm_low},
                {"iqm_high", s->iqm_high},
                {"solved_fraction", s->solved_fraction},
                {"solved_low", s->solved_low},
                {"solved_high", s->solved_high},
                {"steps_median", s->steps_median},
                {"episodes_mean", s->episodes_mean},
                {"cpu_median", s->cpu_median},
                {"env_steps_per_s", s->env_steps_per_s}};
  for (size_t i = 0; i < sizeof figure / sizeof figure[0]; i++) {
    fprintf(file, ",\"%s\":", figure[i].key);
    json_number(file, figure[i].value);
  }
  fprintf(file, ",\"finished\":%s", s->finished ? "true" : "false");
}

void report_json(hd_study *study) {
  const hd_config *config = hd_study_config(study);
  const hd_summary s = hd_study_summary(study);
  printf("{\"env\":");
  json_string(stdout, hd_config_task(config));
  printf(",\"method\":");
  json_string(stdout, hd_config_method(config));
  printf(",\"seeds\":[");
  for (int i = 0; i < s.n; i++) {
    const hd_result result = hd_study_result(study, i);
    printf("%s", i > 0 ? "," : "");
    report_result_json(stdout, &result);
  }
  printf("]");
  report_summary_json(stdout, &s);
  printf("}\n");
}
