#include "hedon/layout.h"

#include <string.h>

#include "hedon/hedon.h"

typedef struct layout_row {
  const char *name;
  size_t size;
} layout_row;

#define LAYOUT_ROW(type) \
  { #type, sizeof(type) }

static const layout_row layout_rows[] = {
    LAYOUT_ROW(hd_dim),
    LAYOUT_ROW(hd_param),
    LAYOUT_ROW(hd_field),
    LAYOUT_ROW(hd_ctx_def),
    LAYOUT_ROW(hd_view),
    LAYOUT_ROW(hd_transition),
    LAYOUT_ROW(hd_env_option),
    LAYOUT_ROW(hd_env_value),
    LAYOUT_ROW(hd_env_desc),
    LAYOUT_ROW(hd_foreign_batch),
    LAYOUT_ROW(hd_foreign),
    LAYOUT_ROW(hd_neuron_io),
    LAYOUT_ROW(hd_neuron_desc),
    LAYOUT_ROW(hd_rule_io),
    LAYOUT_ROW(hd_synapses),
    LAYOUT_ROW(hd_fan),
    LAYOUT_ROW(hd_rule_desc),
    LAYOUT_ROW(hd_coding_desc),
    LAYOUT_ROW(hd_plugin),
    LAYOUT_ROW(hd_toml_value),
    LAYOUT_ROW(hd_method),
    LAYOUT_ROW(hd_task_row),
    LAYOUT_ROW(hd_listing),
    LAYOUT_ROW(hd_option),
    LAYOUT_ROW(hd_population_def),
    LAYOUT_ROW(hd_synapse),
    LAYOUT_ROW(hd_projection_def),
    LAYOUT_ROW(hd_network_def),
    LAYOUT_ROW(hd_record_def),
    LAYOUT_ROW(hd_spiking_value_def),
    LAYOUT_ROW(hd_spiking_value),
    LAYOUT_ROW(hd_stats),
    LAYOUT_ROW(hd_study_def),
    LAYOUT_ROW(hd_result),
    LAYOUT_ROW(hd_summary),
    LAYOUT_ROW(hd_scores),
    LAYOUT_ROW(hd_estimate),
};

size_t hd_struct_size(const char *name) {
  for (size_t i = 0; i < sizeof layout_rows / sizeof *layout_rows; i++) {
    if (strcmp(layout_rows[i].name, name) == 0) {
      return layout_rows[i].size;
    }
  }
  return 0;
}
