/* Methods as files: those that are built in hold what they promise, a person's own are read, kept
 * by hash, and refused with file and line. */
#include "files.h"
#include "hedon/hedon.h"
#include "config_text.h"
#include "method.h"
#include "method_list.h"
#include "test.h"
#include "toml.h"

static hd_ctx *open_ctx(void) {
  const hd_ctx_def def = hd_ctx_def_default();
  hd_ctx *ctx = NULL;
  CHECK(hd_ctx_create(&def, &ctx) == HD_OK);
  return ctx;
}

enum { N_OPTIONS = 512, N_SECTIONS = 32 };

/* First of all tests: a text that is not well formed fails them all. */
static void built_in_texts_are_well_formed(void) {
  hd_ctx *ctx = open_ctx();
  bool are_well_formed = true;
  for (int i = 0; i < hd__method_text_count; i++) {
    const hd__method *method = hd__method_at(ctx, i);
    if (method->status != HD_OK) {
      printf("  src/config/methods/%s.toml: %s\n", method->about.name, method->about.doc);
      are_well_formed = false;
    }
  }
  hd_ctx_destroy(ctx);
  CHECK(are_well_formed);
  if (!are_well_formed) {
    exit(1);
  }
}

static bool sets_for(const hd_method *method, const hd_env_desc *env) {
  return hd__method_task((const hd__method *)method, env, 0) != NULL;
}

static void every_method_takes_every_task_that_it_claims(void) {
  hd_ctx *ctx = open_ctx();
  int n = 0;
  for (int m = 0; m < hd_method_count(); m++) {
    for (int e = 0; e < hd_env_count(ctx); e++) {
      const hd_env_desc *env = hd_env_at(ctx, e);
      if (!sets_for(hd_method_at(m), env)) {
        continue;
      }
      hd_config *config = NULL;
      CHECK(hd_config_create(ctx, env->name, hd_method_at(m)->name, &config) == HD_OK);
      const hd_status status = hd_config_check(config);
      if (status != HD_OK) {
        printf("  %s on %s: %s\n", hd_method_at(m)->name, env->name, hd_ctx_error(ctx));
        CHECK(false);
      }
      hd_config_destroy(config);
      n++;
    }
  }
  CHECK(n > 300);
  hd_ctx_destroy(ctx);
}

/* ---- presets set what is read ---- */

/* Is a key of a table of a file read in some run that the table applies to? */
typedef struct used {
  char table[HD_TOML_KEY];
  bool is_read[N_OPTIONS];
} used;

static bool extends(const hd__method_text *text, const char *name) {
  hd_ctx *ctx = open_ctx();
  hd__method_source source;
  bool is = strcmp(text->name, name) == 0;
  CHECK(hd__method_open(ctx, text->name, text->text, text->size, &source) == HD_OK);
  for (int i = 0; !is && i < hd__method_text_count; i++) {
    if (strcmp(hd__method_texts[i].name, source.extends) == 0) {
      is = extends(&hd__method_texts[i], name);
    }
  }
  hd__method_close(&source);
  hd_ctx_destroy(ctx);
  return is;
}

/* The row of one table, as a method of its own, tells to which tasks it applies. */
static bool table_applies(const char *table, const hd_env_desc *env) {
  hd__method one = {.n_tasks = 1, .task = {{table + strlen("task."), ""}}};
  return strcmp(table, "settings") == 0 || hd__method_task(&one, env, 0) != NULL;
}

static void note_read(hd_ctx *ctx, const char *method, const hd_env_desc *env, used *sections,
                      int n) {
  hd_config *config = NULL;
  CHECK(hd_config_create(ctx, env->name, method, &config) == HD_OK);
  for (int k = 0; k < n; k++) {
    for (int i = 0; table_applies(sections[k].table, env) && i < hd_config_count(config); i++) {
      sections[k].is_read[i] |= hd_config_at(config, i).is_read;
    }
  }
  hd_config_destroy(config);
}

static int tables_of(const hd__toml_doc *doc, used *sections) {
  int n = 0;
  char table[HD_TOML_KEY];
  hd__toml toml;
  hd__toml_begin(&toml, doc);
  while (hd__toml_next(&toml)) {
    if (hd__method_line(&toml, table) != NULL &&
        (n == 0 || strcmp(sections[n - 1].table, table) != 0)) {
      memset(&sections[n], 0, sizeof sections[n]);
      memcpy(sections[n++].table, table, sizeof table);
    }
  }
  CHECK(n <= N_SECTIONS);
  return n;
}

