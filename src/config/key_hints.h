/* What other libraries call our settings, and the sentence that says so. */
#ifndef HD_KEY_HINTS_H
#define HD_KEY_HINTS_H

/* Our key for another library's name, or NULL. */
const char *hd__key_of_others(const char *word);

/* Why a word is no setting though it looks like one, or NULL. */
const char *hd__key_elsewhere(const char *word);

#endif
