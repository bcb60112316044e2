/* Values of a study's file: each is refused with its line where it is not what its key takes. */
#include <string.h>

#include "study_file.h"

/* Types of hd_option and of hd_toml_value, in words. */
static const struct {
  const char *type, *words;
} words[] = {{"text", "a text in quotes"},
             {"name", "a text in quotes"},
             {"integer", "a whole number"},
             {"number", "a number"},
             {"flag", "true or false"},
             {"list", "a list of numbers"},
             {"date", "a date"}};

static const char *study_type_words(const char *type) {
  for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
    if (strcmp(words[i].type, type) == 0) {
      return words[i].words;
    }
  }
  return type;
}

/* Settings take 1e5 and 100.0 as whole numbers; hd_config_set has looked at their range. */
static bool study_type_fits(const char *wanted, const char *given) {
  const bool is_number = strcmp(given, "integer") == 0 || strcmp(given, "number") == 0;
  if (strcmp(wanted, "integer") == 0 || strcmp(wanted, "number") == 0 ||
      strcmp(wanted, "list") == 0) {
    return is_number;
  }
  return strcmp(strcmp(wanted, "name") == 0 ? "text" : wanted, given) == 0;
}

hd_status study_check_type(study_file *self, const char *key, const char *type,
                           const hd_toml_value *value) {
  return study_type_fits(type, value->type)
             ? HD_OK
             : study_file_refuse(self, "%s is %s, and this is %s", key, study_type_words(type),
                                 study_type_words(value->type));
}

const char *study_setting_type(study_file *self, const char *key) {
  if (strcmp(self->key, key) == 0) {
    return self->type;
  }
  snprintf(self->key, sizeof self->key, "%s", key);
  self->type[0] = '\0';
  for (int i = 0; i < hd_config_count(self->options); i++) {
    const hd_option option = hd_config_at(self->options, i);
    if (strcmp(option.key, key) == 0) {
      snprintf(self->type, sizeof self->type, "%s", option.type);
    }
  }
  return self->type;
}

hd_status study_check_bound(study_file *self, const char *key, const hd_toml_value *value) {
  const char *type = study_setting_type(self, key);
  if (type[0] == '\0') {
    hd_config_set(self->options, key, ""); /* says that there is none */
    return study_file_refuse(self, "%s", hd_ctx_error(self->ctx));
  }
  if (!study_type_fits(type, "number") || strcmp(type, "list") == 0) {
    return study_file_refuse(self, "%s is %s, which has no bounds; sweep a list of values", key,
                             study_type_words(type));
  }
  return study_check_type(self, key, "number", value);
}

hd_status study_check_setting(study_file *self, const char *key, int depth,
                              const hd_toml_value *value) {
  const char *name = key + (key[0] == '?');
  if (hd_config_set(self->options, name, value->text != NULL ? value->text : "") != HD_OK) {
    return study_file_refuse(self, "%s", hd_ctx_error(self->ctx));
  }
  const char *type = study_setting_type(self, name);
  if (value->item[depth] >= 0 && type[0] != '\0' && strcmp(type, "list") != 0) {
    return study_file_refuse(self, "%s is %s, and this is a list", name, study_type_words(type));
  }
  return type[0] == '\0' ? HD_OK : study_check_type(self, name, type, value);
}
