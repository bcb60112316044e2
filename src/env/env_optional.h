/* Environments that stand on another library: known by name even where they are not built in, so
 * that who asks for one learns what is missing. */
#ifndef HD_ENV_OPTIONAL_H
#define HD_ENV_OPTIONAL_H

typedef struct hd__optional_env {
  const char *name, *alias;
  const char *needs;   /* the library */
  const char *install; /* Debian's packages */
} hd__optional_env;

/* By name or alias, letter case ignored; NULL if it is none of them. */
const hd__optional_env *hd__env_optional(const char *name);

#endif
