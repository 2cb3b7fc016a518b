/* Checkpoints: a run that was interrupted is the run that was not, Python reads and writes them, and what does not fit
 * is refused. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "data/source.h"
#include "nn/weights.h"
#include "setup/spec_text.h"
#include "store/checkpoint.h"
#include "suite.h"
#include "support/lab.h"
#include "support/own_folder.h"

static uint64_t hash_of(const struct lab *lab)
{
    return state_hash(trainer_state(lab->trainer));
}

/* Takes over the record. */
static void save_with(const struct lab *lab, struct record *record)
{
    struct error error = {.message = ""};
    char *spec = spec_text(&lab->spec), *columns = source_text(lab->dataset);
    struct checkpoint *checkpoint = checkpoint_take(lab->trainer, record);
    const struct checkpoint_notes notes = {
        .spec = spec,
        .columns = columns,
        .data = "0123456789abcdef",
        .task = lab->dataset->name,
        .branch = 3,
    };
    ck_assert_ptr_nonnull(checkpoint);
    ck_assert_msg(checkpoint_write(checkpoint, &notes, path, &error) == STATUS_OK, "%s", error.message);
    checkpoint_free(checkpoint);
    mem_free(spec);
    mem_free(columns);
}

static void save(const struct lab *lab)
{
    save_with(lab, NULL);
}

static enum status load_into(struct lab *lab, const char *from, struct error *error)
{
    struct checkpoint_file *file;
    enum status status = checkpoint_open(&file, from, error);
    if (status != STATUS_OK)
        return status;
    status = checkpoint_apply(file, lab->trainer, error);
    checkpoint_close(file);
    return status;
}

static void load(struct lab *lab)
{
    struct error error = {.message = ""};
    ck_assert_msg(load_into(lab, path, &error) == STATUS_OK, "%s", error.message);
}

static const struct road {
    const char *task;
    bool norm;
    double optimizer, dropout, noise, schedule, early_stop, fraction, clip;
} roads[] = {
    {.task = "spiral", .optimizer = OPTIMIZER_SGD},
    {.task = "spiral", .optimizer = OPTIMIZER_MOMENTUM, .clip = 0.5},
    {.task = "spiral", .optimizer = OPTIMIZER_NESTEROV, .norm = true},
    {.task = "spiral", .optimizer = OPTIMIZER_RMSPROP, .noise = 0.2},
    {.task = "spiral", .optimizer = OPTIMIZER_ADAM, .dropout = 0.3},
    {.task = "spiral", .optimizer = OPTIMIZER_ADAMW, .schedule = SCHEDULE_COSINE},
    {.task = "samples/iris.csv", .optimizer = OPTIMIZER_ADAM, .dropout = 0.2, .norm = true},
    {.task = "samples/iris.csv", .optimizer = OPTIMIZER_SGD, .noise = 0.3, .schedule = SCHEDULE_PLATEAU},
    {.task = "samples/iris.csv", .optimizer = OPTIMIZER_ADAM, .early_stop = 1, .fraction = 0.4},
    {.task = "sine", .optimizer = OPTIMIZER_ADAM, .noise = 0.1, .schedule = SCHEDULE_PLATEAU},
};
#define HALF 230

static void start(struct lab *lab, const struct road *road)
{
    lab_load(lab, road->task, 5);
    double *knob = lab->spec.knobs.value;
    knob[KNOB_OPTIMIZER] = road->optimizer;
    knob[KNOB_LR] = optimizer_row((size_t)road->optimizer)->default_lr;
    knob[KNOB_DROPOUT] = road->dropout;
    knob[KNOB_LABEL_NOISE] = road->noise;
    knob[KNOB_SCHEDULE] = road->schedule;
    knob[KNOB_EARLY_STOP] = road->early_stop;
    knob[KNOB_PATIENCE] = 40;
    knob[KNOB_TRAIN_FRACTION] = road->fraction > 0 ? road->fraction : 1;
    knob[KNOB_CLIP] = road->clip;
    lab->spec.shape.net.layer_norm = road->norm;
    lab_start(lab);
}

START_TEST(an_interrupted_run_is_the_run_that_was_not)
{
    const struct road *road = &roads[_i];
    struct lab straight, first, second;
    start(&straight, road);
    start(&first, road);
    start(&second, road);
    lab_run(&straight, 2 * HALF);
    lab_run(&first, HALF);
    save(&first);
    load(&second);
    ck_assert(hash_of(&second) == hash_of(&first));
    ck_assert_uint_eq(trainer_step_count(second.trainer), trainer_step_count(first.trainer));
    lab_run(&second, 2 * HALF);
    ck_assert_uint_eq(trainer_step_count(second.trainer), trainer_step_count(straight.trainer));
    ck_assert(hash_of(&second) == hash_of(&straight));
    lab_end(&straight);
    lab_end(&first);
    lab_end(&second);
}
END_TEST

/* What came before is gone: into a trainer that stands elsewhere, with another batch and other knobs. */
START_TEST(it_goes_into_a_trainer_that_has_run)
{
    struct lab from, into;
    start(&from, &roads[4]);
    start(&into, &roads[0]);
    lab_set(&from, KNOB_BATCH, 64);
    lab_run(&from, 100);
    lab_run(&into, 333);
    save(&from);
    load(&into);
    ck_assert(hash_of(&into) == hash_of(&from));
    lab_run(&from, 200);
    lab_run(&into, 200);
    ck_assert(hash_of(&into) == hash_of(&from));
    lab_end(&from);
    lab_end(&into);
}
END_TEST

