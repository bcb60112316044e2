#include "plugin_text.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "plugin.h"
#include "toml.h"

void hd__plugin_write_text(hd__sink *sink, const hd_ctx *ctx) {
  if (ctx->plugins.n > 0) {
    hd__sink_text(sink, "\n[plugins]  # hash of the file = where it lay\n");
  }
  for (int i = 0; i < ctx->plugins.n; i++) {
    hd__sink_print(sink, "%016" PRIx64 " = ", hd__plugin_at(ctx, i)->hash);
    hd__toml_write_value(sink, "text", hd__plugin_at(ctx, i)->path);
    hd__sink_text(sink, "\n");
  }
}

static hd_status plugin_text_check(hd_ctx *ctx, const char *name, const hd__toml *toml) {
  char *end;
  const char *key = hd__toml_within(toml, "plugins");
  const uint64_t hash = strtoull(key, &end, 16);
  if (*end != '\0' || strlen(key) != 16) {
    return hd__fail(ctx, HD_FORMAT,
                    "%s, line %d: a plug-in is noted as `hash = \"file\"`, the hash in 16 "
                    "hexadecimal digits",
                    name, toml->line);
  }
  if (hd__plugin_with_hash(ctx, hash) != NULL) {
    return HD_OK;
  }
  const hd__plugin *other = hd__plugin_named(ctx, toml->value);
  return other != NULL
             ? hd__fail(ctx, HD_CONFLICT,
                        "%s was made with another %s than this one: the file's hash was %s and is "
                        "%016" PRIx64 "; load the file of then, or train again",
                        name, other->path, key, other->hash)
             : hd__fail(ctx, HD_MISSING,
                        "%s was made with a plug-in, which has to be named: hedon --plugin %s",
                        name, toml->value);
}

hd_status hd__plugin_check_text(hd_ctx *ctx, const char *name, const hd__toml_doc *doc) {
  hd__toml toml;
  hd__toml_begin(&toml, doc);
  while (hd__toml_next(&toml)) {
    if (hd__toml_within(&toml, "plugins") != NULL) {
      HD_TRY(plugin_text_check(ctx, name, &toml));
    }
  }
  return HD_OK;
}
