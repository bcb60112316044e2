#include <math.h>
#include <string.h>

#include "coding_all.h"
#include "mathf.h"

/* Place cells that are recruited where the agent has been. Cells come in groups; in each group the
 * cell nearest to the observation is active, so that a group divides the space as a grid of `tiles`
 * does, but along lines that follow from its cells. Coordinates are measured by the range that has
 * been seen so far: no range is given.
 *
 *   range_d = highest - lowest value seen of coordinate d
 *   dist_i^2 = sum over the coordinates that the group sees of ((s_d - c_id) / range_d)^2
 *
 * A group recruits a cell at the observation, with probability `recruit` and as long as it has any
 * left, where its nearest cell is farther than spacing sqrt(coordinates seen). Draws differ from
 * group to group, and so do their cells. Every second group sees `few` coordinates only, drawn
 * once: it generalises over the others, of which some may say nothing.
 *
 * The competition, and recruiting where no cell is near, are after Kohonen 1982 and Chevtchenko et
 * al. 2023; groups that see a few coordinates after Ho 1998. Cells stay where they were recruited,
 * since the weights that they have learned would go with them.
 *
 * Groups recruit where the agent is, and most of them do so on the same visits: unless each
 * scatters its cells about the observation, their borders lie together, and all groups say no
 * more than one of them. */
#define place_PARAMS(P)                                                                           \
  P(groups, 32.0f, 1.0f, 1024.0f, HD_WHOLE,                                                       \
    "The place code has this many groups of cells, in each of which the nearest cell fires.")     \
  P(cells, 64.0f, 1.0f, 4096.0f, HD_WHOLE, "A group recruits at most this many place cells.")     \
  P(spacing, 0.125f, 0.001f, 10.0f, "range",                                                      \
    "A group recruits a place cell where all of its cells are farther away than this share of "   \
    "the range seen so far, as a root mean square over coordinates.")                             \
  P(recruit, 0.2f, 0.0f, 1.0f, "",                                                                \
    "A group that may recruit a place cell does so with this probability.")                       \
  P(few, 2.0f, 0.0f, 64.0f, HD_WHOLE,                                                             \
    "Every second group sees this many coordinates, drawn at random; 0 shows all to all groups.") \
  P(scatter, 0.0f, 0.0f, 1.0f, "place.spacing",                                                   \
    "A place cell is recruited up to this far from the observation along each coordinate, at "    \
    "random, so that groups differ in their borders.")
HD_CODE_PARAMS(place)

/* Observations by which a first range is known before any cell is recruited. */
enum { LEAST_COUNT = 50 };

/* The table has a row per coordinate, with these columns, then a 1 for each group that sees the
 * coordinate, then the centres of all cells; and a last row with the number of observations so far
 * (up to 2^24) in its first column and the cells that each group has in the columns of groups. */
enum { LOW, HIGH, GROUPS_AT };

enum { TABLE_MAX = 1 << 26, CHUNK = 64 };

typedef struct place {
  int groups, cells, n_axes;
  size_t stride;
  float *table;
  hd__coord axis[HD_CELL_COORDS_MAX];
} place;

static place place_of(const hd__code *code) {
  place out = {.groups = code->n_active,
               .cells = code->n / code->n_active,
               .n_axes = code->table_rows - 1,
               .stride = (size_t)(code->n_table / code->table_rows),
               .table = code->table};
  hd__code_coords(&code->def, out.axis);
  return out;
}

static float *place_row(const place *p, int d) { return p->table + (size_t)d * p->stride; }

/* The last row: counts. */
static float *place_counts(const place *p) { return place_row(p, p->n_axes); }

static float *place_centres(const place *p, int d, int group) {
  return place_row(p, d) + GROUPS_AT + p->groups + group * p->cells;
}

