/* Says in words how a CSV file was read, where that is not the plain way: commas between cells, decimal points, and a
 * header of texts in the first line. */
#ifndef DATA_FORM_H
#define DATA_FORM_H

#include "data/header.h"
#include "data/record.h"

/* "read with semicolons between cells (--separator), decimal commas (--decimal)", or an empty text.  The caller frees
 * it with mem_free; NULL: out of memory. */
char *form_text(const struct record_reader *reader, const struct header *header);

/* For a table that has one column only where more are needed: STATUS_FAILED when its user has named the separator. */
enum status form_check_separator(const struct record_reader *reader, size_t line, struct error *error);

#endif
