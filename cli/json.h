/* JSON as it is printed: values that JSON cannot hold become null. */
#ifndef CLI_JSON_H
#define CLI_JSON_H

#include <stdint.h>
#include <stdio.h>

/* Bytes that are no UTF-8, which a path may hold, become U+FFFD. */
void json_string(FILE *file, const char *text);
void json_number(FILE *file, double value); /* 17 significant digits: read back, the same number */
void json_count(FILE *file, int64_t value); /* null if negative: "never happened" */
void json_hash(FILE *file, uint64_t hash);  /* 16 hexadecimal digits in quotes */

#endif
