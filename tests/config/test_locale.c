/* Settings are read and written with a decimal point where the program's locale has a comma. */
#include <locale.h>

#include "files.h"
#include "hedon/hedon.h"
#include "number.h"
#include "test.h"

/* Make a locale with a comma in the tests' folder, if this system can. */
static bool set_comma(void) {
  char command[1024];
  snprintf(command, sizeof command, "localedef -c -i de_DE -f UTF-8 '%s' >/dev/null 2>&1",
           temp_path("de_DE.UTF-8"));
  if (system(command) > 1 << 8) {
    return false;
  }
  setenv("LOCPATH", HD_TEST_TMP, 1);
  char half[16] = "";
  const bool is_set = setlocale(LC_NUMERIC, "de_DE.UTF-8") != NULL;
  snprintf(half, sizeof half, "%.1f", 0.5);
  return is_set && strcmp(half, "0,5") == 0;
}

static void numbers_have_a_point(void) {
  double number = 0;
  CHECK(hd__number_read("0.125", &number) && number == 0.125);
  CHECK(hd__number_read("-1.5e-3", &number) && number == -1.5e-3);
  CHECK(hd__number_read(".5", &number) && number == 0.5);
  CHECK(hd__number_read("5.", &number) && number == 5.0);
  CHECK(hd__number_read("nan", &number) && number != number);
  CHECK(!hd__number_read("0,125", &number));
  CHECK(!hd__number_read("0x1p3", &number));
  CHECK(!hd__number_read("1.2.3", &number));
  CHECK(!hd__number_read("", &number));
}

static void settings_have_a_point(void) {
  const hd_ctx_def def = hd_ctx_def_default();
  hd_ctx *ctx = NULL;
  hd_config *config = NULL, *back = NULL;
  CHECK(hd_ctx_create(&def, &ctx) == HD_OK);
  put_text(temp_path("comma.toml"),
           "doc = \"d\"\n[settings]\nalpha = 0.375\nbernoulli.beta = 1.5\n");
  CHECK(hd_config_create(ctx, "CartPole-v1", temp_path("comma.toml"), &config) == HD_OK);
  CHECK_TEXT(hd_config_get(config, "alpha"), "0.375");
  CHECK_TEXT(hd_config_get(config, "bernoulli.beta"), "1.5");
  CHECK(hd_config_set(config, "gamma", "0.875") == HD_OK);
  CHECK(hd_config_set(config, "gamma", "0,875") == HD_RANGE);
  CHECK(hd_config_write(config, temp_path("run_locale.toml")) == HD_OK);
  CHECK(hd_config_read(ctx, temp_path("run_locale.toml"), &back) == HD_OK);
  CHECK_TEXT(hd_config_get(back, "gamma"), "0.875");
  CHECK_TEXT(hd_config_get(back, "alpha"), "0.375");
  hd_config_destroy(back);
  hd_config_destroy(config);
  hd_ctx_destroy(ctx);
}

/* A run's budget of .5 and of .25, told apart by what follows the point. */
static void budgets_have_a_point(void) {
  const hd_ctx_def def = hd_ctx_def_default();
  hd_ctx *ctx = NULL;
  hd_config *config = NULL;
  hd_study *study = NULL;
  CHECK(hd_ctx_create(&def, &ctx) == HD_OK);
  CHECK(hd_config_create(ctx, "DriftingBandit-v0:drift=0.25", NULL, &config) == HD_OK);
  CHECK_TEXT(hd_config_task(config), "DriftingBandit-v0:drift=0.25");
  CHECK(hd_config_set(config, "steps", "300") == HD_OK);
  CHECK(hd_config_set(config, "overtrain", "0.5") == HD_OK);
  hd_study_def run = hd_study_def_default();
  run.config = config;
  run.dir = temp_path("locale_run");
  remove_folder(run.dir);
  CHECK(hd_study_create(ctx, &run, &study) == HD_OK);
  hd_study_destroy(study);
  CHECK(hd_config_set(config, "overtrain", "0.25") == HD_OK);
  CHECK(hd_study_extend(ctx, run.dir, config, 0) == HD_RANGE);
  CHECK(hd_config_set(config, "overtrain", "0.75") == HD_OK);
  CHECK(hd_study_extend(ctx, run.dir, config, 0) == HD_OK);
  CHECK(hd_study_resume(ctx, run.dir, 1, &study) == HD_OK);
  CHECK_TEXT(hd_config_get(hd_study_config(study), "overtrain"), "0.75");
  hd_study_destroy(study);
  hd_config_destroy(config);
  hd_ctx_destroy(ctx);
}

int main(void) {
  RUN(numbers_have_a_point);
  RUN(settings_have_a_point);
  RUN(budgets_have_a_point);
  if (!set_comma()) {
    printf("  skipped: no locale with a comma can be made here\n");
    return test_end();
  }
  RUN(numbers_have_a_point);
  RUN(settings_have_a_point);
  RUN(budgets_have_a_point);
  return test_end();
}