static hd_status code_place_measure(hd_ctx *ctx, hd__code *code) {
  HD_TRY(hd__code_check(ctx, code));
  HD_TRY(hd__code_check_coords(ctx, code));
  const struct place_params *p = HD_CODE_OWN(place, code);
  hd__coord coord[HD_CELL_COORDS_MAX];
  code->table_rows = hd__code_coords(&code->def, coord) + 1;
  code->n_active = (int)p->groups;
  code->n = code->n_active * (int)p->cells;
  const int64_t n = (int64_t)code->table_rows * (GROUPS_AT + code->n_active + code->n);
  if (n > TABLE_MAX) {
    return hd__fail(ctx, HD_RANGE,
                    "place.groups x place.cells = %d cells of %d coordinates are too many; allowed "
                    "%d numbers in all",
                    code->n, code->table_rows - 1, TABLE_MAX);
  }
  code->n_table = (int)n;
  return HD_OK;
}

/* ---- what a group sees ---- */

/* The group sees `few` different coordinates of all, each as likely. */
static void place_draw_few(const place *p, hd__key key, int group, int few) {
  for (int d = 0, left = few; d < p->n_axes; d++) {
    const bool is_seen =
        hd__uniform24(key, (uint32_t)(group * p->n_axes + d)) * (float)(p->n_axes - d) <
        (float)left;
    place_row(p, d)[GROUPS_AT + group] = is_seen ? 1.0f : 0.0f;
    left -= is_seen;
  }
}

static void code_place_init(hd__code *code) {
  const place p = place_of(code);
  const hd__key key = hd__key_make(code->def.seed, HD_STREAM_FEATURE, 1, 0);
  const int few = (int)HD_CODE_OWN(place, code)->few;
  memset(p.table, 0, sizeof(float) * (size_t)code->n_table);
  for (int g = 0; g < p.groups; g++) {
    const bool has_few = few > 0 && few < p.n_axes && g % 2 == 1;
    place_draw_few(&p, key, g, has_few ? few : p.n_axes);
  }
}

static int place_seen(const place *p, int group) {
  int n = 0;
  for (int d = 0; d < p->n_axes; d++) {
    n += place_row(p, d)[GROUPS_AT + group] > 0.0f;
  }
  return n;
}

/* ---- the nearest cell ---- */

/* Cells that a group has. */
static int place_used(const place *p, int group) {
  return (int)hd__clampf(place_counts(p)[GROUPS_AT + group], 0.0f, (float)p->cells);
}

/* The observation's coordinates and one over the square of their ranges, 0 where there is none. */
typedef struct place_point {
  float s[HD_CELL_COORDS_MAX], by[HD_CELL_COORDS_MAX];
} place_point;

static void place_point_of(const place *p, const float *obs, place_point *out) {
  for (int d = 0; d < p->n_axes; d++) {
    const float *row = place_row(p, d);
    const int dim = p->axis[d].dim;
    const float range = row[HIGH] - row[LOW];
    out->s[d] = p->axis[d].is_periodic ? hd__code_angle(obs, dim) : obs[dim];
    out->by[d] = range > 0.0f ? 1.0f / (range * range) : 0.0f;
  }
}

/* dist2 += by (s - c)^2, an angle the shorter way round. */
static void place_add_axis(int n, const float *centre, float s, float by, bool is_angle,
                           float *dist2) {
  for (int i = 0; i < n && !is_angle; i++) {
    const float far = centre[i] - s;
    dist2[i] += by * far * far;
  }
  for (int i = 0; i < n && is_angle; i++) {
    const float one_way = fabsf(centre[i] - s), far = hd__minf(one_way, 2.0f * HD_PI_F - one_way);
    dist2[i] += by * far * far;
  }
}

typedef struct place_winner {
  int cell; /* of its group; 0 if the group has none */
  float dist2;
} place_winner;

