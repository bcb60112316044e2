/* Values of a TOML file, as programs that read files of their own get them. */
#include <stdlib.h>

#include "hedon/hedon.h"
#include "test.h"

static hd_ctx *ctx;

static const char path[] = HD_TEST_TMP "/toml_values.toml";

static void write_file(const char *text) {
  FILE *file = fopen(path, "w");
  CHECK(file != NULL);
  fputs(text, file);
  fclose(file);
}

/* All values in a line: keys joined by slashes, places in lists, the text, the line. */
typedef struct all {
  char text[1024];
  int left; /* values until the reading is ended */
} all;

static hd_status add(void *user, const hd_toml_value *value) {
  all *self = user;
  for (int i = 0; i < value->n_keys; i++) {
    strcat(self->text, i > 0 ? "/" : "");
    strcat(self->text, value->key[i]);
  }
  char rest[128];
  snprintf(rest, sizeof rest, "[%d,%d]=%s@%d ", value->item[0], value->item[1],
           value->text != NULL ? value->text : "(none)", value->line);
  strcat(self->text, rest);
  return --self->left == 0 ? HD_USAGE : HD_OK;
}

static void values_come_in_the_order_of_the_file(void) {
  all found = {.left = 100};
  write_file("a = 1_000\nb = ['x', \"y z\"]\n[t.\"u.v\"]\nc = [[16], [32, 64]]\nd = {low = 1e-4}\n"
             "e = []\nf = true\n");
  CHECK(hd_toml_read(ctx, path, add, &found) == HD_OK);
  CHECK_TEXT(found.text,
             "a[-1,-1]=1000@1 b[0,-1]=x@2 b[1,-1]=y z@2 t/u.v/c[0,0]=16@4 t/u.v/c[1,0]=32@4 "
             "t/u.v/c[1,1]=64@4 t/u.v/d/low[-1,-1]=1e-4@5 t/u.v/e[-1,-1]=(none)@6 "
             "t/u.v/f[-1,-1]=true@7 ");
}

/* The types of all values in a line. */
static hd_status add_type(void *user, const hd_toml_value *value) {
  all *self = user;
  strcat(strcat(self->text, value->type), " ");
  return HD_OK;
}

static void a_value_says_how_it_was_written(void) {
  all found = {.left = 100};
  write_file("a = 1_0\nb = 0xA\nc = '1'\nd = 1.0\ne = nan\nf = true\ng = \"true\"\nh = []\n"
             "i = [1, 'x']\nj = 2020-01-01\nk = 10:00:00\nl = 2020-01-01T10:00:00Z\n");
  CHECK(hd_toml_read(ctx, path, add_type, &found) == HD_OK);
  CHECK_TEXT(found.text,
             "integer integer text number number flag text list integer text date date date ");
}

static void what_the_function_returns_ends_the_reading(void) {
  all found = {.left = 1};
  write_file("a = 1\nb = 2\n");
  CHECK(hd_toml_read(ctx, path, add, &found) == HD_USAGE);
  CHECK_TEXT(found.text, "a[-1,-1]=1@1 ");
}

static void what_cannot_be_read_is_refused_with_its_line(void) {
  all found = {.left = 100};
  write_file("a = 1\nb = [[[1]]]\n");
  CHECK(hd_toml_read(ctx, path, add, &found) == HD_FORMAT);
  CHECK(strstr(hd_ctx_error(ctx), "line 2") != NULL);
  write_file("a.b.c.d.e.f.g.h = 1\na.b.c.d.e.f.g.i.j = 1\n");
  CHECK(hd_toml_read(ctx, path, add, &found) == HD_FORMAT);
  CHECK(strstr(hd_ctx_error(ctx), "line 2") != NULL);
  write_file("a = 1\na = 2\n");
  CHECK(hd_toml_read(ctx, path, add, &found) == HD_FORMAT);
  CHECK(hd_toml_read(ctx, HD_TEST_TMP "/no such file", add, &found) == HD_IO);
}

int main(void) {
  const hd_ctx_def def = hd_ctx_def_default();
  if (hd_ctx_create(&def, &ctx) != HD_OK) {
    return 1;
  }
  RUN(values_come_in_the_order_of_the_file);
  RUN(a_value_says_how_it_was_written);
  RUN(what_the_function_returns_ends_the_reading);
  RUN(what_cannot_be_read_is_refused_with_its_line);
  hd_ctx_destroy(ctx);
  return test_end();
}
