/* The order in which rows are kept: shuffled, and stratified in every prefix.
 *
 * Row j (counted from 0) of a class with n_c of the n rows belongs at place j n / n_c of the result.  A prefix of p
 * rows therefore holds about p n_c / n rows of each class, and the first K rows one of each of K classes. */
#ifndef DATA_ORDER_H
#define DATA_ORDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Rearranges rows[0..count) by the key.  label[rows[i]] is 0..classes-1; label NULL: a plain shuffle.
 * False when out of memory (rows are then untouched). */
bool order_interleave(uint32_t *rows, size_t count, const int32_t *label, size_t classes, uint32_t key);

/* Puts an order of the integers 0..count-1 into effect, in place: element i of the result is what was element order[i]
 * of `data` (`size` bytes each).  False when out of memory (`data` is then untouched). */
bool order_move(const uint32_t *order, size_t count, void *data, size_t size);

#endif
