#include "settings_use.h"

#include <string.h>

_Static_assert((int)HD_TILE_BINS_MAX == (int)HD_LIST_MAX,
               "every number of code.tile_bins has room");

hd_status hd__settings_code(hd_ctx *ctx, const hd_config *config, uint64_t seed, hd__code *code) {
  const hd__settings *s = hd__config_settings(config);
  hd__code_def def = {.env = hd__config_env(config),
                      .substeps = (int)s->substeps,
                      .dt_ms = (float)s->dt,
                      .bins = (int)s->code_bins,
                      .order = (int)s->code_order,
                      .tilings = (int)s->code_tilings,
                      .cells = (int)s->code_cells,
                      .range = (float)s->code_range,
                      .gain = (float)s->code_gain,
                      .seed = seed};
  memcpy(def.tile_bins, s->code_tile_bins.item, sizeof(int) * (size_t)s->code_tile_bins.n);
  float param[HD_CODE_PARAMS_MAX];
  hd__config_params(config, HD_MODEL_CODING, s->coding, param);
  *code = hd__code_make(hd__code_find(ctx, s->coding), &def, param);
  if (code->desc->learn != NULL && !hd__settings_have_rule(s)) {
    return hd__fail(ctx, HD_CONFLICT,
                    "coding = %s recruits its cells while a rule learns; use it with algorithm = "
                    "none and search = none",
                    s->coding);
  }
  return code->desc->measure(ctx, code);
}

hd_status hd__settings_widths(hd_ctx *ctx, const char *key, const hd__list *list, int *width,
                              int *n) {
  *n = 0;
  if (list->n == 1 && list->item[0] == 0) {
    return HD_OK;
  }
  for (int i = 0; i < list->n; i++) {
    if (list->item[i] < 1) {
      return hd__fail(ctx, HD_RANGE,
                      "layer %d of %s has no neurons; write %s = 0 for no hidden layer at all",
                      i + 1, key, key);
    }
    width[(*n)++] = list->item[i];
  }
  return HD_OK;
}

hd_status hd__settings_check_frozen(hd_ctx *ctx, const hd__settings *s, int n) {
  if (s->freeze_layer > n) {
    return hd__fail(ctx, HD_RANGE,
                    "freeze_layer = %d, and the network has %d hidden layer%s; allowed 0 to %d",
                    (int)s->freeze_layer, n, n == 1 ? "" : "s", n);
  }
  return HD_OK;
}

const char *hd__settings_critic_code(const hd__settings *s) {
  static const char *const codes[] = {
      [hd__critic_none] = "",
      [hd__critic_table] = "onehot",
      [hd__critic_fourier] = "fourier",
      [hd__critic_tiles] = "tiles",
      [hd__critic_random] = "random",
      [hd__critic_random_spikes] = "random",
      [hd__critic_learned_spikes] = "random",
      [hd__critic_place] = "place",
  };
  return codes[s->critic];
}
