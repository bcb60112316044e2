#include <string.h>

#include "coding_all.h"
#include "mathf.h"

/* Several grids over the same coordinates, each displaced by a fraction of a cell; the cell that
 * contains the observation is active in every grid. Tiling t is displaced along coordinate d by
 * (t (2d + 1) mod tilings) / tilings of a cell.
 *
 * Values beyond the working range count as lying one cell outside it; angles wrap; a finite
 * component has a cell per value and no displacement.
 *
 * Each tiling owns its part of the table. A grid that fits there is numbered, and no two cells
 * share a line; a larger one is hashed into its part.
 *
 * Sources: Albus 1975; displacements (1, 3, 5, ...) after Miller & Glanz 1996; Sutton & Barto
 * 2018, sec. 9.5.4. */
typedef enum axis_kind { AXIS_REAL, AXIS_PERIODIC, AXIS_FINITE } axis_kind;

/* One coordinate, as floats, so that it can live in the coding's table. */
typedef struct axis {
  float dim, kind;
  float low, cells_per_unit;
  float bins;  /* cells across the working range */
  float cells; /* different cell numbers */
} axis;

enum { AXIS_FLOATS = sizeof(axis) / sizeof(float), TILINGS_MAX = 1024 };

static int code_tiles_axes_of(const hd__code_def *def, axis out[HD_CELL_COORDS_MAX]) {
  hd__coord coord[HD_CELL_COORDS_MAX];
  const int n = hd__code_coords(def, coord);
  int bins = 1;
  for (int d = 0; d < n; d++) {
    bins = d < HD_TILE_BINS_MAX && def->tile_bins[d] > 0 ? def->tile_bins[d] : bins;
    const axis_kind kind = coord[d].count > 0     ? AXIS_FINITE
                           : coord[d].is_periodic ? AXIS_PERIODIC
                                                  : AXIS_REAL;
    /* A real coordinate has one cell more on each side, and one for the displacement. */
    const int cells[] = {
        [AXIS_REAL] = bins + 3, [AXIS_PERIODIC] = bins, [AXIS_FINITE] = coord[d].count};
    out[d] = (axis){.dim = (float)coord[d].dim,
                    .kind = (float)kind,
                    .low = coord[d].low,
                    .cells_per_unit = (float)bins / (coord[d].high - coord[d].low),
                    .bins = (float)bins,
                    .cells = (float)cells[kind]};
  }
  return n;
}

/* Cells of one grid, at most HD_STATES_MAX. */
static int code_tiles_grid_size(const axis *axes, int n) {
  int64_t size = 1;
  for (int d = 0; d < n && size < HD_STATES_MAX; d++) {
    size *= (int64_t)axes[d].cells;
  }
  return size < HD_STATES_MAX ? (int)size : HD_STATES_MAX;
}

static hd_status code_tiles_measure(hd_ctx *ctx, hd__code *code) {
  const hd__code_def *def = &code->def;
  HD_TRY(hd__code_check(ctx, code));
  HD_TRY(hd__code_check_coords(ctx, code));
  if (def->tilings < 1 || def->tilings > TILINGS_MAX) {
    return hd__fail(ctx, HD_RANGE, "tilings = %d, allowed 1 to %d", def->tilings, TILINGS_MAX);
  }
  if (def->cells < def->tilings || def->cells > HD_STATES_MAX) {
    return hd__fail(ctx, HD_RANGE, "cells = %d, allowed tilings (%d) to %d", def->cells,
                    def->tilings, HD_STATES_MAX);
  }
  for (int d = 0; d < HD_TILE_BINS_MAX; d++) {
    if (def->tile_bins[d] > 10000) {
      return hd__fail(ctx, HD_RANGE, "tile_bins = %d, allowed 1 to 10000", def->tile_bins[d]);
    }
  }
  axis axes[HD_CELL_COORDS_MAX];
  const int n_axes = code_tiles_axes_of(def, axes);
  const int grid = code_tiles_grid_size(axes, n_axes), part = def->cells / def->tilings;
  code->n = def->tilings * (grid < part ? grid : part);
  code->n_active = def->tilings;
  code->n_table = n_axes * (AXIS_FLOATS + def->tilings);
  return HD_OK;
}

