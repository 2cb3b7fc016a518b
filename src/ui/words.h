/* Events as sentences. */
#ifndef UI_WORDS_H
#define UI_WORDS_H

#include <stdbool.h>
#include <stddef.h>

#include "metrics/event.h"

/* What happened; false: nothing to be told.  `from`: of a knob, its value before quick presses; `branch`: what the
 * branch is called that it is about. */
bool words_of_event(const struct event *event, double from, const char *branch, char *out, size_t size);

/* A capital, for a sentence. */
void words_begin(char *text);

#endif
