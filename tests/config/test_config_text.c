#include "config_text.h"
#include "files.h"
#include "hedon/hedon.h"
#include "test.h"
#include "toml.h"

static hd_ctx *ctx;

static hd_config *make(const char *task, const char *method) {
  hd_config *config = NULL;
  CHECK(hd_config_create(ctx, task, method, &config) == HD_OK);
  return config;
}

static void toml_lines_are_read(void) {
  static const struct {
    const char *line, *key, *value;
  } cases[] = {
      {"alpha = 0.5", "alpha", "0.5"},
      {"  alpha=0.5  # 1/s", "alpha", "0.5"},
      {"\talpha\t=\t-1e-3\r\n", "alpha", "-1e-3"},
      {"steps = 1_000_000", "steps", "1000000"},
      {"flag = true", "flag", "true"},
      {"name = \"a # \\\"b\\\"\\n\"", "name", "a # \"b\"\n"},
      {"path = 'c:\\new'", "path", "c:\\new"},
      {"hidden = [ 64 ,32, ] # two", "hidden", "64,32"},
      {"hidden = []", "hidden", ""},
      {"words = [\"a\", 'b']", "words", "a,b"},
      {"lif.tau_m = 20", "lif.tau_m", "20"},
      {"\xEF\xBB\xBF"
       "alpha = 1",
       "alpha", "1"},
      {"\n# nothing\n\nalpha = 1\n", "alpha", "1"},
      {"\"critic.cells\" = 2", "critic.cells", "2"},
      {"search.'sigma' = 2", "search.sigma", "2"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    hd__toml_doc doc;
    hd__toml toml;
    CHECK(hd__toml_read_settings(ctx, "F", cases[i].line, strlen(cases[i].line), &doc) == HD_OK);
    hd__toml_begin(&toml, &doc);
    CHECK(hd__toml_next(&toml));
    CHECK_TEXT(toml.path, cases[i].key);
    CHECK_TEXT(toml.value, cases[i].value);
    CHECK(!hd__toml_next(&toml));
    hd__toml_free(&doc);
  }
}

static void wrong_toml_is_located(void) {
  static const struct {
    const char *text;
    int line;
  } cases[] = {
      {"alpha", 1},     {"\nalpha 1", 2},        {"= 1", 1},
      {"alpha =", 1},   {"alpha = # 1", 1},      {"a = 1\nb = \"open\nc = 1", 2},
      {"a = [1, 2", 1}, {"a = [1 2]", 1},        {"a = [,]", 1},
      {"a = 1 2", 1},   {"a = \"\\q\"", 1},      {"[run", 1},
      {"[]", 1},        {"a = 1\n[run] x\n", 2}, {"a = \"b\" \"c\"", 1},
      {"\xFF\xFE", 1},  {"a = word", 1},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    char start[32];
    hd__toml_doc doc;
    CHECK(hd__toml_read(ctx, "F", cases[i].text, strlen(cases[i].text), &doc) == HD_FORMAT);
    snprintf(start, sizeof start, "F, line %d: ", cases[i].line);
    CHECK(strncmp(hd_ctx_error(ctx), start, strlen(start)) == 0);
  }
  hd__toml_doc doc;
  CHECK(hd__toml_read(ctx, "F", "a = b\0c\n", 8, &doc) == HD_FORMAT);
}

static void values_are_written_as_toml(void) {
  static const struct {
    const char *type, *value, *text;
  } cases[] = {
      {"number", "0.5", "0.5"},
      {"number", "nan", "nan"},
      {"number", ".5", "\".5\""},
      {"number", "1e-08", "1e-08"},
      {"integer", "007", "\"007\""},
      {"flag", "true", "true"},
      {"name", "one-hot", "\"one-hot\""},
      {"list", "64,32", "[64, 32]"},
      {"list", "8", "[8]"},
      {"text", "a\"\\\n", "\"a\\\"\\\\\\n\""},
      {"number", "-inf", "-inf"},
      {"number", "1.", "\"1.\""},
      {"number", "+3e", "\"+3e\""},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    hd__sink sink;
    hd__sink_init(&sink, HD_SINK_MEMORY);
    hd__toml_write_value(&sink, cases[i].type, cases[i].value);
    hd__sink_write(&sink, "", 1);
    CHECK_TEXT((const char *)sink.buffer, cases[i].text);
  }
}

static void writing_and_reading_give_the_same(void) {
  hd_config *config = make("CartPole-v1", "neuron-agent"), *back = NULL;
  CHECK(hd_config_set(config, "alpha", "0.1234567890123") == HD_OK);
  CHECK(hd_config_set(config, "hidden", "48,16") == HD_OK);
  CHECK(hd_config_set(config, "bias", "false") == HD_OK);
  CHECK(hd_config_write(config, temp_path("config.toml")) == HD_OK);
  CHECK(hd_config_read(ctx, temp_path("config.toml"), &back) == HD_OK);
  CHECK(back != NULL && hd__config_is_same(config, back));
  CHECK(hd_config_set(back, "alpha", "0.1234567890124") == HD_OK);
  CHECK(!hd__config_is_same(config, back));
  CHECK(hd_config_load(back, temp_path("config.toml")) == HD_OK);
  CHECK(hd__config_is_same(config, back));
  hd_config_destroy(config);
  hd_config_destroy(back);
}

static void the_file_lists_what_is_read(void) {
  hd_config *config = make("CartPole-v1", "neuron-agent");
  CHECK(hd_config_write(config, temp_path("config.toml")) == HD_OK);
  size_t size;
  char *text = get_file(temp_path("config.toml"), &size);
  const char *start = "hedon = \"" HD_VERSION_STRING
                      "\"\ntask = \"CartPole-v1\"\n"
                      "method = \"neuron-agent\"\n";
  CHECK(text != NULL && strncmp(text, start, strlen(start)) == 0);
  for (int i = 0; i < hd_config_count(config); i++) {
    const hd_option option = hd_config_at(config, i);
    char bare[128], quoted[128];
    snprintf(bare, sizeof bare, "\n%s = ", option.key);
    snprintf(quoted, sizeof quoted, "\n\"%s\" = ", option.key);
    CHECK((strstr(text, bare) != NULL || strstr(text, quoted) != NULL) == option.is_read);
  }
  free(text);
  hd_config_destroy(config);
}

/* Python's own reader agrees, where there is one. */
static void the_file_is_toml(void) {
  hd_config *config = make("CartPole-v1", "neuron-agent");
  CHECK(hd_config_write(config, temp_path("config.toml")) == HD_OK);
  hd_config_destroy(config);
  if (system("python3 -c 'import tomllib' 2>/dev/null") != 0) {
    printf("  skipped: no Python with tomllib\n");
    return;
  }
  char command[1024];
  snprintf(command, sizeof command,
           "python3 -c 'import tomllib, sys; t = tomllib.load(open(sys.argv[1], \"rb\"));"
           "assert t[\"task\"] == \"CartPole-v1\" and isinstance(t[\"hidden\"], list)"
           " and isinstance(t[\"alpha\"], (int, float)) and t[\"bias\"] in (True, False)' %s",
           temp_path("config.toml"));
  CHECK(system(command) == 0);
}

/* What a wrong file is answered, and that nothing changed. */
static void wrong_files_are_one_sentence(void) {
  static const struct {
    const char *text;
    hd_status status;
    const char *said[3];
  } cases[] = {
      {"alpha = 0.1\nalpah = 0.2\n", HD_UNKNOWN, {"line 2", "alpah", "alpha"}},
      {"alpha = 0.1\nenvs = 0\n", HD_RANGE, {"line 2", "envs", "1 to 4096"}},
      {"alpha = 0.1\nalpha = 0.2\n", HD_FORMAT, {"line 2", "alpha", "second time"}},
      {"alpha = 0.1\nhidden = [4, -1]\n", HD_RANGE, {"line 2", "hidden", "65536"}},
      {"alpha = 0.1\nrubbish\n", HD_FORMAT, {"line 2", "key", "="}},
      {"alpha = 0.1\n[network]\nhidden = 3\n", HD_UNKNOWN, {"line 3", "network.hidden", "option"}},
      {"alpha = 0.1\n[run]\nseed = 18446744073709551616\n", HD_FORMAT, {"line 3", "seed", "whole"}},
      {"alpha = 0.1\n[run]\nseed = -1\n", HD_FORMAT, {"line 3", "seed", "whole"}},
      {"alpha = 0.1\ntask = \"Taxi-v4\"\n", HD_CONFLICT, {"line 2", "Taxi-v4", "CartPole-v1"}},
      {"alpha = 0.1\nmethod = \"none\"\n", HD_CONFLICT, {"line 2", "none", "neuron-agent"}},
      {"alpha = 0.1\ntask = \"Cartpool\"\n", HD_UNKNOWN, {"line 2", "Cartpool", "cartpole"}},
  };
  hd_config *config = make("CartPole-v1", "neuron-agent"), *before = NULL;
  CHECK(hd__config_copy(ctx, config, &before) == HD_OK);
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    put_text(temp_path("wrong_text.toml"), cases[i].text);
    CHECK(hd_config_load(config, temp_path("wrong_text.toml")) == cases[i].status);
    const char *sentence = hd_ctx_error(ctx);
    CHECK(strstr(sentence, "wrong_text.toml") != NULL && strchr(sentence, '\n') == NULL);
    for (int k = 0; k < 3; k++) {
      if (strstr(sentence, cases[i].said[k]) == NULL) {
        printf("  \"%s\" lacks \"%s\"\n", sentence, cases[i].said[k]);
        CHECK(false);
      }
    }
    CHECK(hd__config_is_same(config, before));
  }
  hd_config_destroy(config);
  hd_config_destroy(before);
}