/* The axes, and by what share of a cell each tiling is displaced along them. */
static void code_tiles_init(hd__code *code) {
  const int tilings = code->n_active;
  const int n_axes = code_tiles_axes_of(&code->def, (axis *)code->table);
  float *displacement = code->table + n_axes * AXIS_FLOATS;
  for (int d = 0; d < n_axes; d++) {
    for (int t = 0; t < tilings; t++) {
      *displacement++ = (float)(t * (2 * d + 1) % tilings) / (float)tilings;
    }
  }
}

/* Cells that contain the observation along one axis, tiling by tiling. */
static void code_tiles_cells_of(const axis *a, const float *obs, int tilings,
                                const float *displacement, int *cell) {
  const int dim = (int)a->dim, bins = (int)a->bins;
  switch ((axis_kind)a->kind) {
    case AXIS_FINITE:
      for (int t = 0; t < tilings; t++) {
        cell[t] = (int)hd__clampf(obs[dim], 0.0f, a->cells - 1.0f);
      }
      break;
    case AXIS_PERIODIC: {
      const float place = (hd__code_angle(obs, dim) - a->low) * a->cells_per_unit;
      for (int t = 0; t < tilings; t++) {
        const int at = (int)hd__clampf(place + displacement[t], 0.0f, a->bins + 0.999f);
        cell[t] = at < bins ? at : at - bins;
      }
      break;
    }
    case AXIS_REAL: {
      const float place = (obs[dim] - a->low) * a->cells_per_unit;
      const float before = hd__clampf(place, -1.0f, a->bins + 1.0f) + 1.0f;
      for (int t = 0; t < tilings; t++) {
        cell[t] = (int)(before + displacement[t]);
      }
      break;
    }
  }
}

static void code_tiles_active(const hd__code *code, const float *obs, int32_t *line) {
  const int tilings = code->n_active, n_axes = code->n_table / (AXIS_FLOATS + tilings);
  const int part = code->n / tilings;
  const axis *axes = (const axis *)code->table;
  const float *displacement = code->table + n_axes * AXIS_FLOATS;
  const bool is_numbered = code_tiles_grid_size(axes, n_axes) <= part;
  uint64_t number[TILINGS_MAX];
  int cell[TILINGS_MAX];
  memset(number, 0, sizeof *number * (size_t)tilings);
  for (int d = 0; d < n_axes; d++, displacement += tilings) {
    const uint64_t cells = (uint64_t)axes[d].cells;
    code_tiles_cells_of(&axes[d], obs, tilings, displacement, cell);
    for (int t = 0; t < tilings; t++) {
      number[t] = number[t] * cells + (uint64_t)cell[t];
    }
  }
  for (int t = 0; t < tilings; t++) {
    const uint64_t hash = hd__mix64(number[t] + 0x9E3779B97F4A7C15ull * (uint64_t)(t + 1)) >> 32;
    const uint64_t place = is_numbered ? number[t] : (hash * (uint64_t)part) >> 32;
    line[t] = (int32_t)(t * part + (int)place);
  }
}

const hd__code_desc hd__code_tiles = {
    .name = "tiles",
    .doc =
        "displaced grids over the coordinates; the cell of each grid is a line, hashed if need be",
    .source = "Albus 1975; Sutton & Barto 2018, sec. 9.5.4",
    .kind = HD_CODE_SPARSE,
    .reads = HD_READS_TILINGS | HD_READS_TILE_BINS | HD_READS_CELLS | HD_READS_RANGE,
    .measure = code_tiles_measure,
    .init = code_tiles_init,
    .active = code_tiles_active,
};
