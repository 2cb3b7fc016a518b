/* The first look at a table: has it a header, what are its columns called, which one is the answer? */
#ifndef DATA_HEADER_H
#define DATA_HEADER_H

#include <stdbool.h>
#include <stddef.h>

#include "data/column.h"
#include "data/record.h"

struct header {
    bool present;
    size_t numbers; /* of its cells; 0 where there is none */
    size_t columns;
    size_t line;                  /* of the first record, the measure of all others */
    char (*name)[NAME_BYTES + 1]; /* [columns]; "column 3" where the file gives none */
};

/* Looks at the first records, unless the reader's form says whether there is a header.  The first record is one where
 * `target` (a name or number, or NULL) is one of its texts, or where all names of `like` (of another file, or NULL) are
 * in it; else it must be unlike the records below: texts above numbers; 0, 1, 2 ..., years and such above other numbers.
 * On success the reader stands before the first row of data; the caller frees with header_free. */
enum status header_find(struct header *header, struct record_reader *reader, const char *target,
                        const struct header *like, struct error *error);
void header_free(struct header *header);

/* Skips the header of a reader that was rewound. */
enum status header_skip(const struct header *header, struct record_reader *reader, struct error *error);

/* Index of the column with the given name or 1-based number; NULL: the last. */
enum status header_column(const struct header *header, const struct record_reader *reader, const char *target,
                          size_t *index, struct error *error);

#endif