START_TEST(notes_say_what_it_is)
{
    struct lab lab;
    struct checkpoint_file *file;
    struct error error = {.message = ""};
    start(&lab, &roads[6]);
    lab_run(&lab, 50);
    save(&lab);
    ck_assert_msg(checkpoint_open(&file, path, &error) == STATUS_OK, "%s", error.message);
    ck_assert(checkpoint_has_state(file));
    ck_assert_uint_eq(checkpoint_file_step(file), 50);
    ck_assert_str_eq(checkpoint_note(file, "step"), "50");
    ck_assert_str_eq(checkpoint_note(file, "branch"), "3");
    ck_assert_str_eq(checkpoint_note(file, "seed"), "5");
    ck_assert_str_eq(checkpoint_note(file, "task"), "iris.csv");
    ck_assert_str_eq(checkpoint_note(file, "format"), "downhill checkpoint 2");
    struct spec spec;
    spec_init(&spec);
    ck_assert_msg(checkpoint_spec(file, &spec, &error) == STATUS_OK, "%s", error.message);
    ck_assert_str_eq(spec.task, "samples/iris.csv");
    ck_assert(spec.shape.net.layer_norm);
    ck_assert_double_eq(spec.knobs.value[KNOB_DROPOUT], 0.2);
    spec_free(&spec);
    checkpoint_close(file);
    lab_end(&lab);
}
END_TEST

/* ---- numbers as text ---- */

static const double awkward[] = {0.1, 1.0 / 3, 1e-300, 0x1p53 - 1};
enum { AWKWARD = sizeof awkward / sizeof *awkward };

/* Of a table's columns and its answer. */
START_TEST(means_and_deviations_come_back_exactly)
{
    struct lab lab;
    struct source *source = NULL;
    struct checkpoint_file *file;
    struct error error = {.message = ""};
    lab_load(&lab, "sine", 5);
    lab_start(&lab);
    for (size_t i = 0; i < AWKWARD; i++)
        for (size_t j = 0; j < AWKWARD; j++) {
            lab.dataset->input_mean[0] = -awkward[i];
            lab.dataset->input_sd[0] = awkward[j];
            lab.dataset->target_mean = awkward[i];
            lab.dataset->target_sd = awkward[j];
            save(&lab);
            ck_assert_msg(checkpoint_open(&file, path, &error) == STATUS_OK, "%s", error.message);
            ck_assert(source_parse(&source, checkpoint_note(file, "columns"), &error) == STATUS_OK);
            ck_assert(source->column[0].mean == -awkward[i] && source->column[0].sd == awkward[j]);
            ck_assert(source->target_mean == awkward[i] && source->target_sd == awkward[j]);
            source_free(source);
            checkpoint_close(file);
        }
    lab_end(&lab);
}
END_TEST

/* Of the spec: values that a knob refuses cannot be in it. */
START_TEST(settings_come_back_exactly)
{
    struct lab lab;
    struct checkpoint_file *file;
    struct error error = {.message = ""};
    start(&lab, &roads[0]);
    for (size_t i = 0; i < AWKWARD; i++) {
        struct spec spec;
        lab.spec.epochs = awkward[i];
        lab.spec.steps = (uint64_t)awkward[AWKWARD - 1];
        for (enum knob_id knob = 0; knob < KNOB_COUNT; knob++)
            if (knob_check(knob, awkward[i], NULL) == STATUS_OK) {
                lab.spec.knobs.value[knob] = awkward[i];
                ck_assert(spec_add_turn(&lab.spec, lab.spec.steps, knob, awkward[i]) == STATUS_OK);
            }
        if (awkward[i] < 1)
            lab.spec.noise = lab.spec.csv.test_fraction = awkward[i];
        save(&lab);
        spec_init(&spec);
        ck_assert_msg(checkpoint_open(&file, path, &error) == STATUS_OK, "%s", error.message);
        ck_assert_msg(checkpoint_spec(file, &spec, &error) == STATUS_OK, "%s", error.message);
        ck_assert(spec.epochs == lab.spec.epochs && spec.steps == lab.spec.steps && spec.noise == lab.spec.noise);
        ck_assert(spec.csv.test_fraction == lab.spec.csv.test_fraction);
        ck_assert_uint_eq(spec.turns, lab.spec.turns);
        for (size_t t = 0; t < spec.turns; t++)
            ck_assert(spec.turn[t].step == lab.spec.turn[t].step && spec.turn[t].value == lab.spec.turn[t].value);
        for (enum knob_id knob = 0; knob < KNOB_COUNT; knob++)
            ck_assert_msg(spec.knobs.value[knob] == lab.spec.knobs.value[knob], "%s %.17g became %.17g",
                          knob_table[knob].name, lab.spec.knobs.value[knob], spec.knobs.value[knob]);
        spec_free(&spec);
        checkpoint_close(file);
    }
    ck_assert_uint_gt(lab.spec.turns, 5);
    lab_end(&lab);
}
END_TEST

