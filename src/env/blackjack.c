/* Blackjack by the rules of Sutton & Barto 2018, example 5.1 (Gymnasium's sab=True): an infinite
 * deck, the dealer stands on 17, a natural wins unless the dealer has one. With sab=False a natural
 * is a 21 as any other, and with natural=True as well it pays 1.5 if it wins.
 * Source: Gymnasium 1.4.0, envs/toy_text/blackjack.py. */
#include <math.h>

#include "env_table.h"

typedef struct hand {
  int32_t sum; /* aces count 1 */
  int32_t aces, cards;
} hand;

typedef struct blackjack {
  hand player, dealer;
  int32_t shown; /* the dealer's first card */
} blackjack;

typedef struct rules {
  bool natural, sab;
} rules;

static int blackjack_draw(hand *h, hd_random *random) {
  const int index = (int)hd_random_below(random, 13);
  const int card = index < 10 ? index + 1 : 10;
  h->sum += card;
  h->aces += card == 1;
  h->cards++;
  return card;
}

static bool blackjack_has_usable_ace(const hand *h) { return h->aces > 0 && h->sum + 10 <= 21; }

static int blackjack_total(const hand *h) {
  return h->sum + (blackjack_has_usable_ace(h) ? 10 : 0);
}

static int blackjack_score(const hand *h) {
  return blackjack_total(h) > 21 ? 0 : blackjack_total(h);
}

static bool blackjack_is_natural(const hand *h) {
  return h->cards == 2 && h->aces == 1 && h->sum == 11;
}

static void blackjack_reset(const hd_env_desc *self, void *state, hd_random *random) {
  (void)self;
  blackjack *s = state;
  *s = (blackjack){0};
  s->shown = blackjack_draw(&s->dealer, random);
  blackjack_draw(&s->dealer, random);
  blackjack_draw(&s->player, random);
  blackjack_draw(&s->player, random);
  /* Gymnasium also draws how the shown card looks: its suit and, for a ten, its face. */
  hd_random_below(random, 4);
  if (s->shown == 10) {
    hd_random_below(random, 3);
  }
}

/* What standing pays, once the dealer has drawn. */
static double blackjack_payment(const rules *r, const blackjack *s) {
  const int player = blackjack_score(&s->player), dealer = blackjack_score(&s->dealer);
  const bool is_natural = blackjack_is_natural(&s->player);
  const int sign = (player > dealer) - (player < dealer);
  if (r->sab) {
    return is_natural && !blackjack_is_natural(&s->dealer) ? 1 : sign;
  }
  return r->natural && is_natural && sign == 1 ? 1.5 : sign;
}

static bool blackjack_step(const hd_env_desc *self, void *state, const float *action,
                           hd_random *random, double *reward) {
  blackjack *s = state;
  const bool hit = action[0] != 0.0f;
  if (hit) {
    blackjack_draw(&s->player, random);
    const bool is_bust = blackjack_total(&s->player) > 21;
    *reward = is_bust ? -1 : 0;
    return is_bust;
  }
  while (blackjack_total(&s->dealer) < 17) {
    blackjack_draw(&s->dealer, random);
  }
  *reward = blackjack_payment(self->data, s);
  return true;
}

static void blackjack_observe(const hd_env_desc *self, const void *state, float *obs) {
  (void)self;
  const blackjack *s = state;
  obs[0] = (float)blackjack_total(&s->player);
  obs[1] = (float)s->shown;
  obs[2] = blackjack_has_usable_ace(&s->player) ? 1.0f : 0.0f;
}

static bool blackjack_configure(const hd_env_desc *self, hd_env_desc *out,
                                const hd_env_value *value, void *memory, char why[HD_WHY_SIZE]) {
  (void)self;
  (void)why;
  rules *r = memory;
  *r = (rules){.natural = value[0].number != 0, .sab = value[1].number != 0};
  out->data = r;
  out->high_score = NAN;
  return true;
}

static const rules sutton_and_barto = {.sab = true};

static const hd_env_option options[] = {
    {"natural", HD_ENV_FLAG, "false", 0, 0,
     "A natural that wins pays 1.5 where sab is false; with sab nothing changes."},
    {"sab", HD_ENV_FLAG, "true", 0, 0,
     "The rules are those of Sutton & Barto's book: a natural wins unless the dealer has one."}};

static const hd_dim obs_dims[] = {
    {"sum", "", 32, 4, 21}, {"dealer's card", "", 11, 1, 10}, {"usable ace", "", 2, 0, 1}};
static const hd_dim act_dims[] = {{"stick, hit", "", 2, 0, 1}};

const hd_env_desc hd__env_blackjack = {
    .size = sizeof(hd_env_desc),
    .name = "Blackjack-v1",
    .alias = "blackjack",
    .doc = "draw cards towards 21 against a dealer",
    .source = "Gymnasium 1.4.0, envs/toy_text/blackjack.py",
    .obs = obs_dims,
    .n_obs = 3,
    .act = act_dims,
    .n_act = 1,
    .solved = NAN,
    .low_score = -.4,
    .high_score = -.0431,
    .state_size = sizeof(blackjack),
    .data = &sutton_and_barto,
    .option = options,
    .n_options = 2,
    .configure = blackjack_configure,
    .reset = blackjack_reset,
    .step = blackjack_step,
    .observe = blackjack_observe,
};
