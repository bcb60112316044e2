/* Traces in NumPy's formats, versions 1.0 and 2.0 of .npy, and .npz, which is a ZIP file without
 * compression that holds an .npy for each array. Little-endian, as all processors that Hedon runs
 * on. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "traces.h"

/* ---- .npy ---- */

/* Magic, version 2.0, length, and the description filled up with blanks to 64 bytes. */
static void trace_npy_head(FILE *file, const char *description) {
  const size_t length = strlen(description) + 1, before = 12;
  const uint32_t padded = (uint32_t)((before + length + 63) / 64 * 64 - before);
  fwrite("\x93NUMPY\x02\x00", 1, 8, file);
  fwrite(&padded, sizeof padded, 1, file);
  fprintf(file, "%s%*s\n", description, (int)(padded - length), "");
}

/* The description of a record; the caller frees it. */
static char *trace_npy_record(const trace *self) {
  char *text = NULL;
  size_t size = 0;
  FILE *file = open_memstream(&text, &size);
  if (file == NULL) {
    return NULL;
  }
  fputs("{'descr': [('decision', '<i4'), ('substep', '<i4')", file);
  for (int p = 0; p < self->n_parts; p++) {
    fprintf(file, ", ('%s', '<f4', (%d,))", self->part[p].name, self->part[p].n);
  }
  fprintf(file, "], 'fortran_order': False, 'shape': (%lld,), }", (long long)self->rows);
  fclose(file);
  return text;
}

void trace_write_npy(FILE *file, const trace *self) {
  char *record = trace_npy_record(self);
  if (record == NULL) {
    return;
  }
  trace_npy_head(file, record);
  free(record);
  for (int64_t k = 0; k < self->rows; k++) {
    const int32_t when[] = {(int32_t)(self->first + k / self->substeps),
                            (int32_t)(k % self->substeps)};
    fwrite(when, sizeof when, 1, file);
    for (int p = 0; p < self->n_parts; p++) {
      const trace_part *part = &self->part[p];
      fwrite(part->value + k * part->n, sizeof(float), (size_t)part->n, file);
    }
  }
}

/* ---- .npz ---- */

typedef struct zip_entry {
  char name[TRACE_NAME + 16];
  char *data; /* [size] */
  size_t size;
  uint32_t crc, at;
} zip_entry;

/* The checksum of ZIP files, bit by bit. */
static uint32_t trace_npy_crc(const char *data, size_t size) {
  uint32_t crc = ~0u;
  for (size_t i = 0; i < size; i++) {
    crc ^= (unsigned char)data[i];
    for (int bit = 0; bit < 8; bit++) {
      crc = crc >> 1 ^ (0xEDB88320u & -(crc & 1));
    }
  }
  return ~crc;
}

static void trace_npy_put(FILE *file, uint32_t value, int bytes) {
  for (int i = 0; i < bytes; i++) {
    fputc((int)(value >> 8 * i & 255), file);
  }
}

/* What the head of an entry and the directory share: version, flags (names are UTF-8), stored, no
 * date, checksum, sizes, lengths. */
static void trace_npy_common(FILE *file, const zip_entry *entry) {
  trace_npy_put(file, 20, 2);
  trace_npy_put(file, 0x800, 2);
  trace_npy_put(file, 0, 2);
  trace_npy_put(file, 0x00210000, 4); /* the 1st of January 1980, the first there is */
  trace_npy_put(file, entry->crc, 4);
  trace_npy_put(file, (uint32_t)entry->size, 4);
  trace_npy_put(file, (uint32_t)entry->size, 4);
  trace_npy_put(file, (uint32_t)strlen(entry->name), 2);
  trace_npy_put(file, 0, 2);
}

static uint32_t trace_npy_entry(FILE *file, zip_entry *entry, uint32_t at) {
  entry->at = at;
  entry->crc = trace_npy_crc(entry->data, entry->size);
  trace_npy_put(file, 0x04034b50, 4);
  trace_npy_common(file, entry);
  fputs(entry->name, file);
  fwrite(entry->data, 1, entry->size, file);
  return at + 30 + (uint32_t)(strlen(entry->name) + entry->size);
}

