/* The parts of the group learn, each a section. */
#ifndef CLI_BENCH_LEARN_H
#define CLI_BENCH_LEARN_H

#include "bench.h"

int bench_side(const bench *b); /* many learners side by side */
int bench_sets(const bench *b); /* the same learner on every instruction set */

#endif
