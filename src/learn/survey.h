/* Which rows an evaluation looks at, and the way through them: all training rows in use, then all test rows, or of more
 * than a cap of either a subset that is drawn once for a seed.
 *
 * Every row is measured in a block of the same size at the same place, however the work is cut into chunks. */
#ifndef LEARN_SURVEY_H
#define LEARN_SURVEY_H

#include "learn/work.h"

struct survey {
    const struct dataset *dataset; /* borrowed */
    size_t cap;                    /* rows of a part at most */
    uint32_t *row[WORK_PARTS];     /* their numbers in the data set ... */
    size_t count[WORK_PARTS];      /* ... and how many there are */
    struct work_key key;           /* that they were chosen by; rows 0: not yet */
    enum work_part at_part;
    size_t at_row; /* next row of that part */
};

/* Some rows that are measured together. */
struct survey_block {
    enum work_part part;
    size_t first, count; /* places among the part's rows */
    const uint32_t *row; /* [count] */
};

/* False: out of memory; survey_free is due all the same. */
bool survey_create(struct survey *survey, const struct dataset *dataset, size_t cap);
void survey_free(struct survey *survey);

/* Rows that are looked at when so many training rows are in use. */
size_t survey_rows(const struct dataset *dataset, size_t cap, size_t train_rows);

/* Starts over, with test rows alone if the key says so.  True when the key is another than before: rows and answers are
 * to be taken anew. */
bool survey_begin(struct survey *survey, const struct work_key *key);

/* Has blocks of `block` rows measured until about `rows` are done; true when all are. */
bool survey_run(struct survey *survey, size_t rows, size_t block,
                void (*measure)(void *context, const struct survey_block *block), void *context);

#endif
