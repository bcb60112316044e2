#include "bench_system.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifdef __clang__
const char bench_compiler[] = __VERSION__;
#else
const char bench_compiler[] = "gcc " __VERSION__;
#endif

/* The first line of a file, without its end; "" if there is none. */
static void bench_system_first_line(const char *path, char *out, int size) {
  out[0] = '\0';
  FILE *file = fopen(path, "r");
  if (file != NULL) {
    if (fgets(out, size, file) == NULL) {
      out[0] = '\0';
    }
    fclose(file);
  }
  out[strcspn(out, "\n")] = '\0';
}

/* Linux writes "model name : ..." for x86; other processors may have no such line. */
static void bench_system_cpu_name(char out[CPU_NAME]) {
  strcpy(out, "unknown");
  FILE *file = fopen("/proc/cpuinfo", "r");
  if (file == NULL) {
    return;
  }
  char line[256];
  while (fgets(line, sizeof line, file) != NULL) {
    const char *colon = strchr(line, ':');
    if (strncmp(line, "model name", 10) == 0 && colon != NULL) {
      const char *name = colon + 1 + strspn(colon + 1, " \t");
      snprintf(out, CPU_NAME, "%.*s", (int)strcspn(name, "\n"), name);
      break;
    }
  }
  fclose(file);
}

/* "32K", "1024K", "32M" */
static int64_t bench_system_size_of(const char *text) {
  char *end;
  const int64_t size = strtoll(text, &end, 10);
  return *end == 'K' ? size << 10 : *end == 'M' ? size << 20 : size;
}

static void bench_system_caches(int64_t cache[CACHE_LEVELS]) {
  enum { MOST = 8 };
  for (int i = 0; i < MOST; i++) {
    char path[96], level[32], type[32], size[32];
    snprintf(path, sizeof path, "/sys/devices/system/cpu/cpu0/cache/index%d/level", i);
    bench_system_first_line(path, level, sizeof level);
    snprintf(path, sizeof path, "/sys/devices/system/cpu/cpu0/cache/index%d/type", i);
    bench_system_first_line(path, type, sizeof type);
    snprintf(path, sizeof path, "/sys/devices/system/cpu/cpu0/cache/index%d/size", i);
    bench_system_first_line(path, size, sizeof size);
    const int64_t at = strtoll(level, NULL, 10);
    if (at >= 1 && at <= CACHE_LEVELS && strcmp(type, "Instruction") != 0) {
      cache[at - 1] = bench_system_size_of(size);
    }
  }
}

system_facts system_read(void) {
  system_facts facts = {.processors = (int)sysconf(_SC_NPROCESSORS_ONLN)};
  bench_system_cpu_name(facts.cpu);
  bench_system_caches(facts.cache);
  return facts;
}
