/* Names and paths may hold any bytes; JSON and pictures hold characters. */
#ifndef CLI_UNICODE_H
#define CLI_UNICODE_H

/* Written in place of a byte that belongs to no character. */
#define UNICODE_REPLACEMENT "\xEF\xBF\xBD"

/* Bytes of the UTF-8 character at text, which has not ended; 0: there is none. */
int unicode_length(const char *text);

/* Characters of a text, a byte that belongs to none counted as one. */
int unicode_count(const char *text);

#endif