/* Of the notes that are numbers. */
START_TEST(step_and_epoch_come_back_exactly)
{
    struct lab lab;
    struct checkpoint_file *file;
    struct error error = {.message = ""};
    const uint64_t steps[] = {0, 16777217, UINT64_C(1234567890123), (UINT64_C(1) << 53) - 1};
    start(&lab, &roads[6]);
    lab_run(&lab, 51);
    struct counters {
        uint64_t seed, step;
    } *counters = state_find(trainer_state(lab.trainer), "counters")->data;
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        counters->step = steps[i];
        counters->seed = UINT32_MAX - i;
        ck_assert_uint_eq(trainer_step_count(lab.trainer), steps[i]);
        save(&lab);
        ck_assert_msg(checkpoint_open(&file, path, &error) == STATUS_OK, "%s", error.message);
        ck_assert_uint_eq(checkpoint_file_step(file), steps[i]);
        ck_assert(strtoull(checkpoint_note(file, "seed"), NULL, 10) == UINT32_MAX - i);
        ck_assert(strtod(checkpoint_note(file, "epoch"), NULL) == trainer_epoch(lab.trainer));
        checkpoint_close(file);
    }
    lab_end(&lab);
}
END_TEST

/* ---- Python ---- */

#define START "tests/reference/start.safetensors"

/* The rows that tests/reference/start.py has. */
static struct dataset *rows_of_python(void)
{
    enum { ROWS = 60, INPUTS = 4 };
    struct dataset *dataset = mem_alloc(1, sizeof *dataset);
    *dataset = (struct dataset){
        .name = mem_string("python"),
        .kind = TASK_CLASSIFY,
        .rows = 2 * ROWS, /* the same again for the test */
        .train = ROWS,
        .inputs = INPUTS,
        .classes = 3,
        .x = mem_alloc(2 * ROWS * INPUTS, sizeof(float)),
        .label = mem_alloc(2 * ROWS, sizeof(int32_t)),
    };
    for (size_t r = 0; r < 2 * ROWS; r++) {
        for (size_t i = 0; i < INPUTS; i++)
            dataset->x[r * INPUTS + i] = (float)((r % ROWS + 1) * (i + 2) % 17) / 8 - 1;
        dataset->label[r] = (int32_t)(r % 3);
    }
    return dataset;
}

START_TEST(a_net_from_python_has_the_loss_that_python_finds)
{
    struct lab lab = {.dataset = rows_of_python()};
    struct checkpoint_file *file;
    struct error error = {.message = ""};
    spec_init(&lab.spec);
    lab.spec.loss = LOSS_CROSS_ENTROPY;
    lab.spec.seed = 9;
    lab.spec.shape.net.activation = ACTIVATION_TANH;
    ck_assert_msg(checkpoint_open(&file, START, &error) == STATUS_OK, "%s", error.message);
    ck_assert(!checkpoint_has_state(file));
    ck_assert(checkpoint_spec(file, &lab.spec, &error) == STATUS_OK);
    ck_assert(lab.spec.net_given && lab.spec.shape.net.layer_norm);
    ck_assert_uint_eq(lab.spec.shape.net.hidden_count, 2);
    ck_assert_uint_eq(lab.spec.shape.net.hidden[0], 6);
    ck_assert_uint_eq(lab.spec.shape.net.hidden[1], 5);
    lab_start(&lab);
    lab_run(&lab, 30);
    ck_assert_msg(checkpoint_apply(file, lab.trainer, &error) == STATUS_OK, "%s", error.message);
    ck_assert_uint_eq(trainer_step_count(lab.trainer), 0);
    ck_assert(trainer_evaluation_due(lab.trainer));
    lab_evaluate(&lab);
    const double loss = atof(checkpoint_note(file, "loss"));
    ck_assert_double_eq_tol((double)lab.measures[SERIES_TRAIN_LOSS], loss, 1e-6);
    ck_assert_double_eq_tol((double)lab.measures[SERIES_TEST_LOSS], loss, 1e-6);
    ck_assert_double_eq_tol(trainer_early_stop(lab.trainer)->best, loss, 1e-6);

    /* The best so far are the weights of the file; and a restart begins with them. */
    const uint64_t begun = hash_of(&lab);
    lab_run(&lab, 20);
    ck_assert(hash_of(&lab) != begun);
    trainer_restart(lab.trainer, 9);
    lab_run(&lab, 0);
    ck_assert(hash_of(&lab) == begun);
    checkpoint_close(file);
    lab_end(&lab);
}
END_TEST

