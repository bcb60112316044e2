/* TOML 1.0 by cases of the public suite (tests/data/toml), and what settings make of it. */
#include <dirent.h>
#include <stdlib.h>

#include "hedon/hedon.h"
#include "test.h"
#include "toml.h"

static hd_ctx *ctx;

enum { TEXT = 1 << 16, LINE = 4096, PATH = 2 * LINE };

static size_t read_file(const char *folder, const char *name, char *text) {
  char path[PATH];
  snprintf(path, sizeof path, HD_TEST_DATA "/toml/%s/%s", folder, name);
  FILE *file = fopen(path, "rb");
  if (file == NULL) {
    printf("  %s cannot be read\n", path);
    exit(2);
  }
  const size_t n = fread(text, 1, TEXT - 1, file);
  text[n] = '\0';
  fclose(file);
  return n;
}

/* A copy without room behind it, so that a sanitizer sees who reads on. */
static hd_status read_text(const char *name, const char *text, size_t size, hd__toml_doc *doc) {
  char *exact = malloc(size + 1);
  memcpy(exact, text, size);
  const hd_status status = hd__toml_read(ctx, name, exact, size, doc);
  free(exact);
  return status;
}

static size_t escape(const char *from, size_t n, char *to) {
  size_t used = 0;
  for (size_t i = 0; i < n; i++) {
    const unsigned char c = (unsigned char)from[i];
    const bool is_plain = c > 0x20 && c != 0x7F && c != '/' && c != '\\';
    used += (size_t)sprintf(to + used, is_plain ? "%c" : "\\x%02x", c);
  }
  return used;
}

static size_t write_path(const hd__toml_doc *doc, int k, char *to) {
  const hd__toml_node *node = &doc->node[k];
  if (node->parent < 0) {
    return 0;
  }
  size_t n = write_path(doc, node->parent, to);
  to[n++] = '/';
  if (node->key != NULL) {
    return n + escape(node->key, node->key_size, to + n);
  }
  int index = 0;
  for (int i = node->parent; i < k; i++) {
    index += doc->node[i].parent == node->parent;
  }
  return n + (size_t)sprintf(to + n, "%d", index);
}

/* Does the wanted line say this value? Floats by their value, dates with a T between. */
static bool is_same_value(hd__toml_type type, const char *wanted, const hd__toml_node *node) {
  char value[LINE];
  value[escape(node->text, node->text_size, value)] = '\0';
  if (type == HD_TOML_FLOAT) {
    const double a = strtod(wanted, NULL), b = strtod(value, NULL);
    return a == b || (isnan(a) && isnan(b));
  }
  if (type == HD_TOML_INTEGER) {
    return strtoll(wanted, NULL, 10) == strtoll(value, NULL, 10);
  }
  if (type >= HD_TOML_DATETIME && type != HD_TOML_DATE_LOCAL) {
    return strncmp(wanted, value, 10) == 0; /* the suite pads fractions */
  }
  return strcmp(wanted, value) == 0;
}

static bool is_wanted(const char *wanted, const hd__toml_doc *doc, int k) {
  static const char *const names[] = {"table",      "array",     "string",   "integer",
                                      "float",      "bool",      "datetime", "datetime-local",
                                      "date-local", "time-local"};
  char start[LINE], value[LINE];
  const hd__toml_node *node = &doc->node[k];
  size_t n = write_path(doc, k, start);
  n += (size_t)sprintf(start + n, " %s ", names[node->type]);
  for (const char *line = wanted; *line != '\0'; line = strchr(line, '\n') + 1) {
    if (strncmp(line, start, n) == 0) {
      snprintf(value, sizeof value, "%.*s", (int)(strchr(line, '\n') - line - (int)n), line + n);
      return is_same_value(node->type, value, node);
    }
  }
  return false;
}

static bool is_read_as_wanted(const char *name) {
  static char text[TEXT], wanted[TEXT];
  char other[LINE];
  hd__toml_doc doc;
  if (read_text(name, text, read_file("valid", name, text), &doc) != HD_OK) {
    printf("  %s\n", hd_ctx_error(ctx));
    return false;
  }
  snprintf(other, sizeof other, "%.*s.txt", (int)strlen(name) - 5, name);
  read_file("valid", other, wanted);
  int n_lines = 0, n_found = 0;
  for (const char *p = wanted; *p != '\0'; p++) {
    n_lines += *p == '\n';
  }
  for (int k = 1; k < doc.n; k++) {
    n_found += is_wanted(wanted, &doc, k);
  }
  const bool is_same = n_found == n_lines && doc.n - 1 == n_lines;
  hd__toml_free(&doc);
  return is_same;
}