static void check_text(hd_ctx *ctx, const hd_config *config, const hd__method_text *text) {
  static used sections[N_SECTIONS];
  hd__toml_doc doc;
  CHECK(hd__toml_read_settings(ctx, text->name, text->text, text->size, &doc) == HD_OK);
  const int n = tables_of(&doc, sections);
  for (int m = 0; m < hd_method_count(); m++) {
    const char *method = hd_method_at(m)->name;
    int i = 0;
    while (strcmp(hd__method_texts[i].name, method) != 0) {
      i++;
    }
    for (int e = 0; extends(&hd__method_texts[i], text->name) && e < hd_env_count(ctx); e++) {
      note_read(ctx, method, hd_env_at(ctx, e), sections, n);
    }
  }
  hd__toml toml;
  hd__toml_begin(&toml, &doc);
  for (int k = -1; hd__toml_next(&toml);) {
    char table[HD_TOML_KEY];
    const char *key = hd__method_line(&toml, table);
    k += key != NULL && (k < 0 || strcmp(sections[k].table, table) != 0);
    if (key != NULL && !sections[k].is_read[hd__config_find(config, key)]) {
      printf("  %s.toml, line %d: nothing reads %s\n", text->name, toml.line, key);
      CHECK(false);
    }
  }
  hd__toml_free(&doc);
}

static void presets_set_what_is_read(void) {
  hd_ctx *ctx = open_ctx();
  hd_config *config = NULL;
  CHECK(hd_config_create(ctx, "CartPole-v1", "ppo", &config) == HD_OK);
  CHECK(hd_config_count(config) <= N_OPTIONS);
  for (int i = 0; i < hd__method_text_count; i++) {
    check_text(ctx, config, &hd__method_texts[i]);
  }
  hd_config_destroy(config);
  hd_ctx_destroy(ctx);
}

/* ---- a person's own ---- */

/* "Weights have no bounds (0), or ... (1)" is a choice, which no number between makes. */
static void choices_by_number_are_whole(void) {
  const hd_ctx_def def = hd_ctx_def_default();
  hd_ctx *ctx = NULL;
  hd_config *config = NULL;
  int n = 0;
  CHECK(hd_ctx_create(&def, &ctx) == HD_OK);
  CHECK(hd_config_create(ctx, "CartPole-v1", "ppo", &config) == HD_OK);
  for (int i = 0; i < hd_config_count(config); i++) {
    const hd_option option = hd_config_at(config, i);
    const bool is_choice =
        (strstr(option.help, "(0") != NULL && strstr(option.help, "(1") != NULL) ||
        (strstr(option.help, ": 0, ") != NULL);
    n += is_choice;
    CHECK(!is_choice || strcmp(option.type, "integer") == 0);
  }
  CHECK(n >= 20);
  hd_config_destroy(config);
  hd_ctx_destroy(ctx);
}

static void built_in_files_are_taken_from_a_path(void) {
  hd_ctx *ctx = open_ctx();
  for (int i = 0; i < hd_method_count(); i++) {
    const hd_method *built_in = hd_method_at(i), *own = NULL;
    char name[64];
    snprintf(name, sizeof name, "own-%s.toml", built_in->name);
    put_text(temp_path(name), built_in->text);
    if (hd_method_find(ctx, temp_path(name), &own) != HD_OK) {
      printf("  %s\n", hd_ctx_error(ctx));
      CHECK(false);
      continue;
    }
    CHECK_TEXT(own->settings, built_in->settings);
    CHECK_TEXT(own->doc, built_in->doc);
    CHECK(strncmp(own->name, "own-", 4) == 0);
    remove(temp_path(name));
  }
  hd_ctx_destroy(ctx);
}

static const char *const mine =
    "doc = \"mine\"\nextends = \"ppo\"\n[settings]\nppo.clip = 0.25 # wider\nhidden = [8]\n"
    "[task.\"CartPole-v0, CartPole-v1\"]\nhidden = 16\n";

static void a_file_lies_over_what_it_extends(void) {
  hd_ctx *ctx = open_ctx();
  hd_config *config = NULL;
  put_text(temp_path("mine.toml"), mine);
  CHECK(hd_config_create(ctx, "cartpole", temp_path("mine.toml"), &config) == HD_OK);
  CHECK_TEXT(hd_config_method(config), "mine");
  CHECK_TEXT(hd_config_get(config, "ppo.clip"), "0.25");
  CHECK_TEXT(hd_config_get(config, "hidden"), "16");
  CHECK_TEXT(hd_config_get(config, "algorithm"), "ppo");
  CHECK_TEXT(hd_config_get(config, "reward_scale"), "0.1"); /* of ppo on the cart-pole */
  CHECK(hd_config_check(config) == HD_OK);
  hd_config_destroy(config);
  CHECK(hd_config_create(ctx, "Acrobot-v1", "mine", &config) == HD_OK); /* known by now */
  CHECK_TEXT(hd_config_get(config, "hidden"), "64,64");                 /* ppo's row comes later */
  hd_config_destroy(config);
  hd_ctx_destroy(ctx);
}

