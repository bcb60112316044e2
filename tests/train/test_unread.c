/* What nothing in a run reads changes nothing: all such options at other values give the same
 * weights and the same evaluation. */
#include "config.h"
#include "learners.h"
#include "option.h"

/* Another value than the present one, within what is allowed; false: none is known. */
static bool other_value(const hd_option *option, const hd__option_row *row, char other[64]) {
  double low, high;
  char first[64];
  if (row != NULL && row->type == HD_TYPE_CHOICE) {
    sscanf(option->allowed, "%63[^,]", first);
    const char *second = option->allowed + strlen(first) + strlen(", ");
    snprintf(other, 64, "%.*s", (int)strcspn(second, ","), second);
    return strcmp(first, option->value) == 0 || snprintf(other, 64, "%s", first) > 0;
  }
  if (row != NULL && row->type == HD_TYPE_FLAG) {
    snprintf(other, 64, "%s", option->value[0] == 't' ? "false" : "true");
    return true;
  }
  if (row != NULL && row->type == HD_TYPE_LIST) {
    snprintf(other, 64, "%s", strcmp(option->value, "3") == 0 ? "5" : "3");
    return true;
  }
  if (row != NULL && row->type == HD_TYPE_WORD) {
    return false;
  }
  const char *range = option->allowed + (strncmp(option->allowed, "whole, ", 7) == 0 ? 7 : 0);
  if (sscanf(range, "%lf to %lf", &low, &high) != 2) {
    return false;
  }
  const double value = strtod(option->value, NULL);
  snprintf(other, 64, "%.9g", value == low ? (high < low + 1 ? high : low + 1) : low);
  return true;
}

/* Change all that is not read; returns how much that was. */
static int change_unread(hd_config *config) {
  int n = 0;
  for (int i = 0; i < hd_config_count(config); i++) {
    const hd_option option = hd_config_at(config, i);
    char key[128], other[64];
    snprintf(key, sizeof key, "%s", option.key);
    if (!option.is_read && other_value(&option, hd__config_row(i), other)) {
      CHECK(hd__config_set_recorded(config, key, other) == HD_OK);
      n++;
    }
  }
  return n;
}

static hd_session *open(hd_ctx *ctx, const hd_config *config) {
  hd_session *session = NULL;
  if (hd_session_create(ctx, config, 4, &session) != HD_OK) {
    printf("  %s\n", hd_ctx_error(ctx));
    CHECK(false);
  }
  return session;
}

/* Two hidden layers, or one where the method's learner or rule takes no more. */
static const char *layers_of(const hd_config *config) {
  const bool is_eprop = strcmp(hd_config_get(config, "rule"), "e-prop") == 0;
  const bool has_one = is_read(config, "gated.rates") || is_read(config, "svpg.group");
  return is_eprop || has_one ? "8" : "8,8";
}

static void unread(const char *task, const char *method) {
  hd_ctx *ctx = open_ctx();
  hd_config *config = NULL;
  CHECK(hd_config_create(ctx, task, method, &config) == HD_OK);
  CHECK(hd_config_set(config, "hidden", layers_of(config)) == HD_OK);
  if (is_read(config, "replay.batch")) {
    CHECK(hd_config_set(config, "replay.batch", "16") == HD_OK);
    CHECK(hd_config_set(config, "replay.learning_starts", "100") == HD_OK);
  }
  hd_session *want = open(ctx, config);
  CHECK(change_unread(config) > 40);
  hd_session *got = open(ctx, config);
  if (want != NULL && got != NULL) {
    double a = 0, b = 1;
    advance(want, 300, 300);
    advance(got, 300, 300);
    CHECK(hd_session_hash(want) == hd_session_hash(got));
    CHECK(hd_session_evaluate(want, 2, 0, NULL, &a) == HD_OK);
    CHECK(hd_session_evaluate(got, 2, 0, NULL, &b) == HD_OK);
    CHECK(a == b);
  }
  hd_session_destroy(got);
  hd_session_destroy(want);
  hd_config_destroy(config);
  hd_ctx_destroy(ctx);
}

static void what_is_not_read_changes_nothing(void) { for_methods(unread); }

int main(void) {
  RUN(what_is_not_read_changes_nothing);
  return test_end();
}