static bool is_refused_with_line(const char *name) {
  static char text[TEXT];
  hd__toml_doc doc;
  if (read_text(name, text, read_file("invalid", name, text), &doc) == HD_OK) {
    hd__toml_free(&doc);
    return false;
  }
  return strncmp(hd_ctx_error(ctx), name, strlen(name)) == 0 &&
         strstr(hd_ctx_error(ctx), ", line ");
}

static int each_of(const char *folder, bool (*holds)(const char *name)) {
  int n = 0;
  DIR *dir = opendir(folder);
  for (const struct dirent *entry; dir != NULL && (entry = readdir(dir)) != NULL;) {
    const size_t length = strlen(entry->d_name);
    if (length > 5 && strcmp(entry->d_name + length - 5, ".toml") == 0) {
      const bool is_right = holds(entry->d_name);
      if (!is_right) {
        printf("  %s/%s\n", folder, entry->d_name);
      }
      CHECK(is_right);
      n++;
    }
  }
  if (dir != NULL) {
    closedir(dir);
  }
  return n;
}

static void valid_texts_are_read(void) {
  CHECK(each_of(HD_TEST_DATA "/toml/valid", is_read_as_wanted) > 80);
}

static void invalid_texts_are_refused(void) {
  CHECK(each_of(HD_TEST_DATA "/toml/invalid", is_refused_with_line) > 100);
}

/* Every way in which a writer may lay out the same settings. */
static void settings_are_what_they_are_however_written(void) {
  static const char *const texts[] = {
      "hidden = [64, 32]\nlif.tau_m = 20.0\n[run]\nseed = 3\n",
      "hidden = [\n  64,\n  32, # two\n]\n[lif]\ntau_m = 20.0\n[run]\nseed = 3\n",
      "lif = {tau_m = 20.0}\nrun = {seed = 3}\nhidden = [ 0x40, 3_2 ]\n",
      "hidden = [64, 32]\n\"lif.tau_m\" = 20.0\nrun.seed = 3\n"};
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    hd__toml_doc doc;
    hd__toml toml;
    int n = 0;
    CHECK(hd__toml_read_settings(ctx, "F", texts[i], strlen(texts[i]), &doc) == HD_OK);
    for (hd__toml_begin(&toml, &doc); hd__toml_next(&toml); n++) {
      const char *wanted = strcmp(toml.path, "hidden") == 0      ? "64,32"
                           : strcmp(toml.path, "lif.tau_m") == 0 ? "20.0"
                           : strcmp(toml.path, "run.seed") == 0  ? "3"
                                                                 : "";
      CHECK_TEXT(toml.value, wanted);
    }
    CHECK(n == 3);
    hd__toml_free(&doc);
  }
}

/* Keys and values that settings have no room for, and lists that are no values. */
static void what_no_setting_holds_is_refused(void) {
  static char text[TEXT];
  hd__toml_doc doc;
  const char *const lists[] = {"a = [[1], [2]]", "a = [{b = 1}]", "[[a]]\nb = 1",
                               "a = \"\\u0000\""};
  for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
    CHECK(hd__toml_read_settings(ctx, "F", lists[i], strlen(lists[i]), &doc) == HD_FORMAT);
    CHECK(strncmp(hd_ctx_error(ctx), "F, line ", 8) == 0);
  }
  snprintf(text, sizeof text, "a = \"%01024d\"", 0);
  CHECK(hd__toml_read_settings(ctx, "F", text, strlen(text), &doc) == HD_FORMAT);
  snprintf(text, sizeof text, "%0127d = 1", 0);
  CHECK(hd__toml_read_settings(ctx, "F", text, strlen(text), &doc) == HD_FORMAT);
}

/* Many keys, tables and levels take no time that grows with their square. */
static void long_texts_are_read(void) {
  enum { KEYS = 60000 };
  char *text = malloc(KEYS * 24), *at = text;
  hd__toml_doc doc;
  for (int i = 0; i < KEYS; i++) {
    at += sprintf(at, "[t%d]\nk%d = %d\n", i, i, i);
  }
  CHECK(hd__toml_read(ctx, "F", text, (size_t)(at - text), &doc) == HD_OK);
  CHECK(doc.n == 1 + 2 * KEYS);
  hd__toml_free(&doc);
  memset(text, '[', 1000);
  memcpy(text, "a=", 2);
  CHECK(hd__toml_read(ctx, "F", text, 1000, &doc) == HD_FORMAT);
  free(text);
}

int main(void) {
  const hd_ctx_def def = hd_ctx_def_default();
  if (hd_ctx_create(&def, &ctx) != HD_OK) {
    return 2;
  }
  RUN(valid_texts_are_read);
  RUN(invalid_texts_are_refused);
  RUN(settings_are_what_they_are_however_written);
  RUN(what_no_setting_holds_is_refused);
  RUN(long_texts_are_read);
  hd_ctx_destroy(ctx);
  return test_end();
}
