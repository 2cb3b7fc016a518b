/* Texts in files for other programs: a cell of a CSV file, a string of JSON. */
#ifndef BASE_QUOTE_H
#define BASE_QUOTE_H

#include <stdio.h>

/* RFC 4180: quoted where it must be, quotes doubled. */
void quote_csv(FILE *file, const char *text);
/* RFC 8259: always in quotes; control characters by number. */
void quote_json(FILE *file, const char *text);

#endif