static place_winner place_nearest(const place *p, const place_point *at, int group) {
  const int used = place_used(p, group);
  place_winner winner = {.cell = 0, .dist2 = INFINITY};
  for (int from = 0; from < used; from += CHUNK) {
    const int n = used - from < CHUNK ? used - from : CHUNK;
    float dist2[CHUNK] = {0};
    for (int d = 0; d < p->n_axes; d++) {
      if (place_row(p, d)[GROUPS_AT + group] > 0.0f) {
        place_add_axis(n, place_centres(p, d, group) + from, at->s[d], at->by[d],
                       p->axis[d].is_periodic, dist2);
      }
    }
    for (int i = 0; i < n; i++) {
      if (dist2[i] < winner.dist2) {
        winner = (place_winner){.cell = from + i, .dist2 = dist2[i]};
      }
    }
  }
  return winner;
}

static void code_place_active(const hd__code *code, const float *obs, int32_t *line) {
  const place p = place_of(code);
  place_point at;
  place_point_of(&p, obs, &at);
  for (int g = 0; g < p.groups; g++) {
    line[g] = (int32_t)(g * p.cells + place_nearest(&p, &at, g).cell);
  }
}

/* ---- learning ---- */

static void place_widen(const place *p, const place_point *at, bool is_first) {
  for (int d = 0; d < p->n_axes; d++) {
    float *row = place_row(p, d);
    row[LOW] = is_first ? at->s[d] : hd__minf(row[LOW], at->s[d]);
    row[HIGH] = is_first ? at->s[d] : hd__maxf(row[HIGH], at->s[d]);
  }
}

/* s moved by up to `far` either way; an angle stays between -pi and pi. */
static float place_scattered(float s, float far, bool is_angle, float uniform) {
  const float out = s + (2.0f * uniform - 1.0f) * far;
  if (!is_angle || fabsf(out) <= HD_PI_F) {
    return out;
  }
  return out > 0.0f ? out - 2.0f * HD_PI_F : out + 2.0f * HD_PI_F;
}

/* `scatter` is a share of the range. */
static void place_recruit(const place *p, const place_point *at, int group, float scatter,
                          hd__key key) {
  const int used = place_used(p, group);
  for (int d = 0; d < p->n_axes; d++) {
    const float *row = place_row(p, d), far = scatter * (row[HIGH] - row[LOW]);
    const float uniform = hd__uniform24(key, (uint32_t)(p->groups + group * p->n_axes + d));
    place_centres(p, d, group)[used] =
        place_scattered(at->s[d], far, p->axis[d].is_periodic, uniform);
  }
  place_counts(p)[GROUPS_AT + group] = (float)(used + 1);
}

static void code_place_learn(hd__code *code, const float *obs) {
  const struct place_params *own = HD_CODE_OWN(place, code);
  const place p = place_of(code);
  float *count = place_counts(&p);
  place_point at;
  place_point_of(&p, obs, &at);
  place_widen(&p, &at, *count == 0.0f);
  *count += 1.0f;
  if (*count < LEAST_COUNT) {
    return;
  }
  place_point_of(&p, obs, &at);
  const hd__key key = hd__key_make(code->def.seed, HD_STREAM_FEATURE, 2, (uint64_t)*count);
  for (int g = 0; g < p.groups; g++) {
    const bool may = place_used(&p, g) < p.cells && hd__uniform24(key, (uint32_t)g) < own->recruit;
    const float far = own->spacing * own->spacing * (float)place_seen(&p, g);
    if (may && place_nearest(&p, &at, g).dist2 > far) {
      place_recruit(&p, &at, g, own->scatter * own->spacing, key);
    }
  }
}

const hd__code_desc hd__code_place = {
    .name = "place",
    .doc =
        "groups of place cells, recruited where the agent has been; the nearest of each group "
        "fires",
    .source = "after Kohonen 1982; Chevtchenko et al. 2023; Ho 1998",
    .kind = HD_CODE_SPARSE,
    HD_CODE_LIST(place),
    .measure = code_place_measure,
    .init = code_place_init,
    .active = code_place_active,
    .learn = code_place_learn,
};
