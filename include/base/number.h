/* Numbers as people read and write them, with a decimal point: the program leaves LC_NUMERIC at "C". */
#ifndef BASE_NUMBER_H
#define BASE_NUMBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A plain decimal number ("-12.5e3") at the start of text[0..length), correctly rounded: the characters it
 * takes, 0 when there is none or it is not finite.  For what people type; tables of millions of cells are read by
 * data/decimal.h, which is faster, takes a decimal comma and rounds only as a float needs. */
size_t number_scan(const char *text, size_t length, double *value);

/* The whole of `text` as a number; a trailing '%' divides by 100, k/M/G multiply.  False when it is none,
 * or is not finite. */
bool number_parse(const char *text, double *value);
/* A whole number, "2000", "2k" or "1e6". */
bool number_parse_u64(const char *text, uint64_t *value);
/* Digits alone, of a number up to `most`: what files have. */
bool number_parse_digits(const char *text, uint64_t most, uint64_t *value);

/* Each writes at most size-1 bytes and returns `out`. */
char *number_short(char *out, size_t size, double value); /* 3 significant digits: 0.0213, 1.5, 12300, 2e-7 */
/* The same for numbers that change in place: zeros kept, at most 7 characters without a sign, small ones as such:
 * 0.0200, 12300, 2.00e-4, <1e-6. */
char *number_steady(char *out, size_t size, double value);
/* A share in percent, without the sign: 99.6.  A share below 1 is never rounded to 100: one wrong row is seen. */
char *number_percent(char *out, size_t size, double share, int decimals);
char *number_exact(char *out, size_t size,
                   double value); /* shortest that reads back as the same float: what people see */
char *number_double(char *out, size_t size,
                    double value); /* shortest that reads back as the same double: what files keep */
char *number_count(char *out, size_t size, uint64_t value); /* 1,234,567 */
char *number_log(char *out, size_t size, double value);     /* 9 significant digits, "nan", "inf", "-inf" */

#endif
