/* Codings that a program or a plug-in registers: their descriptor, seen as one of the built-in
 * kind. */
#include "code_own.h"

#include "described.h"
#include "is_finite.h"

static const hd_coding_desc *code_own_of(const hd__code *code) {
  return &((const hd__own_code *)code->desc)->own;
}

static hd_status code_own_measure(hd_ctx *ctx, hd__code *code) {
  const hd_coding_desc *own = code_own_of(code);
  HD_TRY(hd__code_check(ctx, code));
  code->n = own->lines(own, code->def.env, code->param);
  if (code->n == 0) {
    return hd__fail(ctx, HD_CONFLICT, "coding '%s' is not meant for the observations of %s",
                    own->name, code->def.env->name);
  }
  if (code->n < 0 || code->n > HD_CODING_LINES) {
    return hd__fail(ctx, HD_RANGE, "coding '%s' makes %d lines of an observation, allowed 1 to %d",
                    own->name, code->n, HD_CODING_LINES);
  }
  code->n_table = 1;                                     /* 1 after a value that is not finite */
  code->n_state = own->spikes != NULL ? 2 * code->n : 0; /* the coding's own, then the draws */
  return HD_OK;
}

/* Threads that share the table all write the same. */
static void code_own_check(const hd__code *code, const float *x) {
  float broken = 1.0f;
  if (!hd__is_finite(x, (size_t)code->n)) {
    __atomic_store(code->table, &broken, __ATOMIC_RELAXED);
  }
}

bool hd__code_wrote_finite(const hd__code *code) {
  float broken = 0.0f;
  if (code->desc->measure == code_own_measure) {
    __atomic_load(code->table, &broken, __ATOMIC_RELAXED);
  }
  return broken == 0.0f;
}

hd_status hd__code_check_written(hd_ctx *ctx, const hd__code *code) {
  return hd__code_wrote_finite(code)
             ? HD_OK
             : hd__fail(ctx, HD_NUMERIC, "coding %s wrote a value or a spike that is not finite",
                        code->desc->name);
}

static void code_own_encode(const hd__code *code, const float *obs, float *x) {
  const hd_coding_desc *own = code_own_of(code);
  own->encode(own, code->def.env, code->param, obs, x);
  code_own_check(code, x);
}

static void code_own_spikes(const hd__code *code, const float *x, int t, hd__key key, float *state,
                            float *s) {
  const hd_coding_desc *own = code_own_of(code);
  float *uniform = state + code->n;
  for (int i = 0; i < code->n; i++) {
    uniform[i] = hd__uniform24(key, (uint32_t)i);
  }
  own->spikes(own, code->param, code->n, x, t, uniform, state, s);
  code_own_check(code, s);
}

static hd__own_code code_own_make(const hd_coding_desc *desc) {
  const bool is_spiking = desc->spikes != NULL;
  return (hd__own_code){.own = *desc,
                        .desc = {.name = desc->name,
                                 .doc = desc->doc,
                                 .source = desc->source,
                                 .param = desc->param,
                                 .n_params = desc->n_params,
                                 .kind = is_spiking ? HD_CODE_SPIKES : HD_CODE_GRADED,
                                 .measure = code_own_measure,
                                 .encode = code_own_encode,
                                 .spikes = is_spiking ? code_own_spikes : NULL}};
}

_Static_assert((int)HD_CODING_PARAMS == (int)HD_CODE_PARAMS_MAX, "what a coding may list");

hd_status hd_coding_register(hd_ctx *ctx, const hd_coding_desc *desc) {
  if (desc == NULL || desc->size != sizeof(hd_coding_desc)) {
    return hd__fail(ctx, HD_USAGE, "a coding's descriptor must have size = sizeof(hd_coding_desc)");
  }
  if (desc->name == NULL || desc->name[0] == '\0' || desc->lines == NULL || desc->encode == NULL) {
    return hd__fail(ctx, HD_USAGE, "a coding needs a name and the functions lines and encode");
  }
  if (hd__code_find(ctx, desc->name) != NULL) {
    return hd__fail(ctx, HD_USAGE, "a coding called '%s' exists already", desc->name);
  }
  HD_TRY(
      hd__params_check(ctx, "coding", desc->name, desc->param, desc->n_params, HD_CODING_PARAMS));
  const hd__own_code made = code_own_make(desc);
  return hd__registry_add(ctx, &ctx->codings, &made, sizeof made);
}
