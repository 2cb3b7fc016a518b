/* Rows of large files, for the part that takes minutes. */
#ifndef TESTS_BENCH_LARGE_H
#define TESTS_BENCH_LARGE_H

void rows_large_table(void); /* ten million rows */
void rows_large_text(void);  /* a hundred megabytes */

#endif
