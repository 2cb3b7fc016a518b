/* A corpus as a table of kinds of lines.
 *
 * A kind says each of its patterns of each of its subjects, as often as it has rounds; where a pattern asks for what
 * the subject lacks there is no line.  The lines of all kinds are shuffled by a keyed permutation, so that what is said
 * of a subject is spread over the whole text: whichever tenth of it is kept for the test, the rest says it too. */
#ifndef CORPORA_CORPUS_H
#define CORPORA_CORPUS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "corpora/choice.h"
#include "corpora/pattern.h"

enum { LINE_MOST = 1024 }; /* bytes of a line with its ending 0 */

struct kind {
    const char *const *patterns; /* ended by NULL */
    /* Patterns for {fact}, {other fact}, {third fact}: three different ones, said of the same subject; ended by NULL.
     * Or NULL. */
    const char *const *facts;
    const size_t *subjects; /* how many there are */
    size_t rounds;
    /* The words for a subject; what the subject does not decide is chosen. */
    void (*bind)(struct bindings *bindings, size_t subject, struct choice *choice);
};

struct corpus {
    const char *name;   /* of its file */
    const char *header; /* its first line, or NULL */
    const struct kind *kinds;
    size_t kind_count;
    uint64_t seed; /* each corpus has its own */
};

extern const struct corpus atlas;     /* the broad one */
extern const struct corpus questions; /* pairs: a question, a tab, its answer */
extern const struct corpus clinic;    /* the narrow one */

/* Lines of a kind and of all, with those that there are not. */
size_t kind_lines(const struct kind *kind);
size_t corpus_lines(const struct corpus *corpus);

/* A line without its end (one of a paper or a page has ends inside).  False, and an empty one: there is none.
 * kind_line: first all subjects in the first pattern, then in the next; after the last pattern the next round. */
bool kind_line(const struct kind *kind, size_t line, struct choice *choice, char out[static LINE_MOST]);
/* The line at a place of the shuffled text. */
bool corpus_line(const struct corpus *corpus, size_t place, char out[static LINE_MOST]);

/* The whole file; whether all was written is for the caller to ask the stream. */
void corpus_write(const struct corpus *corpus, FILE *stream);

#endif
