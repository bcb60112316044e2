/* A run that waits because somebody who looks at it asks it to, by two files in its folder: `hold`,
 * which who asks writes again every second or two, and `held`, which the run keeps there while it
 * waits. What nobody has asked for anew in HOLD_S seconds is over: a run does not wait for a
 * program that has died. */
#ifndef CLI_HOLD_H
#define CLI_HOLD_H

#include <stdbool.h>

enum { HOLD_S = 10 };

/* ---- for the run in folder `dir` ---- */

bool hold_is_asked(const char *dir);
/* It waits, or goes on. */
void hold_mark(const char *dir, bool waits);

/* ---- for who looks ---- */

/* Ask, or ask again; false: the folder cannot be written. */
bool hold_ask(const char *dir);
void hold_end(const char *dir);
bool hold_is_marked(const char *dir);

#endif
