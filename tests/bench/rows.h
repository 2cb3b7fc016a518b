/* The rows of the table that are not about the speed of training alone. */
#ifndef TESTS_BENCH_ROWS_H
#define TESTS_BENCH_ROWS_H

void rows_language(void); /* a language model against its floor and PyTorch */
void rows_samples(void);  /* pushing a sample */
void rows_drawing(void);  /* curves after a short and a long run, and the memory that the long one holds */
void rows_time(void);     /* snapshots, going back, replays */
void rows_table(void);    /* reading a large CSV */
void rows_text(void);     /* a tokenizer */
void rows_screen(void);   /* the program on a terminal */
void rows_whole(void);    /* runs with all that belongs to them, against their bare steps */
void rows_long(void);     /* large files, many steps, many branches: minutes */

#endif
