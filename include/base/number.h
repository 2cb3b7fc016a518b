/* Numbers as people read and write them, independent of the locale. */
#ifndef BASE_NUMBER_H
#define BASE_NUMBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The whole of `text` as a number; a trailing '%' divides by 100, k/M/G multiply.  False when it is none,
 * or is not finite. */
bool number_parse(const char *text, double *value);
bool number_parse_u64(const char *text, uint64_t *value);

/* Each writes at most size-1 bytes and returns `out`. */
char *number_short(char *out, size_t size, double value);  /* 3 significant digits: 0.0213, 1.5, 12k is NOT used */
char *number_exact(char *out, size_t size, double value);  /* shortest that reads back as the same float: knob values */
char *number_count(char *out, size_t size, uint64_t value); /* 1,234,567 */
char *number_log(char *out, size_t size, double value);    /* 9 significant digits, "nan", "inf", "-inf" */

#endif