START_TEST(python_reads_what_is_written)
{
    if (system("python3 -c 'import json, struct' 2>/dev/null") != 0)
        return;
    struct lab lab;
    char command[200], line[256], expected[256];
    start(&lab, &roads[0]);
    lab_run(&lab, 40);
    save(&lab);
    snprintf(command, sizeof command, "python3 tests/reference/read_checkpoint.py %s", path);
    FILE *python = popen(command, "r");
    ck_assert_ptr_nonnull(python);
    ck_assert_ptr_nonnull(fgets(line, sizeof line, python));
    ck_assert_str_eq(line, "downhill checkpoint 2 40 2-8-8-2 tanh class\n");
    const struct params *params = model_params_const(trainer_model(lab.trainer));
    for (size_t layer = 0; layer < 3; layer++)
        for (int weight = 0; weight < 2; weight++) {
            char name[40], shape[40];
            snprintf(name, sizeof name, "layers.%zu.%s", layer, weight ? "weight" : "bias");
            const struct param_slice *s = params_find(params, name);
            if (weight)
                snprintf(shape, sizeof shape, "[%zu, %zu]", s->out, s->in);
            else
                snprintf(shape, sizeof shape, "[%zu]", s->out);
            snprintf(expected, sizeof expected, "%s %s %.9g %.9g %.9g\n", name, shape,
                     (double)params_get(params, s, 0, 0),
                     (double)(weight ? params_get(params, s, 0, 1) : params_get(params, s, 1, 0)),
                     (double)params_get(params, s, s->out - 1, s->in - 1));
            ck_assert_ptr_nonnull(fgets(line, sizeof line, python));
            ck_assert_str_eq(line, expected);
        }
    ck_assert_ptr_null(fgets(line, sizeof line, python));
    ck_assert(pclose(python) == 0);
    lab_end(&lab);
}
END_TEST

/* ---- curves ---- */

START_TEST(curves_come_back_as_a_summary)
{
    struct lab lab;
    struct checkpoint_file *file;
    struct error error = {.message = ""};
    struct history *again = history_create();
    struct record *record = record_create(0);
    uint64_t reserved = 0;
    for (uint64_t step = 1; step <= 5000; step++) {
        const float measures[SERIES_TOTAL] = {[SERIES_LOSS] = (float)(1.0 / (double)(step + 1)), [SERIES_LR] = 1};
        ck_assert(step <= reserved || record_reserve(record, &reserved));
        record_step(record, step, measures);
        if (step % 2 == 0)
            ck_assert(record_value(record, SERIES_TEST_LOSS, step, step == 1234 ? 9 : 1));
    }
    const struct event turned = {.kind = EVENT_KNOB,
                                 .branch = 2,
                                 .what = KNOB_LR,
                                 .token = 7,
                                 .step = 77,
                                 .from = 0.2,
                                 .to = 5,
                                 .label = "lr 0.2 → 5"};
    ck_assert(record_event(record, &turned));
    start(&lab, &roads[0]);
    lab_run(&lab, 5000);
    save_with(&lab, record);
    ck_assert(checkpoint_open(&file, path, &error) == STATUS_OK);
    ck_assert_msg(checkpoint_record(file, &record, &error) == STATUS_OK, "%s", error.message);
    ck_assert(record_show(record, again));
    struct bucket all;
    history_read(again, 0, SERIES_TEST_LOSS, 0, 5001, 1, &all);
    ck_assert_uint_eq(all.count, 2500);
    ck_assert_float_eq(all.max, 9);
    ck_assert_uint_eq(all.last_step, 5000);
    history_read(again, 0, SERIES_LOSS, 0, 5001, 1, &all);
    ck_assert_uint_eq(all.count, 5000);
    ck_assert_float_eq(all.max, 0.5f);
    history_read(again, 0, SERIES_LR, 0, 5001, 1, &all);
    ck_assert_uint_eq(all.count, 5000);
    ck_assert_uint_eq(history_events(again), 1);
    const struct event *event = history_event(again, 0);
    ck_assert(event->kind == EVENT_KNOB && event->what == KNOB_LR && event->step == 77 && event->branch == 0);
    ck_assert_double_eq(event->to, 5);
    ck_assert_str_eq(event->label, "lr 0.2 → 5");
    record_free(record);
    checkpoint_close(file);
    history_free(again);
    lab_end(&lab);
}
END_TEST

/* ---- curves as a file has them ---- */

static void save_curves(struct lab *lab)
{
    struct record *record = record_create(0);
    const struct event events[] = {
        {.kind = EVENT_START},
        {.kind = EVENT_KNOB, .what = KNOB_OPTIMIZER, .step = 5, .to = OPTIMIZER_ADAM, .label = "sgd 0.2 → adam 0.01"},
        {.kind = EVENT_REWIND, .what = 2, .step = 6, .from = NAN, .to = INFINITY, .label = "back \"here\""},
        {.kind = EVENT_END, .what = EVENT_END_OF_STAGES, .step = 7, .to = 7, .label = "end"},
    };
    ck_assert(record_value(record, SERIES_LOSS, 3, 0.5f) && record_value(record, SERIES_TEST_LOSS, 7, 0.25f));
    for (size_t i = 0; i < sizeof events / sizeof *events; i++)
        ck_assert(record_event(record, &events[i]));
    lab_run(lab, 7);
    save_with(lab, record);
}

