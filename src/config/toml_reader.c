/* What all files share that read TOML. */
#include "toml_internal.h"

bool hd__toml_fail(hd__toml_reader *r, const char *problem) {
  r->problem = r->problem == NULL ? problem : r->problem;
  return false;
}

bool hd__toml_fail_key(hd__toml_reader *r, const char *key, const char *problem) {
  r->culprit = r->problem == NULL ? key : r->culprit;
  return hd__toml_fail(r, problem);
}

bool hd__toml_is_end_of_line(const hd__toml_reader *r) {
  return r->at == r->end || *r->at == '\n' ||
         (*r->at == '\r' && r->at + 1 < r->end && r->at[1] == '\n');
}

/* The pool has room for all that a text may say. */
bool hd__toml_put(hd__toml_reader *r, char c) {
  HD_ASSERT(r->doc->used < r->doc->pool_size);
  r->doc->pool[r->doc->used++] = c;
  return true;
}
