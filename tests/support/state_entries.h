/* The fields of a state as two checkpoint files have them. */
#ifndef TESTS_SUPPORT_STATE_ENTRIES_H
#define TESTS_SUPPORT_STATE_ENTRIES_H

#include <string.h>

#include "nn/weights.h"
#include "unit/suite.h"

/* Both files have the same entries; their number. */
static inline size_t same_state_entries(const struct weights *one, const struct weights *other)
{
    const struct json *at = NULL;
    size_t entries = 0;
    for (const char *key; (key = weights_next_key(one, &at)) != NULL;) {
        if (strncmp(key, "state.", 6) != 0)
            continue;
        const char *text = weights_note(other, key);
        ck_assert_msg(text && strcmp(weights_note(one, key), text) == 0, "%s: %s, not %s", key, text ? text : "missing",
                      weights_note(one, key));
        entries++;
    }
    return entries;
}

#endif
