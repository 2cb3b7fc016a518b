/* The first look at a table: has it a header, what are its columns called, which one is the answer? */
#ifndef DATA_HEADER_H
#define DATA_HEADER_H

#include <stdbool.h>
#include <stddef.h>

#include "data/column.h"
#include "data/record.h"

struct header {
    bool present;
    size_t columns;
    size_t line;                  /* of the first record, the measure of all others */
    char (*name)[NAME_BYTES + 1]; /* [columns]; "column 3" where the file gives none */
};

/* Looks at the first records.  `target` (a name or number, or NULL) being one of the first record's texts makes it a
 * header. On success the reader stands before the first row of data; the caller frees with header_free. */
enum status header_find(struct header *header, struct record_reader *reader, const char *target, struct error *error);
void header_free(struct header *header);

/* Skips the header of a reader that was rewound. */
enum status header_skip(const struct header *header, struct record_reader *reader, struct error *error);

/* Index of the column with the given name or 1-based number; NULL: the last. */
enum status header_column(const struct header *header, const struct record_reader *reader, const char *target,
                          size_t *index, struct error *error);

#endif
