/* numpy's generator to the bit: SeedSequence feeding PCG64, as np.random.default_rng(seed).
 *
 * Sources: O'Neill 2014, HMC-CS-2014-0905 (PCG XSL-RR 128/64); O'Neill 2015, "Developing a
 * seed_seq alternative" (seeding); Lemire 2019, ACM TOMACS 29(1):3 (bounded integers). */
#ifndef HD_PCG64_H
#define HD_PCG64_H

#include "env_random.h"

/* Seed as numpy.random.SeedSequence(seed) does; or, for a child from 1 to 2^32 - 1, as
 * SeedSequence(seed, spawn_key=(child,)), numpy's way to streams that do not meet. */
void hd__pcg64_start(hd_random *random, uint64_t seed, uint64_t child);

uint64_t hd__pcg64_next64(hd_random *random);

/* Low half of a 64-bit draw first; the high half waits for the next call, whatever is drawn by
 * hd__pcg64_next64 in between. */
uint32_t hd__pcg64_next32(hd_random *random);

#endif