START_TEST(curves_and_events_are_stored_by_name)
{
    static const char events[] = "step kind what from to label\n"
                                 "0 start 0 0 0 \"\"\n"
                                 "5 knob optimizer sgd adam \"sgd 0.2 → adam 0.01\"\n"
                                 "6 rewind 2 nan inf \"back \\\"here\\\"\"\n"
                                 "7 end stages 0 7 end\n";
    struct lab lab;
    struct weights *weights;
    struct error error = {.message = ""};
    start(&lab, &roads[0]);
    save_curves(&lab);
    ck_assert_msg(weights_open(&weights, path, &error) == STATUS_OK, "%s", error.message);
    ck_assert_str_eq(weights_note(weights, "state.history"),
                     "loss grad_norm update_ratio lr train_loss test_loss train_acc test_acc misses old_loss");
    const struct tensor *loss = weights_find(weights, "state.history.loss");
    ck_assert(loss && loss->rank == 2 && loss->shape[0] == 1 && loss->shape[1] == 8);
    ck_assert(tensor_double(loss, 0) == 3 && tensor_double(loss, 4) == 0.5);
    ck_assert_uint_eq(weights_find(weights, "state.history.old_loss")->shape[0], 0);
    const struct tensor *text = weights_find(weights, "state.events");
    ck_assert(text && text->type == TENSOR_U8);
    ck_assert_msg(text->bytes == sizeof events - 1 && memcmp(text->data, events, text->bytes) == 0, "%.*s",
                  (int)text->bytes, (const char *)text->data);
    weights_close(weights);

    struct checkpoint_file *file;
    struct record *record;
    size_t count;
    ck_assert(checkpoint_open(&file, path, &error) == STATUS_OK);
    ck_assert_msg(checkpoint_record(file, &record, &error) == STATUS_OK, "%s", error.message);
    for (unsigned series = 0; series < SERIES_COUNT; series++) {
        record_buckets(record, series, &count);
        ck_assert_uint_eq(count, series == SERIES_LOSS || series == SERIES_TEST_LOSS);
    }
    const struct event *event = record_events(record, &count);
    ck_assert_uint_eq(count, 4);
    ck_assert(event[1].kind == EVENT_KNOB && event[1].what == KNOB_OPTIMIZER);
    ck_assert(event[1].from == OPTIMIZER_SGD && event[1].to == OPTIMIZER_ADAM);
    ck_assert(event[2].what == 2 && isnan(event[2].from) && isinf(event[2].to));
    ck_assert_str_eq(event[2].label, "back \"here\"");
    ck_assert(event[3].kind == EVENT_END && event[3].what == EVENT_END_OF_STAGES);
    record_free(record);
    checkpoint_close(file);
    lab_end(&lab);
}
END_TEST

START_TEST(each_event_that_is_kept_has_a_name_of_its_own)
{
    for (size_t i = 0; i < EVENT_KINDS; i++) {
        ck_assert(event_table[i].kept == (event_table[i].name != NULL));
        for (size_t j = 0; j < i && event_table[i].name; j++)
            ck_assert(!event_table[j].name || strcmp(event_table[j].name, event_table[i].name) != 0);
    }
}
END_TEST

static const struct {
    const char *was, *is, *reason; /* texts of one length: in the list of series, or in the text of the events */
} wrong_events[] = {
    {" lr train_loss", " rl train_loss", "state.history.lr, which its entry 'state.history' does not name"},
    {"step kind", "step mind", "line 1 of state.events"},
    {"0 start 0", "0 stark 0", "line 2 of state.events"},
    {"0 start 0", "x start 0", "line 2 of state.events"},
    {"5 knob optimizer", "5 knob optimixer", "line 3 of state.events"},
    {"sgd adam", "sgd odam", "line 3 of state.events"},
    {"6 rewind 2", "6 rewind x", "line 4 of state.events"},
    {"2 nan inf", "2 nan ink", "line 4 of state.events"},
    {"here\\\"\"\n", "here\\\"\"\\", "line 4 of state.events"},
    {"here\\\"\"\n", "here\\\"\\\n", "line 4 of state.events"},
    {"7 end stages", "7 end stager", "line 5 of state.events"},
};

START_TEST(lists_and_events_that_cannot_be_are_refused)
{
    struct lab lab;
    struct checkpoint_file *file;
    struct record *record;
    struct error error = {.message = ""};
    start(&lab, &roads[0]);
    save_curves(&lab);
    FILE *bytes = fopen(path, "r+b");
    char content[65536];
    ck_assert_ptr_nonnull(bytes);
    const size_t size = fread(content, 1, sizeof content, bytes), length = strlen(wrong_events[_i].was);
    size_t at = size;
    ck_assert_uint_lt(size, sizeof content);
    while (at > 0 && memcmp(content + at - 1, wrong_events[_i].was, length) != 0)
        at--;
    ck_assert_uint_gt(at, 0);
    ck_assert(fseek(bytes, (long)at - 1, SEEK_SET) == 0);
    ck_assert_uint_eq(fwrite(wrong_events[_i].is, 1, length, bytes), length);
    fclose(bytes);
    ck_assert_msg(checkpoint_open(&file, path, &error) == STATUS_OK, "%s", error.message);
    ck_assert(checkpoint_record(file, &record, &error) == STATUS_FAILED);
    ck_assert_msg(strstr(error.message, wrong_events[_i].reason) != NULL, "%s", error.message);
    ck_assert_ptr_null(record);
    checkpoint_close(file);
    lab_end(&lab);
}
END_TEST