/* Tables name tasks as users may, by short names and in capitals or not. */
static void a_table_may_name_a_task_in_short(void) {
  hd_ctx *ctx = open_ctx();
  hd_config *config = NULL;
  put_text(temp_path("short.toml"),
           "doc = \"x\"\nextends = \"dqn\"\n"
           "[task.\"acrobot, CARTPOLE, breakout\"]\ngamma = 0.5\n");
  static const char *const tasks[] = {"CartPole-v1", "Acrobot-v1", "MinAtar-Breakout-v1:sticky=0"};
  for (size_t i = 0; i < sizeof tasks / sizeof *tasks; i++) {
    CHECK(hd_config_create(ctx, tasks[i], temp_path("short.toml"), &config) == HD_OK);
    CHECK_TEXT(hd_config_get(config, "gamma"), "0.5");
    hd_config_destroy(config);
  }
  hd_ctx_destroy(ctx);
}

static void a_run_goes_on_without_the_file(void) {
  hd_ctx *ctx = open_ctx();
  hd_config *config = NULL, *back = NULL;
  put_text(temp_path("mine.toml"), mine);
  CHECK(hd_config_create(ctx, "cartpole", temp_path("mine.toml"), &config) == HD_OK);
  CHECK(hd_config_write(config, temp_path("run.toml")) == HD_OK);
  remove(temp_path("mine.toml"));
  hd_ctx *other = open_ctx();
  CHECK(hd_config_read(other, temp_path("run.toml"), &back) == HD_OK);
  CHECK(hd__config_is_same(config, back) && hd_config_check(back) == HD_OK);
  CHECK_TEXT(hd_config_method(back), "mine");
  hd_session *a = NULL, *b = NULL;
  CHECK(hd_session_create(ctx, config, 3, &a) == HD_OK);
  CHECK(hd_session_create(other, back, 3, &b) == HD_OK);
  CHECK(hd_session_train(a, 600) == HD_OK && hd_session_train(b, 600) == HD_OK);
  CHECK(hd_session_hash(a) == hd_session_hash(b));
  hd_session_destroy(a);
  hd_session_destroy(b);
  hd_config_destroy(config);
  hd_config_destroy(back);
  hd_ctx_destroy(other);
  hd_ctx_destroy(ctx);
}

static void a_file_that_changed_is_another_method(void) {
  hd_ctx *ctx = open_ctx();
  const hd_method *first = NULL, *second = NULL;
  put_text(temp_path("mine.toml"), mine);
  CHECK(hd_method_find(ctx, temp_path("mine.toml"), &first) == HD_OK);
  CHECK(hd_method_find(ctx, temp_path("mine.toml"), &second) == HD_OK && first == second);
  put_text(temp_path("mine.toml"), "doc = \"changed\"\n");
  CHECK(hd_method_find(ctx, temp_path("mine.toml"), &second) == HD_CONFLICT);
  CHECK(strstr(hd_ctx_error(ctx), "another method is called mine") != NULL);
  put_text(temp_path("ppo.toml"), mine);
  CHECK(hd_method_find(ctx, temp_path("ppo.toml"), &second) == HD_CONFLICT);
  hd_ctx_destroy(ctx);
}

static void files_extend_files_beside_them(void) {
  hd_ctx *ctx = open_ctx();
  hd_config *config = NULL;
  put_text(temp_path("ground.toml"), "doc = \"g\"\n[settings]\nalpha = 0.125\nlambda = 0.5\n");
  put_text(temp_path("above.toml"),
           "doc = \"a\"\nextends = \"ground.toml\"\n[settings]\nlambda = 0.25\n");
  CHECK(hd_config_create(ctx, "cartpole", temp_path("above.toml"), &config) == HD_OK);
  CHECK_TEXT(hd_config_get(config, "alpha"), "0.125");
  CHECK_TEXT(hd_config_get(config, "lambda"), "0.25");
  hd_config_destroy(config);
  hd_ctx_destroy(ctx);
}

