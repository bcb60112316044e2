#include "tensorboard.h"

#include <string.h>

enum { MESSAGE = TENSORBOARD_SCALARS * (TENSORBOARD_TAG + 16) + 64 };

/* Bytes of a message. */
typedef struct message {
  unsigned char byte[MESSAGE];
  size_t n;
} message;

/* ---- protocol buffers ---- */

static void tensorboard_varint(message *to, uint64_t value) {
  for (; value >= 0x80; value >>= 7) {
    to->byte[to->n++] = (unsigned char)(value | 0x80);
  }
  to->byte[to->n++] = (unsigned char)value;
}

/* The least significant byte first. */
static void tensorboard_fixed(message *to, uint64_t value, int n_bytes) {
  for (int i = 0; i < n_bytes; i++) {
    to->byte[to->n++] = (unsigned char)(value >> (8 * i));
  }
}

static void tensorboard_bytes(message *to, int field, const void *data, size_t size) {
  tensorboard_varint(to, (uint64_t)field << 3 | 2);
  tensorboard_varint(to, size);
  memcpy(to->byte + to->n, data, size);
  to->n += size;
}

/* wall_time and step of an Event. */
static void tensorboard_head(message *to, double seconds, int64_t step) {
  uint64_t bits;
  memcpy(&bits, &seconds, sizeof bits);
  tensorboard_varint(to, 1 << 3 | 1);
  tensorboard_fixed(to, bits, 8);
  tensorboard_varint(to, 2 << 3 | 0);
  tensorboard_varint(to, (uint64_t)step);
}

/* tag and simple_value of a Summary.Value. */
static void tensorboard_scalar(message *to, const char *tag, float value) {
  message scalar = {.n = 0};
  uint32_t bits;
  memcpy(&bits, &value, sizeof bits);
  tensorboard_bytes(&scalar, 1, tag, strlen(tag));
  tensorboard_varint(&scalar, 2 << 3 | 5);
  tensorboard_fixed(&scalar, bits, 4);
  tensorboard_bytes(to, 1, scalar.byte, scalar.n);
}

/* ---- records ---- */

uint32_t tensorboard_sum(const void *data, size_t size) {
  const unsigned char *byte = data;
  uint32_t sum = 0xFFFFFFFFu;
  for (size_t i = 0; i < size; i++) {
    sum ^= byte[i];
    for (int k = 0; k < 8; k++) {
      sum = sum >> 1 ^ (0x82F63B78u & (0u - (sum & 1u)));
    }
  }
  return ~sum;
}

/* A sum as records keep it: turned, so that sums of data that hold sums differ from theirs. */
static uint32_t tensorboard_masked(const void *data, size_t size) {
  const uint32_t sum = tensorboard_sum(data, size);
  return (sum >> 15 | sum << 17) + 0xA282EAD8u;
}

static void tensorboard_record(FILE *file, const message *event) {
  message head = {.n = 0}, foot = {.n = 0};
  tensorboard_fixed(&head, event->n, 8);
  tensorboard_fixed(&head, tensorboard_masked(head.byte, 8), 4);
  tensorboard_fixed(&foot, tensorboard_masked(event->byte, event->n), 4);
  fwrite(head.byte, 1, head.n, file);
  fwrite(event->byte, 1, event->n, file);
  fwrite(foot.byte, 1, foot.n, file);
}

void tensorboard_begin(FILE *file) {
  static const char version[] = "brain.Event:2";
  message event = {.n = 0};
  tensorboard_head(&event, 0, 0);
  tensorboard_bytes(&event, 3, version, strlen(version));
  tensorboard_record(file, &event);
}

void tensorboard_write(FILE *file, const tensorboard_event *from) {
  message event = {.n = 0}, summary = {.n = 0};
  for (int i = 0; i < from->n; i++) {
    tensorboard_scalar(&summary, from->tag[i], from->value[i]);
  }
  tensorboard_head(&event, from->seconds, from->step);
  tensorboard_bytes(&event, 5, summary.byte, summary.n);
  tensorboard_record(file, &event);
}
