/* What the operating system tells about the processor. */
#ifndef CLI_BENCH_SYSTEM_H
#define CLI_BENCH_SYSTEM_H

#include <stdint.h>

enum { CACHE_LEVELS = 3, CPU_NAME = 96 };

typedef struct system_facts {
  char cpu[CPU_NAME];          /* "unknown" if it does not say */
  int processors;              /* on line */
  int64_t cache[CACHE_LEVELS]; /* bytes of data cache seen by the first processor; 0: unknown */
} system_facts;

system_facts system_read(void);

extern const char bench_compiler[];

#endif
