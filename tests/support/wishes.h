/* What a test asks of a run: a command by its name, with its arguments by theirs. */
#ifndef TESTS_SUPPORT_WISHES_H
#define TESTS_SUPPORT_WISHES_H

#include <stdlib.h>

#include "base/mem.h"
#include "engine/commands.h"
#include "engine/worker.h"
#include "session/session.h"

struct wish {
    const char *name;
    enum knob_id knob;
    double value;
    uint64_t number;
    uint16_t branch;
    uint32_t token;
    char text[600];
};

/* The text is the caller's; NULL: there is none, or no memory for it.  Without assertions, which need memory. */
static inline struct request request_of(const struct wish *wish)
{
    struct request request = {.row = engine_command(wish->name), .token = wish->token};
    if (!request.row)
        abort();
    for (size_t i = 0; i < COMMAND_ARGUMENTS; i++)
        switch (request.row->argument[i].type) {
        case ARGUMENT_NUMBER:
            request.value[i].number = wish->number;
            break;
        case ARGUMENT_BRANCH:
            request.value[i].number = wish->branch;
            break;
        case ARGUMENT_KNOB:
            request.value[i].number = wish->knob;
            break;
        case ARGUMENT_VALUE:
            request.value[i].real = wish->value;
            break;
        case ARGUMENT_TEXT:
        case ARGUMENT_FILE:
            request.text = mem_string(wish->text);
            break;
        default:
            break;
        }
    return request;
}

static inline bool has_text(const struct request *request)
{
    for (size_t i = 0; i < COMMAND_ARGUMENTS; i++)
        if (argument_is_text(&request->row->argument[i]))
            return request->text != NULL;
    return true;
}

static inline bool send_wish(struct session *session, const struct wish *wish)
{
    struct request request = request_of(wish);
    const bool sent = has_text(&request) && session_send(session, &request);
    request_free(&request);
    return sent;
}

static inline bool send_to_worker(struct worker *worker, const struct wish *wish)
{
    struct request request = request_of(wish);
    const bool sent = has_text(&request) && worker_send(worker, &request);
    request_free(&request);
    return sent;
}

#endif
