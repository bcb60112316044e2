/* Every loop, once. Compiled once per instruction set with HD_KERNEL naming the table. */
#include "kernel.h"

#include "impl_cell.h"
#include "impl_cell_back.h"
#include "impl_neuron.h"
#include "impl_agents.h"
#include "impl_release.h"
#include "impl_linear.h"
#include "impl_batch.h"
#include "impl_events.h"
#include "impl_bits.h"
#include "impl_fourier.h"
#include "impl_optimiser.h"
#include "impl_env.h"
#include "impl_limit.h"
#include "impl_normal.h"
#include "impl_synapses.h"

extern const hd__kernel HD_KERNEL;
const hd__kernel HD_KERNEL = {
    .neuron = neuron_steps,
    .agents = neuron_agents,
    .noise = noise_fill,
    .normals = normal_normals,
    .draw = neuron_draw,
    .cell_forward = cell_forward,
    .cell_backward = cell_backward,
    .unit = unit_loops,
    .synapses = &synapse_loops,
    .finite = synapses_finite,
    .clean = synapses_clean,
    .spikes_batch = spikes_batch,
    .release = release,
    .spike_values = spike_values,
    .relaxed_values = relaxed_values,
    .relaxed_factor = relaxed_factor,
    .masked = neuron_masked,
    .score = neuron_score,
    .sigmoid = neuron_sigmoid,
    .softmax = batch_softmax,
    .log_softmax = log_softmax,
    .rows_drive = rows_drive,
    .rows_lines = rows_lines,
    .rows_back = rows_back,
    .pack = events_pack,
    .rows_events = rows_events,
    .outer_events = outer_events,
    .bits_drive = bits_drive,
    .cols_drive = cols_drive,
    .cols_back = cols_back,
    .heads = batch_heads,
    .rows_dot = rows_dot,
    .outer_batch = outer_batch,
    .sum_scaled = sum_scaled,
    .trace = batch_trace,
    .td = batch_td,
    .axpy = linear_axpy,
    .approach = linear_approach,
    .approach_often = linear_approach_often,
    .scale = linear_scale,
    .dot = linear_dot,
    .fourier = fourier,
    .adam = optimiser_adam,
    .rmsprop = optimiser_rmsprop,
    .env = env_loops,
    .env_count = env_count,
    .limit_fused = limit_fused,
    .limit_separate = limit_separate,
    .limit_read = limit_read,
};
