/* Any bytes as a checkpoint: as they are, and with both checksums made right, so that what lies
 * behind them is reached too. What loads learns for another unit, or says why it cannot. */
#include "fuzz.h"

#include <inttypes.h>

#include "checkpoint.h"
#include "json_read.h"
#include "session_internal.h"

static uint64_t views_crc(const hd_session *session) {
  uint32_t crc = 0;
  for (int i = 0; i < hd_session_view_count(session); i++) {
    const hd_view view = hd_session_view_at(session, i);
    crc = hd__crc32(crc, view.name, strlen(view.name));
    crc = hd__crc32(crc, view.data, hd__view_bytes(&view));
  }
  return crc;
}

/* States of environments are plain bytes, and only those that are real numbers may be any. */
static bool may_learn(const hd_session *session) {
  const hd__settings *s = session->settings;
  const bool is_short = s->rollout <= 64 && s->substeps <= 64 && s->envs <= 64;
  return is_short && session->env->obs[0].count == 0;
}

static struct seen load(hd_ctx *ctx, const char *path, const uint8_t *data, size_t size) {
  (void)data;
  (void)size;
  hd_session *session;
  struct seen seen = {.status = hd_session_load(ctx, path, &session)};
  if (seen.status == HD_OK) {
    seen.result = views_crc(session);
    if (may_learn(session)) {
      seen.status = hd_session_train(session, 1);
      seen.result ^= hd_session_hash(session);
    }
    hd_session_destroy(session);
  }
  return seen;
}

static void put_sum(uint8_t *at, uint32_t sum) {
  char text[9];
  snprintf(text, sizeof text, "%08" PRIx32, sum);
  memcpy(at, text, 8);
}

/* Write the right checksums where a checkpoint has them; false if it has no such places. */
static bool mend(uint8_t *data, size_t size) {
  static const char second[] = "\",\"data_crc32\":\"";
  const size_t first_at = 8 + strlen(HD_CHECKPOINT_START);
  const size_t second_at = first_at + 8 + strlen(second);
  uint64_t header;
  if (size < second_at + 8) {
    return false;
  }
  memcpy(&header, data, 8);
  if (header < second_at || header > size - 8 ||
      memcmp(data + 8, HD_CHECKPOINT_START, strlen(HD_CHECKPOINT_START)) != 0 ||
      memcmp(data + first_at + 8, second, strlen(second)) != 0) {
    return false;
  }
  put_sum(data + second_at, hd__crc32(0, data + 8 + header, size - 8 - header));
  memset(data + first_at, '0', 8);
  put_sum(data + first_at, hd__crc32(0, data + 8, header));
  return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  fuzz_twice(load, data, size);
  uint8_t *mended = malloc(size + 1);
  FUZZ_CHECK(mended != NULL);
  memcpy(mended, data, size);
  if (mend(mended, size)) {
    fuzz_twice(load, mended, size);
  }
  free(mended);
  return 0;
}