/* Steps and counts of a bucket, one after the other in its row. */
static const struct {
    double was[4], is[4];
    const char *reason;
} wrong_rows[] = {
    {{4, 4, 1, 0}, {3, 3, 1, 0}, "row 2 of state.history.loss"},       /* twice the same span */
    {{4, 4, 1, 0}, {2, 4, 1, 0}, "row 2 of state.history.loss"},       /* begins before the one before ends */
    {{4, 4, 1, 0}, {4, 8, 1, 0}, "row 2 of state.history.loss"},       /* beyond the step of the file */
    {{7, 7, 1, 0}, {8, 8, 1, 0}, "row 1 of state.history.test_loss"},  /* likewise */
    {{7, 7, 1, 0}, {7, 6, 1, 0}, "row 1 of state.history.test_loss"},  /* ends before it begins */
    {{7, 7, 1, 0}, {7, 7, 0, 0}, "row 1 of state.history.test_loss"},  /* of nothing */
    {{7, 7, 1, 0}, {7, 7, .5, 0}, "row 1 of state.history.test_loss"}, /* of half a value */
};

START_TEST(buckets_that_cannot_be_are_refused)
{
    struct lab lab;
    struct checkpoint_file *file;
    struct error error = {.message = ""};
    struct record *record = record_create(0);
    ck_assert(record_value(record, SERIES_LOSS, 3, 0.5f) && record_value(record, SERIES_LOSS, 4, 0.5f) &&
              record_value(record, SERIES_TEST_LOSS, 7, 0.25f));
    start(&lab, &roads[0]);
    lab_run(&lab, 7);
    save_with(&lab, record);
    FILE *bytes = fopen(path, "r+b");
    char content[65536];
    ck_assert_ptr_nonnull(bytes);
    const size_t size = fread(content, 1, sizeof content, bytes), length = sizeof wrong_rows[_i].was;
    size_t at = size - length;
    ck_assert_uint_lt(size, sizeof content);
    while (at > 0 && memcmp(content + at - 1, wrong_rows[_i].was, length) != 0)
        at--;
    ck_assert_uint_gt(at, 0);
    ck_assert(fseek(bytes, (long)at - 1, SEEK_SET) == 0);
    ck_assert_uint_eq(fwrite(wrong_rows[_i].is, 1, length, bytes), length);
    fclose(bytes);
    ck_assert_msg(checkpoint_open(&file, path, &error) == STATUS_OK, "%s", error.message);
    ck_assert(checkpoint_record(file, &record, &error) == STATUS_FAILED);
    ck_assert_msg(strstr(error.message, wrong_rows[_i].reason) != NULL, "%s", error.message);
    ck_assert_ptr_null(record);
    checkpoint_close(file);
    lab_end(&lab);
}
END_TEST

/* ---- what does not fit ---- */

static void refused(struct lab *lab, const char *reason)
{
    const uint64_t before = hash_of(lab);
    struct error error = {.message = ""};
    ck_assert(load_into(lab, path, &error) == STATUS_FAILED);
    ck_assert_msg(strstr(error.message, reason) != NULL, "'%s' has no '%s'", error.message, reason);
    ck_assert_msg(strncmp(error.message, path, strlen(path)) == 0, "no path: %s", error.message);
    ck_assert(hash_of(lab) == before);
}

START_TEST(another_model_is_refused)
{
    struct lab small, large;
    start(&small, &roads[0]);
    lab_load(&large, "spiral", 5);
    large.spec.shape.net.hidden[0] = 16;
    lab_start(&large);
    save(&small);
    refused(&large, "layers.0.weight is [8, 2], this model has [16, 2]");
    lab_end(&large);

    lab_load(&large, "spiral", 5);
    large.spec.shape.net.hidden_count = 1;
    large.spec.shape.net.hidden[0] = 8;
    lab_start(&large);
    refused(&large, "layers.1.weight is [8, 8], this model has [2, 8]");
    lab_end(&large);

    lab_load(&large, "spiral", 5);
    large.spec.shape.net.activation = ACTIVATION_RELU;
    lab_start(&large);
    refused(&large, "is a model 2-8-8-2 tanh, this one is 2-8-8-2 relu");
    lab_end(&large);

    start(&large, &roads[2]);
    refused(&large, "has no norms.0.weight, which this model has: [8]");
    save(&large);
    refused(&small, "has norms.0.bias, which this model has not");
    lab_end(&large);

    lab_load(&large, "spiral", 5);
    large.dataset->train -= 20;
    lab_start(&large);
    save(&small);
    refused(&large, "they are not the same");
    lab_end(&large);
    lab_end(&small);
}
END_TEST

/* ---- blocks that may be absent ---- */

static size_t tensors_of(const char *prefix)
{
    struct weights *weights;
    struct error error = {.message = ""};
    size_t count = 0;
    ck_assert_msg(weights_open(&weights, path, &error) == STATUS_OK, "%s", error.message);
    for (size_t i = 0; i < weights_count(weights); i++)
        count += strncmp(weights_tensor(weights, i)->name, prefix, strlen(prefix)) == 0;
    weights_close(weights);
    return count;
}

START_TEST(moments_that_are_zero_are_not_in_the_file)
{
    struct lab plain, with_momentum, other;
    start(&plain, &roads[0]);
    start(&with_momentum, &roads[1]);
    start(&other, &roads[0]);
    lab_run(&with_momentum, 50);
    save(&with_momentum);
    ck_assert_uint_eq(tensors_of("state.moments.0."), tensors_of("layers."));
    ck_assert_uint_eq(tensors_of("state.best.moments.0."), tensors_of("layers."));
    ck_assert_uint_eq(tensors_of("state.moments.1."), 0);
    load(&other);
    ck_assert(hash_of(&other) == hash_of(&with_momentum));

    /* Into a trainer whose moments are not. */
    lab_run(&plain, 50);
    save(&plain);
    ck_assert_uint_eq(tensors_of("state.moments."), 0);
    ck_assert_uint_eq(tensors_of("state.best.moments."), 0);
    ck_assert_uint_eq(tensors_of("state.best.parameters."), tensors_of("layers."));
    load(&with_momentum);
    ck_assert(hash_of(&with_momentum) == hash_of(&plain));
    lab_end(&plain);
    lab_end(&with_momentum);
    lab_end(&other);
}
END_TEST

