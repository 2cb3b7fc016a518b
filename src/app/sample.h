/* `downhill sample CHECKPOINT --prompt TEXT`: a trained language model goes on with a text, token by token. */
#ifndef APP_SAMPLE_H
#define APP_SAMPLE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/field.h"
#include "base/status.h"
#include "nn/sampler.h"

struct cli;

struct sample_options {
    const char *prompt;           /* "-": standard input; NULL: not set */
    bool asks;                    /* the prompt is a line, and so is the answer */
    uint64_t tokens, seed, heads; /* heads 0: as the checkpoint says */
    struct sampling sampling;
};
extern const struct sample_options sample_usual;
extern const struct field_table sample_fields;

#define SAMPLE_NEEDS "sample needs a checkpoint and a prompt: downhill sample CHECKPOINT --prompt TEXT"

enum status sample_check(const struct cli *cli, struct error *error);

/* Writes the prompt and what the model makes of it on standard output, each token at once: as bytes, or on a terminal
 * as text without what could steer it.  What was guessed of the model goes to standard error. */
enum status sample_command(struct cli *cli, struct error *error);

#endif
