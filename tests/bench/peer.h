/* A peer that trains in a process of its own, a slice at a time, when it is asked to. */
#ifndef TESTS_BENCH_PEER_H
#define TESTS_BENCH_PEER_H

#include "bench/bench.h"

/* Pairs of slices of ours against the peer that is asked for by name; a row of the table, or a line that says why there
 * is none. */
void peer_row(const char *what, const char *name, struct bench_work *ours, double goal);

#endif