/* Leaves tensors with that prefix out of the file: all but `kept`; and, with `blocks`, names those as the blocks that it
 * has. */
static void leave_out(const char *prefix, size_t kept, const char *blocks)
{
    struct weights *weights;
    struct error error = {.message = ""};
    struct tensor tensor[100];
    struct weights_note note[120];
    size_t tensors = 0, notes = 0, found = 0;
    const struct json *at = NULL;
    ck_assert_msg(weights_open(&weights, path, &error) == STATUS_OK, "%s", error.message);
    for (size_t i = 0; i < weights_count(weights); i++)
        if (strncmp(weights_tensor(weights, i)->name, prefix, strlen(prefix)) != 0 || found++ < kept)
            tensor[tensors++] = *weights_tensor(weights, i);
    for (const char *key; (key = weights_next_key(weights, &at)) != NULL;)
        note[notes++] = (struct weights_note){
            key, blocks && strcmp(key, "state.blocks") == 0 ? blocks : weights_note(weights, key)};
    ck_assert_uint_gt(found, 1);
    ck_assert_msg(weights_write(path, tensor, tensors, note, notes, &error) == STATUS_OK, "%s", error.message);
    weights_close(weights);
}

START_TEST(a_block_is_whole_or_absent)
{
    static const struct {
        const char *prefix;
        size_t kept;
        const char *blocks, *reason;
    } trials[] = {
        {"state.moments.0.", 1, NULL, "has no state.moments.0."},
        {"state.moments.0.", 0, NULL, "has no state.moments.0."},
        {"state.moments.0.", 99, "best.parameters best.moments.0", "'state.blocks' does not name"},
        {"state.best.parameters.", 0, NULL, "has no state.best.parameters."},
        {"state.best.parameters.", 0, "moments.0 best.moments.0", "has no state.best.parameters."},
        {"state.moments.0.", 0, "best.parameters best.moments.0", NULL},
    };
    struct lab lab;
    start(&lab, &roads[1]);
    lab_run(&lab, 50);
    for (size_t i = 0; i < sizeof trials / sizeof *trials; i++) {
        struct error error = {.message = ""};
        save(&lab);
        leave_out(trials[i].prefix, trials[i].kept, trials[i].blocks);
        ck_assert(load_into(&lab, path, &error) == (trials[i].reason ? STATUS_FAILED : STATUS_OK));
        ck_assert_msg(!trials[i].reason || strstr(error.message, trials[i].reason) != NULL, "%s", error.message);
    }
    lab_end(&lab);
}
END_TEST

/* The file of the present state, with one tensor or note otherwise. */
struct change {
    const char *name; /* of a tensor, or of a note */
    size_t at;        /* bytes into it */
    double number;    /* put there as a double where `size` is 8 (the high half of 0x1p1017 is an infinite float) */
    size_t size;
    unsigned type;
    const char *note; /* the note's text */
    const char *reason;
};

static const struct change changes[] = {
    {.name = "state.knobs.optimizer", .note = "77", .reason = "'77', a choice that this program does not know"},
    {.name = "state.knobs.early-stop", .note = "1", .reason = "'1', a choice that this program does not know"},
    {.name = "state.counters.best_optimizer", .note = "lion", .reason = "'lion', a choice that this program"},
    {.name = "state.knobs.batch", .note = "5000", .reason = "a batch of more rows"},
    {.name = "state.knobs.batch", .note = "nan", .reason = "batch"},
    {.name = "state.knobs.train-fraction", .note = "0.5", .reason = "not the same"},
    {.name = "state.knobs.lr",
     .note = "0.1x",
     .reason = "'state.knobs.lr' of its metadata is '0.1x', which is no number"},
    {.name = "state.knobs.zeal", .note = "1", .reason = "has state.knobs.zeal, which this program does not know"},
    {.name = "state.knobs", .note = "1", .reason = "has state.knobs, which this program does not know"},
    {.name = "state.zeal.best", .note = "1", .reason = "has state.zeal.best, which this program does not know"},
    {.name = "state.parameters", .note = "1", .reason = "has state.parameters, which this program does not know"},
    {.name = "state.rates.momentum", .note = "-1", .reason = "cannot be: the learning rates"},
    {.name = "state.counters.step", .note = "4741671816366391296", .reason = "cannot be: the counters"},
    {.name = "state.counters.step", .note = "3e1", .reason = "is '3e1', which is no whole number"},
    {.name = "state.cursor.rows", .note = "5", .reason = "rows"},
    {.name = "state.cursor.rows", .note = "4294967297", .reason = "is '4294967297', which is no whole number"},
    {.name = "layers.0.bias", .type = TENSOR_I64, .reason = "layers.0.bias is I64, F32 is expected"},
    {.name = "state.early_stop.best", .note = "nan", .reason = "cannot be: early stopping"},
    {.name = "state.early_stop.best", .note = "-inf", .reason = "cannot be: early stopping"},
    {.name = "state.early_stop.best_step", .note = "4741671816366391296", .reason = "cannot be: early stopping"},
    {.name = "state.plateau.best", .note = "nan", .reason = "cannot be: the best loss of the plateau schedule"},
    {.name = "state.moments.0.layers.0.bias", .at = 4, .number = NAN, .size = 8, .reason = "number 3 of 8 is nan"},
    {.name = "state.best.parameters.layers.1.weight", .number = 0x1p1017, .size = 8, .reason = "number 2 of 64 is inf"},
    {.name = "step", .note = "31", .reason = "its metadata says that it is at step 31, its state is at step 30"},
    {.name = "step", .note = "-30", .reason = "'step' of its metadata is '-30', which is no whole number"},
    {.name = "state.further", .reason = "has state.further, which this program does not know"},
    {.name = "format", .note = "downhill checkpoint 9", .reason = "has the format 'downhill checkpoint 9'"},
    {.name = "format", .note = "downhill checkpoint 1", .reason = "made by an earlier version of this program"},
};

