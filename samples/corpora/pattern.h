/* Sentences with places for words: "The capital of {country} is {capital}."
 *
 * Bindings give each place its word.  A place that begins with a capital letter gets one ({Country}), "{a animal}" and
 * "{A animal}" put the article before it.  A pattern that asks for what its bindings lack makes no sentence. */
#ifndef CORPORA_PATTERN_H
#define CORPORA_PATTERN_H

#include <stdbool.h>
#include <stddef.h>

enum { BINDINGS_MOST = 32, MADE_MOST = 1024 };

/* Starts as {.count = 0}. */
struct bindings {
    size_t count, used;
    struct {
        const char *place, *word;
    } list[BINDINGS_MOST];
    char made[MADE_MOST]; /* room for words that stand in no table */
};

/* Both texts must live as long as the bindings; `word` may be NULL: the place then has none. */
void bindings_add(struct bindings *bindings, const char *place, const char *word);

/* The same for a word that is made here and kept in the bindings. */
void bindings_print(struct bindings *bindings, const char *place, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Writes the sentence to `out`, ended by 0.  False, and an empty `out`, where a place has no word or `size` is too
 * small. */
bool pattern_fill(const char *pattern, const struct bindings *bindings, char *out, size_t size);

#endif
