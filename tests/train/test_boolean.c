/* A search over connections reads its candidates as bits, and finds what it finds by multiplying.
 */
#include "learners.h"
#include "insides.h"

static void bits_change_nothing(const char *method) {
  const char *settings = "coding=poisson neuron=lif hidden=40,70 substeps=6 search.population=8";
  hd_ctx *ctx = open_ctx();
  hd_session *packed = open_session(ctx, "CartPole-v1", method, settings, 3);
  hd_session *dense = open_session(ctx, "CartPole-v1", method, settings, 3);
  for (int l = 0; l < 2; l++) {
    hd__layer *layer = &search_of(packed)->learned.net.layer[l];
    CHECK(layer->plus != NULL && layer->minus != NULL);
    search_of(dense)->learned.actor.net.layer[l].plus = NULL; /* nowhere to pack to */
  }
  hd__net *acting = &search_of(packed)->learned.actor.net;
  hd__search_ask(&search_of(packed)->search, 0, search_of(packed)->candidate.w);
  hd__weight_map_write(&search_of(packed)->map, &search_of(packed)->search.def,
                       search_of(packed)->candidate.w, search_of(packed)->candidate.weights);
  acting->weights = search_of(packed)->candidate.weights;
  hd__net_pack(acting);
  CHECK(acting->layer[0].is_packed && acting->layer[1].is_packed);
  hd__net_unpack(acting);
  for (int m = 0; m < 20; m++) {
    CHECK(advance_unit(packed) == HD_OK && advance_unit(dense) == HD_OK);
    CHECK(!acting->layer[0].is_packed); /* evaluations are none of its business */
  }
  CHECK(search_of(packed)->search.counters->generation == 2);
  CHECK(packed->training.counters->steps == dense->training.counters->steps);
  CHECK(hd_session_hash(packed) == hd_session_hash(dense));
  hd_session_destroy(packed);
  hd_session_destroy(dense);
  hd_ctx_destroy(ctx);
}

static void evolving_connectivity_counts(void) { bits_change_nothing("evolving-connectivity"); }
static void ec_trust_counts(void) { bits_change_nothing("ec-trust"); }

/* Other searches take no memory for bits. */
static void real_weights_are_not_packed(void) {
  hd_ctx *ctx = open_ctx();
  hd_session *session = open_session(ctx, "CartPole-v1", "nes", "coding=poisson hidden=40", 3);
  CHECK(search_of(session)->learned.net.layer[0].plus == NULL);
  CHECK(advance_unit(session) == HD_OK);
  hd_session_destroy(session);
  hd_ctx_destroy(ctx);
}

int main(void) {
  RUN(evolving_connectivity_counts);
  RUN(ec_trust_counts);
  RUN(real_weights_are_not_packed);
  return test_end();
}
