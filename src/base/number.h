/* Numbers as text, with a decimal point whatever locale the program has set. */
#ifndef HD_NUMBER_H
#define HD_NUMBER_H

#include <stdbool.h>
#include <stddef.h>

/* Read the whole text: decimal digits with at most one point and an exponent, nan or inf. */
bool hd__number_read(const char *text, double *out);

/* Give a number that snprintf has just written its point. */
void hd__number_point(char *text);

#endif