static uint32_t trace_npy_directory(FILE *file, const zip_entry *entry) {
  trace_npy_put(file, 0x02014b50, 4);
  trace_npy_put(file, 20, 2);
  trace_npy_common(file, entry);
  trace_npy_put(file, 0, 4); /* comment and disk */
  trace_npy_put(file, 0, 2);
  trace_npy_put(file, 0, 4);
  trace_npy_put(file, entry->at, 4);
  fputs(entry->name, file);
  return 46 + (uint32_t)strlen(entry->name);
}

static void trace_npy_zip(FILE *file, zip_entry *entry, int n) {
  uint32_t at = 0, size = 0;
  for (int i = 0; i < n; i++) {
    at = trace_npy_entry(file, &entry[i], at);
  }
  for (int i = 0; i < n; i++) {
    size += trace_npy_directory(file, &entry[i]);
  }
  trace_npy_put(file, 0x06054b50, 4);
  trace_npy_put(file, 0, 4);
  trace_npy_put(file, (uint32_t)n, 2);
  trace_npy_put(file, (uint32_t)n, 2);
  trace_npy_put(file, size, 4);
  trace_npy_put(file, at, 4);
  trace_npy_put(file, 0, 2);
}

/* An array in memory; the caller frees its data. */
static void trace_npy_array(zip_entry *entry, const char *name, const char *dtype, int64_t rows,
                            int64_t columns, const void *data) {
  char description[160];
  FILE *file = open_memstream(&entry->data, &entry->size);
  snprintf(entry->name, sizeof entry->name, "%s.npy", name);
  if (file == NULL) {
    return;
  }
  snprintf(description, sizeof description,
           columns > 0 ? "{'descr': '%s', 'fortran_order': False, 'shape': (%lld, %lld), }"
                       : "{'descr': '%s', 'fortran_order': False, 'shape': (%lld,), }",
           dtype, (long long)rows, (long long)columns);
  trace_npy_head(file, description);
  fwrite(data, 4, (size_t)(rows * (columns > 0 ? columns : 1)), file);
  fclose(file);
}

/* Which neurons the columns of a part are, [n]; of weights source and target, [n][2]. */
static void trace_npy_neurons(zip_entry *entry, const trace_part *part) {
  const char *second = strstr(part->label[0], "][");
  const int each = second != NULL ? 2 : 1;
  int32_t *neuron = calloc((size_t)part->n * 2, sizeof *neuron);
  char name[TRACE_NAME + 8];
  for (int i = 0; neuron != NULL && i < part->n; i++) {
    const char *other = strstr(part->label[i], "][");
    neuron[i * each] = atoi(part->label[i]);
    if (other != NULL) {
      neuron[i * each + 1] = atoi(other + 2);
    }
  }
  snprintf(name, sizeof name, "%s.neuron", part->name);
  if (neuron != NULL) {
    trace_npy_array(entry, name, "<i4", part->n, each == 2 ? 2 : 0, neuron);
  }
  free(neuron);
}

static void trace_npy_when(zip_entry *entry, const trace *self) {
  int32_t *when = calloc((size_t)self->rows, sizeof *when);
  for (int64_t k = 0; when != NULL && k < self->rows; k++) {
    when[k] = (int32_t)(self->first + k / self->substeps);
  }
  if (when != NULL) {
    trace_npy_array(entry, "decision", "<i4", self->rows, 0, when);
  }
  free(when);
}

void trace_write_npz(FILE *file, const trace *self) {
  const int n = 1 + 2 * self->n_parts;
  zip_entry *entry = calloc((size_t)n, sizeof *entry);
  if (entry == NULL) {
    return;
  }
  trace_npy_when(&entry[0], self);
  for (int p = 0; p < self->n_parts; p++) {
    const trace_part *part = &self->part[p];
    trace_npy_array(&entry[1 + 2 * p], part->name, "<f4", self->rows, part->n, part->value);
    trace_npy_neurons(&entry[2 + 2 * p], part);
  }
  trace_npy_zip(file, entry, n);
  for (int i = 0; i < n; i++) {
    free(entry[i].data);
  }
  free(entry);
}
