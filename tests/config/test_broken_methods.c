/* Built-in methods whose texts cannot be read: each is refused in a sentence, whatever asks for it,
 * and those beside it work. The texts here take the place of the library's. */
#include "hedon/hedon.h"
#include "method_list.h"
#include "test.h"

#define DOC "doc = \"a method\"\n"
#define TEXT(name, text) \
  { name, text, sizeof(text) - 1 }

static char many_rows[4096], long_text[2 * HD_METHOD_POOL];

const hd__method_text hd__method_texts[] = {
    TEXT("_base", DOC "[settings]\nneuron = \"bernoulli\"\n"),
    TEXT("child", DOC "extends = \"no-value\"\n"),
    TEXT("circle-a", DOC "extends = \"circle-b\"\n"),
    TEXT("circle-b", DOC "extends = \"circle-a\"\n"),
    TEXT("good", DOC "extends = \"_base\"\n"),
    {"many-rows", many_rows, sizeof many_rows},
    TEXT("no-doc", "[settings]\nalpha = 0.1\n"),
    TEXT("no-value", DOC "[settings]\nalpha =\n"),
    TEXT("orphan", DOC "extends = \"nobody\"\n"),
    {"too-long", long_text, sizeof long_text},
};
const int hd__method_text_count = sizeof hd__method_texts / sizeof *hd__method_texts;
hd__method hd__methods[sizeof hd__method_texts / sizeof *hd__method_texts];

static const char *const sentences[][2] = {
    {"child", "no-value, line 3: "},
    {"circle-a", "by way of more methods than may extend each other"},
    {"circle-b", "by way of more methods than may extend each other"},
    {"good", NULL},
    {"many-rows", "many-rows, with what it extends, sets too much: allowed are 48 tables"},
    {"no-doc", "no-doc, line 1: a method begins with doc"},
    {"no-value", "no-value, line 3: "},
    {"orphan", "orphan extends 'nobody', and no built-in method is called so"},
    {"too-long", "too-long, with what it extends, sets too much"},
};

/* More tables of tasks than a method may have; and more characters than a method has room for. The
 * rest are blanks. */
static void write_texts(void) {
  memset(many_rows, ' ', sizeof many_rows);
  memset(long_text, ' ', sizeof long_text);
  int n = snprintf(many_rows, sizeof many_rows, DOC);
  for (int k = 0; k < HD_METHOD_ROWS + 2; k++) {
    n += snprintf(many_rows + n, sizeof many_rows - (size_t)n, "[task.\"Task%d-v0\"]\nk = 1\n", k);
  }
  many_rows[n] = '\n';
  n = snprintf(long_text, sizeof long_text, DOC "[settings]\n");
  for (int k = 0; n < HD_METHOD_POOL + 1024; k++) {
    n += snprintf(long_text + n, sizeof long_text - (size_t)n, "key_%d = 1%0100d\n", k, 0);
  }
  long_text[n] = '\n';
}

static void check_method(hd_ctx *ctx, int i) {
  const char *name = sentences[i][0], *sentence = sentences[i][1];
  const hd_method *method = hd_method_at(i), *found = NULL;
  hd_config *config = NULL;
  CHECK(strcmp(method->name, name) == 0);
  CHECK(strcmp(method->source, "") == 0);
  if (sentence == NULL) {
    CHECK(hd_method_find(ctx, name, &found) == HD_OK && found == method);
    CHECK(hd_config_create(ctx, "CartPole-v1", name, &config) == HD_OK);
    hd_config_destroy(config);
    return;
  }
  CHECK(strstr(method->doc, sentence) != NULL && method->settings[0] == '\0');
  CHECK(hd_method_row(method, 0) == NULL);
  CHECK(hd_method_find(ctx, name, &found) == HD_FORMAT && found == NULL);
  CHECK(strstr(hd_ctx_error(ctx), sentence) != NULL);
  CHECK(hd_config_create(ctx, "CartPole-v1", name, &config) == HD_FORMAT && config == NULL);
  CHECK(strstr(hd_ctx_error(ctx), sentence) != NULL);
}

static void what_cannot_be_read_is_refused(void) {
  const hd_ctx_def def = hd_ctx_def_default();
  hd_ctx *ctx = NULL;
  CHECK(hd_ctx_create(&def, &ctx) == HD_OK);
  CHECK(hd_method_count() == sizeof sentences / sizeof *sentences);
  for (int i = 0; i < hd_method_count(); i++) {
    check_method(ctx, i);
  }
  hd_ctx_destroy(ctx);
}

int main(void) {
  write_texts();
  RUN(what_cannot_be_read_is_refused);
  return test_end();
}