static void wrong_files_are_one_sentence(void) {
  static const struct {
    const char *text;
    hd_status status;
    const char *says;
  } cases[] = {
      {"", HD_FORMAT, "line 1: a method begins with doc"},
      {"\n\n\n", HD_FORMAT, "line 1: a method begins with doc"},
      {"doc = 3\n", HD_FORMAT, "line 1: doc is a text in quotes"},
      {"doc = \"d\"\nalpha = 1\n", HD_FORMAT, "line 2: alpha stands before the tables"},
      {"doc = \"d\"\n[setting]\nalpha = 1\n", HD_FORMAT, "line 3: setting.alpha lies in no table"},
      {"doc = \"d\"\n[settings]\naplha = 1\n", HD_UNKNOWN,
       "line 3: no option is called 'aplha'; did you mean 'alpha'?"},
      {"doc = \"d\"\n[settings]\nalpha = \"high\"\n", HD_RANGE, "line 3: alpha = high, allowed"},
      {"doc = \"d\"\n[settings]\nalpha = \"0.5\"\n", HD_FORMAT,
       "line 3: alpha is a number, and this is a text"},
      {"doc = \"d\"\n[settings]\nalpha = [0.5]\n", HD_FORMAT,
       "line 3: alpha is a number, and this is a list"},
      {"doc = \"d\"\n[settings]\ncoding = 3\n", HD_UNKNOWN, "line 3: "},
      {"doc = \"d\"\n[settings]\ncoding = raw\n", HD_FORMAT, "line 3: a value is a text in quotes"},
      {"doc = \"d\"\n[settings]\nbias = \"true\"\n", HD_FORMAT, "line 3: bias is true or false"},
      {"doc = \"d\"\n[settings]\nhidden = \"64\"\n", HD_FORMAT, "line 3: hidden is a list"},
      {"doc = \"d\"\n[settings]\ngamma = 2\n", HD_RANGE, "line 3: gamma = 2, allowed: 0 to 1"},
      {"doc = \"d\"\n[settings]\ngamma = 1\ngamma = 1\n", HD_FORMAT,
       "line 4: gamma is set a second time"},
      {"doc = \"d\"\n[task.\"CartPol-v1\"]\ngamma = 1\n", HD_UNKNOWN, "line 3: "},
      {"doc = \"d\"\nextends = \"pppo\"\n", HD_UNKNOWN, "extends 'pppo'"},
      {"doc = \"d\"\nextends = \"wrong.toml\"\n", HD_CONFLICT, "extends itself"},
      {"doc = \"d\"\nextends = \"circle.toml\"\n", HD_CONFLICT, "extends itself, by way of"},
      {"doc = \"d\"\nextends = \"nowhere.toml\"\n", HD_IO, "nowhere.toml"},
      {"doc = \"d\"\n[settings]\nalpha 1\n", HD_FORMAT, "line 3: a key is followed by ="},
  };
  put_text(temp_path("circle.toml"), "doc = \"c\"\nextends = \"wrong.toml\"\n");
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    hd_ctx *ctx = open_ctx();
    const hd_method *method = NULL;
    put_text(temp_path("wrong.toml"), cases[i].text);
    const hd_status status = hd_method_find(ctx, temp_path("wrong.toml"), &method);
    if (status != cases[i].status || strstr(hd_ctx_error(ctx), cases[i].says) == NULL) {
      printf("  %d: %s\n", status, hd_ctx_error(ctx));
      CHECK(false);
    }
    CHECK(method == NULL && strstr(hd_ctx_error(ctx), ".toml") != NULL);
    hd_ctx_destroy(ctx);
  }
}

static void a_megabyte_of_nothing_is_refused(void) {
  enum { SIZE = 1 << 20 };
  char *nothing = calloc(1, SIZE);
  const hd_method *method = NULL;
  hd_ctx *ctx = open_ctx();
  for (int k = 0; k < 2; k++) {
    memset(nothing, k == 0 ? '\0' : ' ', SIZE);
    put_file(temp_path("nothing.toml"), nothing, SIZE);
    CHECK(hd_method_find(ctx, temp_path("nothing.toml"), &method) == HD_FORMAT);
    CHECK(strstr(hd_ctx_error(ctx), "nothing.toml") != NULL);
    put_file(temp_path("nothing.toml"), nothing, 60000);
    CHECK(hd_method_find(ctx, temp_path("nothing.toml"), &method) == HD_FORMAT);
    CHECK(strstr(hd_ctx_error(ctx), "nothing.toml, line 1: ") != NULL);
  }
  hd_ctx_destroy(ctx);
  free(nothing);
}

int main(void) {
  RUN(built_in_texts_are_well_formed);
  RUN(every_method_takes_every_task_that_it_claims);
  RUN(presets_set_what_is_read);
  RUN(choices_by_number_are_whole);
  RUN(built_in_files_are_taken_from_a_path);
  RUN(a_file_lies_over_what_it_extends);
  RUN(a_table_may_name_a_task_in_short);
  RUN(a_run_goes_on_without_the_file);
  RUN(a_file_that_changed_is_another_method);
  RUN(files_extend_files_beside_them);
  RUN(wrong_files_are_one_sentence);
  RUN(a_megabyte_of_nothing_is_refused);
  return test_end();
}