static void incomplete_files_are_refused(void) {
  static const struct {
    const char *text;
    hd_status status;
  } cases[] = {{"", HD_FORMAT},
               {"task = \"CartPole-v1\"\n", HD_FORMAT},
               {"method = \"neuron-agent\"\n", HD_FORMAT},
               {"task = \"CartPole\"\nmethod = \"neuron-agnet\"\n", HD_UNKNOWN},
               {"task = \"CartPole-v1\"\nmethod = \"neuron-agent\"\nx = 1\n", HD_UNKNOWN}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    hd_config *config = NULL;
    put_text(temp_path("part.toml"), cases[i].text);
    CHECK(hd_config_read(ctx, temp_path("part.toml"), &config) == cases[i].status);
    CHECK(config == NULL);
  }
}

static void unreadable_and_unwritable_files_are_named(void) {
  hd_config *config = make("CartPole-v1", "neuron-agent");
  CHECK(hd_config_load(config, "/nonexistent/a.toml") == HD_IO);
  CHECK(strstr(hd_ctx_error(ctx), "/nonexistent/a.toml") != NULL);
  CHECK(hd_config_load(config, HD_TEST_TMP) == HD_IO);
  CHECK(hd_config_write(config, "/nonexistent/a.toml") == HD_IO);
  CHECK(hd_config_write(config, "/dev/full") == HD_IO);
  CHECK(has_file("/dev/full"));
  hd_config_destroy(config);
}

int main(void) {
  const hd_ctx_def def = hd_ctx_def_default();
  if (hd_ctx_create(&def, &ctx) != HD_OK) {
    return 1;
  }
  RUN(toml_lines_are_read);
  RUN(wrong_toml_is_located);
  RUN(values_are_written_as_toml);
  RUN(writing_and_reading_give_the_same);
  RUN(the_file_lists_what_is_read);
  RUN(the_file_is_toml);
  RUN(wrong_files_are_one_sentence);
  RUN(incomplete_files_are_refused);
  RUN(unreadable_and_unwritable_files_are_named);
  hd_ctx_destroy(ctx);
  return test_end();
}
