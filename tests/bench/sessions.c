/* Opens, drives and times sessions for the bench's parts. */
#include "bench/sessions.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"
#include "setup/spec_field.h"

#define WAIT_MS 50

static void stop(const struct error *error)
{
    fprintf(stderr, "bench: %s\n", error->message);
    exit(EXIT_FAILURE);
}

struct spec bench_spec(const char *task, uint64_t steps)
{
    struct spec spec;
    spec_init(&spec);
    spec.task = mem_string(task);
    spec.steps = steps;
    bench_set(&spec, "speed", "0");
    return spec;
}

void bench_set(struct spec *spec, const char *name, const char *value)
{
    struct error error;
    if (spec_set(spec, name, value, &error) != STATUS_OK)
        stop(&error);
}

struct session *bench_open(struct spec *spec, const struct session_options *options)
{
    struct session *session;
    struct error error;
    if (session_open(&session, spec, options, &error) != STATUS_OK)
        stop(&error);
    return session;
}

void bench_send(struct session *session, struct wish command)
{
    struct event event = {.token = 0};
    command.token = 1;
    send_wish(session, &command);
    while (event.token != command.token)
        while (!session_echo(session, &event))
            session_wait(session, WAIT_MS);
}

void bench_until(struct session *session, uint64_t step)
{
    bench_send(session, (struct wish){.name = "until", .number = step});
    while (session_status(session)->state == SESSION_RUNNING)
        session_wait(session, WAIT_MS);
}

double bench_run_measured(struct spec *spec, const struct session_options *options, struct memory *memory)
{
    const uint64_t start = clock_now();
    struct session *session = bench_open(spec, options);
    while (!session_status(session)->ended)
        session_wait(session, WAIT_MS);
    const double seconds = (double)(clock_now() - start) * 1e-9;
    *memory = session_memory(session);
    session_close(session, NULL);
    return seconds;
}

double bench_run(struct spec *spec, const struct session_options *options)
{
    struct memory memory;
    return bench_run_measured(spec, options, &memory);
}
