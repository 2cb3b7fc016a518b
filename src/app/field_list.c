/* Lists the tables of fields, and holds those of the program itself. */
#include "app/field_list.h"

#include <string.h>

#include "app/cli.h"
#include "base/file.h"
#include "learn/knob.h"
#include "setup/spec_field.h"

static const struct field progress_rows[] = {
    {
        .name = "headless",
        FIELD_FLAG(cli, headless),
        .about = "train without a screen",
    },
    {
        .name = "verbose",
        FIELD_FLAG(cli, verbose),
        .about = "say at the end what memory the run took, in its parts",
    },
    {
        .name = "paused",
        FIELD_FLAG(cli, paused),
        .against = "headless",
        .conflict = "without a screen nobody could start it",
        .about = "open paused, before the first step",
    },
};
const struct field_table progress_fields = {FIELD_ROWS(progress_rows)};

static enum status read_journal(void *owner, const struct field *field, const char *text, struct error *error)
{
    struct cli *cli = owner;
    if (!text[0] || file_is_stream(text))
        return error_set(error, STATUS_USAGE, "%s: a file is needed, or the word none", field->name);
    cli->no_journal = strcmp(text, "none") == 0;
    cli->journal = cli->no_journal ? NULL : text;
    return STATUS_OK;
}

static const struct field journal_rows[] = {
    {
        .name = "journal",
        .argument = "FILE",
        .type = FIELD_OWN,
        .read = read_journal,
        .about = "write down what is done, for a replay; none: do not",
    },
};
const struct field_table journal_fields = {FIELD_ROWS(journal_rows)};

static const struct field replay_rows[] = {
    {
        .name = "force",
        FIELD_FLAG(cli, force),
        .about = "replay although the data have changed",
    },
};
const struct field_table replay_fields = {FIELD_ROWS(replay_rows), .heading = "downhill replay"};

static const struct field common_rows[] = {
    {
        .name = "help",
        .letter = 'h',
        FIELD_FLAG(cli, help),
        .about = "print this",
    },
    {
        .name = "version",
        .letter = 'V',
        FIELD_FLAG(cli, version),
        .about = "print the version",
    },
};
const struct field_table common_fields = {FIELD_ROWS(common_rows), .heading = "Others"};

#define SPEC(fields)                                                                                                   \
    {                                                                                                                  \
        .table = &(fields), .owner = offsetof(struct cli, spec)                                                        \
    }
#define OWN(fields)                                                                                                    \
    {                                                                                                                  \
        .table = &(fields)                                                                                             \
    }

const struct field_set field_list[] = {
    SPEC(spec_data_fields),
    SPEC(spec_form_fields),
    SPEC(spec_net_fields),
    SPEC(spec_language_fields),
    SPEC(spec_token_fields),
    SPEC(spec_prompt_fields),
    SPEC(spec_stage_fields),
    SPEC(spec_course_fields),
    SPEC(spec_machine_fields),
    OWN(progress_fields),
    SPEC(spec_load_fields),
    SPEC(spec_best_fields),
    SPEC(spec_output_fields),
    OWN(journal_fields),
    {.table = &ui_fields, .owner = offsetof(struct cli, screen)},
    {
        .table = &knob_fields,
        .owner = offsetof(struct cli, spec.knobs),
        .given = offsetof(struct cli, spec.knob_given),
    },
    OWN(replay_fields),
    {.table = &sample_fields, .owner = offsetof(struct cli, sample)},
    {.table = &export_fields, .owner = offsetof(struct cli, export)},
    OWN(common_fields),
};
const size_t field_list_count = sizeof field_list / sizeof field_list[0];
