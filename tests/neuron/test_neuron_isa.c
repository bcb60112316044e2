/* Every instruction set computes every model with the same bits; the tables hold together. */
#include "neuron_fixture.h"

enum { N = 256, STEPS = 60 };

typedef struct record {
  _Alignas(64) float state[HD_NEURON_STATE_MAX * N], b[N], p[N], gain[N];
} record;

/* Run a model on random inputs; the last padding lanes are dead. */
static void drive_model(const hd__neuron_desc *desc, int isa, float reset, record *out) {
  static _Alignas(64) float drive[N], noise[N], live[N];
  float params[HD_NEURON_PARAMS_MAX], derived[DERIVED_FLOATS], one[HD_NEURON_STATE_MAX];
  for (int i = 0; i < desc->n_params; i++) {
    const hd_param *param = &desc->param[i];
    params[i] = strcmp(param->name, "t_ref") == 0   ? 2.0f
                : strcmp(param->name, "reset") == 0 ? reset
                                                    : param->fallback;
  }
  desc->derive(derived, params, 1.0f);
  desc->reset(derived, one);
  for (int i = 0; i < N; i++) {
    live[i] = i < N - 5 ? 1.0f : 0.0f;
    for (int k = 0; k < desc->n_state; k++) {
      out->state[k * N + i] = one[k];
    }
  }
  for (int t = 0; t < STEPS; t++) {
    const hd__key key = hd__key_make(9, HD_STREAM_SPIKE, (uint32_t)desc->id, (uint64_t)t);
    for (uint32_t i = 0; i < N; i++) {
      drive[i] = 8.0f * (hd__uniform24(key, i) - 0.4f);
      noise[i] = hd__uniform16(key, N + i);
    }
    hd__kernel_for(isa)->neuron[desc->id](derived, N, drive, noise, live, out->state, out->b,
                                          out->p, out->gain);
  }
}

static void instruction_sets_agree_to_the_bit(void) {
  static record scalar, other;
  for (int m = 0; m < hd__neuron_count(NULL); m++) {
    const hd__neuron_desc *desc = hd__neuron_at(NULL, m);
    for (int reset = 0; reset < 2; reset++) {
      drive_model(desc, HD_ISA_SCALAR, (float)reset, &scalar);
      for (int isa = HD_ISA_SCALAR + 1; isa < HD_ISA_COUNT; isa++) {
        if (hd__isa_choose(hd__isa_name(isa)) != isa) {
          printf("  %s skipped: this processor lacks it\n", hd__isa_name(isa));
          continue;
        }
        memset(&other, 0, sizeof other);
        drive_model(desc, isa, (float)reset, &other);
        const size_t state = sizeof(float) * N * (size_t)desc->n_state;
        CHECK(memcmp(scalar.state, other.state, state) == 0);
        CHECK(memcmp(scalar.b, other.b, sizeof other.b) == 0);
        CHECK(memcmp(scalar.p, other.p, sizeof other.p) == 0);
        CHECK(memcmp(scalar.gain, other.gain, sizeof other.gain) == 0);
      }
    }
  }
}

static void dead_lanes_never_fire(void) {
  static record run;
  for (int m = 0; m < hd__neuron_count(NULL); m++) {
    drive_model(hd__neuron_at(NULL, m), HD_ISA_SCALAR, 0, &run);
    for (int i = N - 5; i < N; i++) {
      CHECK(run.b[i] == 0 && run.p[i] == 0);
    }
  }
}

static void rows_are_complete(void) {
  for (int m = 0; m < hd__neuron_count(NULL); m++) {
    const hd__neuron_desc *desc = hd__neuron_at(NULL, m);
    CHECK(hd__neuron_find(NULL, desc->name) == desc && desc->id == m);
    CHECK(desc->n_params <= HD_NEURON_PARAMS_MAX && desc->n_state <= HD_NEURON_STATE_MAX);
    CHECK(desc->derived_size <= sizeof(float) * DERIVED_FLOATS);
    CHECK(desc->spiking || !desc->stochastic);
    for (int i = 0; i < desc->n_params; i++) {
      const hd_param *param = &desc->param[i];
      CHECK(param->low <= param->fallback && param->fallback <= param->high);
      CHECK(param->help[0] != '\0');
    }
  }
  CHECK(hd__neuron_find(NULL, "if") != NULL && hd__neuron_find(NULL, "if_") == NULL);
}

int main(void) {
  RUN(instruction_sets_agree_to_the_bit);
  RUN(dead_lanes_never_fire);
  RUN(rows_are_complete);
  return test_end();
}
