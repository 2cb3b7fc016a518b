/* Sessions without a screen, for the bench's parts: opened, driven and timed. */
#ifndef TESTS_BENCH_SESSIONS_H
#define TESTS_BENCH_SESSIONS_H

#include "session/session.h"
#include "support/wishes.h"

/* A run of `steps` steps (0: no end) at unlimited speed. */
struct spec bench_spec(const char *task, uint64_t steps);
/* Sets a field; ends the bench when it cannot be set. */
void bench_set(struct spec *spec, const char *name, const char *value);
/* Takes over the spec; ends the bench when the session cannot be opened. */
struct session *bench_open(struct spec *spec, const struct session_options *options);
/* Sends a command and waits for its reply. */
void bench_send(struct session *session, struct wish command);
/* To that step, then paused. */
void bench_until(struct session *session, uint64_t step);
/* Seconds that the session takes from its opening to its end. */
double bench_run(struct spec *spec, const struct session_options *options);
/* The same; *memory becomes what the run took at its end. */
double bench_run_measured(struct spec *spec, const struct session_options *options, struct memory *memory);

#endif
