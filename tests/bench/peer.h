/* A peer that trains in a process of its own, a slice at a time, when it is asked to. */
#ifndef TESTS_BENCH_PEER_H
#define TESTS_BENCH_PEER_H

#include "bench/training.h"

/* Pairs of slices against the peer; a row of the table, or a line that says why there is none. */
void peer_row(const struct training_case *which);

#endif
