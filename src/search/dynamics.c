#include <string.h>

#include "agent.h"
#include "hedon/config.h"
#include "text.h"

#define HD_DYNAMICS_LISTING(id, name_, cut, doc_) {.name = name_, .doc = doc_, .source = ""},
static const hd_listing table[] = {HD_DYNAMICS_LIST(HD_DYNAMICS_LISTING)};
#undef HD_DYNAMICS_LISTING

int hd_dynamic_count(void) { return HD_DYNAMICS; }

hd_listing hd_dynamic_at(int index) { return table[index]; }

static const char *dynamics_name_at(const void *list, int i) {
  (void)list;
  return table[i].name;
}

static int dynamics_find(const char *text, size_t length) {
  for (int d = 0; d < HD_DYNAMICS; d++) {
    if (strlen(table[d].name) == length && strncmp(table[d].name, text, length) == 0) {
      return d;
    }
  }
  return -1;
}

hd_status hd__dynamics_parse(hd_ctx *ctx, const char *text, uint32_t *out) {
  uint32_t mask = 0;
  for (const char *at = text; strcmp(text, "none") != 0;) {
    const size_t length = strcspn(at, "+");
    const int d = dynamics_find(at, length);
    if (d < 0) {
      const char *near = hd__nearest(at, dynamics_name_at, NULL, HD_DYNAMICS);
      return near != NULL
                 ? hd__fail(ctx, HD_UNKNOWN, "no feature is called '%.*s'; did you mean '%s'?",
                            (int)length, at, near)
                 : hd__fail(ctx, HD_UNKNOWN,
                            "no feature is called '%.*s'; `hedon list dynamics` shows them",
                            (int)length, at);
    }
    mask |= UINT32_C(1) << d;
    if (at[length] == '\0') {
      break;
    }
    at += length + 1;
  }
  *out = mask;
  return HD_OK;
}
