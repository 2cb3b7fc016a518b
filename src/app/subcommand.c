/* Holds the table of subcommands. */
#include "app/subcommand.h"

#include <assert.h>

#include "app/field_list.h"
#include "app/list.h"
#include "app/predict.h"
#include "app/run.h"
#include "learn/knob.h"
#include "setup/spec_field.h"

const struct subcommand subcommand_table[] = {
    {
        .usage = "[TASK] [options]      watch a model learn, and turn its knobs\n"
                 "       downhill TASK --headless ...   the same run without a screen",
        .table = {&spec_data_fields, &spec_form_fields, &spec_net_fields, &spec_language_fields, &spec_token_fields,
                  &spec_prompt_fields, &spec_stage_fields, &spec_course_fields, &spec_machine_fields, &progress_fields,
                  &spec_load_fields, &spec_best_fields, &spec_output_fields, &journal_fields, &ui_fields,
                  &common_fields, &knob_fields},
        .words_max = 1,
        .run = run_command,
    },
    {
        .name = "predict",
        .usage = "predict CHECKPOINT FILE.csv   a table with what the model says of its rows",
        .table = {&spec_form_fields, &spec_best_fields, &common_fields},
        .words_min = 2,
        .words_max = 2,
        .too_few = "predict needs a checkpoint and a table: downhill predict CHECKPOINT FILE.csv",
        .too_many = "predict takes a checkpoint and a table",
        .run = predict_command,
    },
    {
        .name = "sample",
        .usage = "sample CHECKPOINT --prompt TEXT   how a language model goes on, or --ask TEXT",
        .table = {&sample_fields, &spec_best_fields, &common_fields},
        .words_min = 1,
        .words_max = 1,
        .too_few = SAMPLE_NEEDS,
        .too_many = "sample takes one checkpoint",
        .check = sample_check,
        .run = sample_command,
    },
    {
        .name = "replay",
        .usage = "replay FILE.journal   a run again as it was, on the screen or --headless",
        .table = {&progress_fields, &spec_output_fields, &journal_fields, &replay_fields, &ui_fields, &common_fields,
                  &knob_fields},
        .refuses_state = true,
        .words_min = 1,
        .words_max = 1,
        .too_few = "replay needs a journal: downhill replay FILE.journal",
        .too_many = "one journal is replayed at a time",
        .run = replay_command,
    },
    {
        .name = "export",
        .usage = "export JOURNAL -o FILE   its curves (.svg .pdf .png) or values (.csv .jsonl)",
        .table = {&export_fields, &common_fields},
        .words_min = 1,
        .words_max = 1,
        .too_few = EXPORT_NEEDS,
        .too_many = "one journal is exported at a time",
        .check = export_check,
        .run = export_command,
    },
    {
        .name = "list",
        .usage = "list [WHAT]           toys, models, knobs, keys, commands, views ...",
        .table = {&common_fields},
        .words_max = 1,
        .too_many = "list takes one name",
        .run = list_command,
    },
};
const size_t subcommand_count = sizeof subcommand_table / sizeof subcommand_table[0];
static_assert(sizeof subcommand_table / sizeof subcommand_table[0] <= SUBCOMMANDS_MAX, "room for their names");
