/* What the atlas never says, so that one can ask whether a model only repeats what it has read or also goes on sensibly
 * with what it has not: some sums, and some people with some foods (each of whom it knows well from other lines). */
#ifndef CORPORA_HELD_OUT_H
#define CORPORA_HELD_OUT_H

#include <stdbool.h>
#include <stddef.h>

/* The two are never together on one line. */
struct held_out_meal {
    const char *person, *food;
};
extern const struct held_out_meal held_out_meals[];
extern const size_t held_out_meal_count;

/* Left out this way round and the other, in digits and in words, and as the difference that undoes it. */
struct held_out_sum {
    size_t first, second;
};
extern const struct held_out_sum held_out_sums[];
extern const size_t held_out_sum_count;

bool held_out_meal(const char *person, const char *food);
bool held_out_sum(size_t first, size_t second);

#endif