static void rewrite(const struct change *change)
{
    struct weights *weights;
    struct error error = {.message = ""};
    struct tensor tensor[100];
    unsigned char bytes[4096] = {0};
    struct weights_note note[120];
    size_t notes = 0;
    bool there = !change->note; /* else it is added where there is none */
    const struct json *at = NULL;
    ck_assert(weights_open(&weights, path, &error) == STATUS_OK);
    size_t count = weights_count(weights);
    ck_assert_uint_lt(count, 100);
    for (size_t i = 0; i < count; i++) {
        tensor[i] = *weights_tensor(weights, i);
        if (strcmp(tensor[i].name, change->name) != 0 || change->note)
            continue;
        memcpy(bytes, tensor[i].data, tensor[i].bytes);
        if (change->size)
            memcpy(bytes + change->at, &change->number, change->size);
        if (change->type) {
            tensor[i].type = change->type;
            tensor[i].bytes *= change->type == TENSOR_I64 ? 2 : 1;
        }
        tensor[i].data = bytes;
    }
    for (const char *key; (key = weights_next_key(weights, &at)) != NULL;) {
        const bool changed = change->note && strcmp(change->name, key) == 0;
        ck_assert_uint_lt(notes + 1, sizeof note / sizeof *note);
        note[notes++] = (struct weights_note){key, changed ? change->note : weights_note(weights, key)};
        there |= changed;
    }
    if (!there)
        note[notes++] = (struct weights_note){change->name, change->note};
    if (strcmp(change->name, "state.further") == 0)
        tensor[count++] = (struct tensor){
            .name = change->name, .type = TENSOR_U8, .rank = 1, .shape = {1}, .data = bytes, .bytes = 1};
    ck_assert_msg(weights_write(path, tensor, count, note, notes, &error) == STATUS_OK, "%s", error.message);
    weights_close(weights);
}

START_TEST(a_state_that_cannot_be_is_refused)
{
    struct lab lab;
    start(&lab, &roads[1]); /* whose moments are not zero */
    lab_run(&lab, 30);
    save(&lab);
    rewrite(&(struct change){.name = ""});
    load(&lab); /* the rewriting itself does no harm */
    lab_run(&lab, 40);
    rewrite(&changes[_i]);
    refused(&lab, changes[_i].reason);
    lab_run(&lab, 60);
    lab_end(&lab);
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("checkpoint");
    TCase *tests = tcase_create("checkpoint");
    tcase_add_checked_fixture(tests, make_folder, remove_folder);
    tcase_add_loop_test(tests, an_interrupted_run_is_the_run_that_was_not, 0, sizeof roads / sizeof *roads);
    tcase_add_test(tests, it_goes_into_a_trainer_that_has_run);
    tcase_add_test(tests, notes_say_what_it_is);
    tcase_add_test(tests, a_net_from_python_has_the_loss_that_python_finds);
    tcase_add_test(tests, python_reads_what_is_written);
    tcase_add_test(tests, curves_come_back_as_a_summary);
    tcase_add_test(tests, curves_and_events_are_stored_by_name);
    tcase_add_test(tests, each_event_that_is_kept_has_a_name_of_its_own);
    tcase_add_loop_test(tests, buckets_that_cannot_be_are_refused, 0, sizeof wrong_rows / sizeof *wrong_rows);
    tcase_add_loop_test(tests, lists_and_events_that_cannot_be_are_refused, 0,
                        sizeof wrong_events / sizeof *wrong_events);
    tcase_add_test(tests, another_model_is_refused);
    tcase_add_test(tests, means_and_deviations_come_back_exactly);
    tcase_add_test(tests, settings_come_back_exactly);
    tcase_add_test(tests, step_and_epoch_come_back_exactly);
    tcase_add_test(tests, moments_that_are_zero_are_not_in_the_file);
    tcase_add_test(tests, a_block_is_whole_or_absent);
    tcase_add_loop_test(tests, a_state_that_cannot_be_is_refused, 0, sizeof changes / sizeof *changes);
    suite_add_tcase(suite, tests);
    return suite;
}
