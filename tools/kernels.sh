#!/bin/sh
# Measure every kernel and write docs/kernels.md anew.
#
#   tools/kernels.sh [BUILD]     a configured build folder (default: build)
set -eu
cd "$(dirname "$0")/.."
build=${1:-build}
cmake --build "$build" --target bench_kernels --target bench_events --target bench_step >/dev/null
{
  cat <<'END'
# Kernels, measured

Written by [tools/kernels.sh](../tools/kernels.sh); thread CPU time, medians of interleaved repeats, so that columns of
one row can be compared. What a kernel computes is said in [kernel.h](../src/kernel/kernel.h).

END
  compiler=$(sed -n 's/^CMAKE_C_COMPILER:[^=]*=//p' "$build/CMakeCache.txt")
  printf 'Processor: %s. Compiler: %s.\n\n' \
    "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)" \
    "$("$compiler" --version | head -n 1)"
  cat <<'END'
## Nanoseconds a call

END
  "$build/bench/bench_kernels"
  cat <<'END'

## Events or dense loops

Spikes are zeros and ones, so a row of weights is either added or not. `rows_events` and `outer_events` visit the set
bits; `rows_drive` and `outer_batch` multiply by everything, but keep sums of several slices in registers, read each
weight once for four of them, and never guess a branch wrong. Nanoseconds a slice of N inputs and N targets, 4096
different patterns in turn; `pack` makes the bits. Both ways give the same bits as results.

At half of the bits set events do not lose in any row, at 90 % they do in nearly all: `hd__is_sparse` draws the line at
half.

END
  "$build/bench/bench_events"
  cat <<'END'

## A step of `neuron-agent`, taken apart

What a whole step on CartPole-v1 costs while learning (64 neurons, 4 substeps, 4 environments by 8 steps, a Fourier
critic), and what its kernels cost alone with the same shapes, arrays in the first cache. This is the roofline of the
method: each part is named with what bounds it. Most of the time goes where no multiply-add is the limit: divisions and
exponentials of probabilities, random words, sums across lanes. `agents` and `fourier` are the two to attack next.

END
  "$build/bench/bench_step"
  cat <<'END'

## Gradients through time

Sixteen cells go through all rows and substeps with state and parameters in registers (`cell_forward`,
`cell_backward`); spikes leave as bits made by the comparison itself, and only potentials are kept. Where the time of
forward and backward goes, by `perf`, v4:

| net | what takes the time |
|---|---|
| 4-64-2, 4 substeps | more than half the cells; readout, input weights and loss share the rest |
| 4-128-128-2 and 4-256-256-2, 8 substeps | half `rows_drive`, the product of W' and the gradients by drives; a third `rows_events` and `outer_events` |

`rows_events` and `outer_events` take 64 sources (or slices) by 64 targets at a time, copied next to each other: 16 KiB
stay in the first cache, and rows 1 KiB apart no longer fall onto the same few sets. `outer_events` transposes a block
of bits first, so that a source's row is read and written once for 64 slices; sums keep their order.
Networks of agents run their layers of membranes by the same loops, all substeps at once.
Beside the first version, which went substep by substep through arrays (best of five CPU times each, an hour apart on
busy cores): 4-64-2 2.1 to 2.6 times as fast, 4-256-256-2 1.4, 4-128-128-2 1.2; one decision of 4-128-128-2 alone, 2.0.

## What was tried and lost

- **Unrolling the substeps of `spikes_batch`** (T known to be 4): no faster; 17 vector operations for 32 draws are left,
  12 of them the hash, and substeps overlap by themselves.
- **Multiplying where `agents` divides**, to see what the division costs: 3 % on v4 (the result is another, so it could
  not stay); probabilities of all rows in a pass of their own: 3 % at 64 lanes a row, with one more loop.
- **Four columns by four slices in `rows_drive`**: as fast as one column by four slices, slower where there are five
  inputs; the adders are busy either way. With AVX-512 it is used since there are rows of hundreds of inputs, whose gain
  has not been measured alone.
- **Features turned block by block** (one complex rotation for each frequency of each component, the earlier `fourier`):
  sixteen short loops an observation, and errors of 5e-6; a product of two tables stays below 7e-7.
- **One decision at a time** (the first layout of the network, a call of each kernel for every environment): half the
  rate of a batch of four, all of it calls, keys and short loops.
- **Local copies in `agents`**, so that the compiler sees nothing alias: stores and loads of the copies cost as much as
  they saved; the loops are told that their arrays lie apart.
- **Events for rows of one or two vectors**: a visit costs more than a vector of multiply-adds, so only a third of the
  bits may be set, and a busy layer is not even asked (`BUSY_FOR`).
- **`-O2` for all but the kernels**: a third fewer misses of the instruction cache (cachegrind), and no method was
  faster; those whose rules and codings `-O3` turns into vector code lost up to 28 % of their speed.
- **A vector a row in `softmax`**: most of it was padding; now exponentials of many rows share one.
END
} >docs/kernels.new
mv docs/kernels.new docs/kernels.md
git --no-pager diff --stat docs/kernels.md
