#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "learn/stage.h"
#include "nn/optimizer.h"
#include "setup/spec_stage.h"
#include "suite.h"

static struct spec spec;

static void begin(void)
{
    spec_init(&spec);
    spec.task = mem_string("story.txt");
    spec.shape.kind = MODEL_LANGUAGE;
    spec.shape.language.layers = 3;
}

static void end(void)
{
    spec_free(&spec);
}

static void read_all(const char *const *lines)
{
    for (; *lines; lines++) {
        struct error error = {.message = ""};
        ck_assert_msg(spec_stage_read(&spec, *lines, &error) == STATUS_OK, "%s: %s", *lines, error.message);
    }
}

START_TEST(a_stage_says_all_that_its_line_says)
{
    read_all((const char *const[]){
        "pre-train \"steps=500\"",
        "\"fine tune\" objective=respond data=\"my pairs.tsv\" train=last-blocks:2 epochs=3 loss=.5 lr=1e-3 "
        "optimiser=sgd",
        NULL,
    });
    ck_assert_uint_eq(spec.stages, 2);
    const struct spec_stage *first = &spec.stage[0], *second = &spec.stage[1];
    ck_assert_str_eq(first->name, "pre-train");
    ck_assert_uint_eq(first->steps, 500);
    ck_assert_int_eq(first->objective, -1);
    ck_assert_ptr_null(first->data);
    ck_assert_str_eq(second->name, "fine tune");
    ck_assert_int_eq(second->objective, OBJECTIVE_RESPOND);
    ck_assert_str_eq(second->data, "my pairs.tsv");
    ck_assert_int_eq(second->part, LANGUAGE_LAST);
    ck_assert_uint_eq(second->blocks, 2);
    ck_assert_double_eq(second->epochs, 3);
    ck_assert_double_eq(second->test_loss, 0.5);
    ck_assert(second->turns[KNOB_LR] && second->turns[KNOB_OPTIMIZER] && !second->turns[KNOB_BATCH]);
    ck_assert_double_eq(second->value[KNOB_LR], 1e-3);
    ck_assert_double_eq(second->value[KNOB_OPTIMIZER], OPTIMIZER_SGD);
}
END_TEST

START_TEST(a_line_about_a_stage_that_is_there_changes_it)
{
    read_all((const char *const[]){"a steps=5 lr=0.1", "b steps=6", "a steps=7", NULL});
    ck_assert_uint_eq(spec.stages, 2);
    ck_assert_uint_eq(spec.stage[0].steps, 7);
    ck_assert(spec.stage[0].turns[KNOB_LR]);
}
END_TEST

START_TEST(pairs_are_known_by_their_file)
{
    read_all((const char *const[]){"a", "b data=x.TSV", "c data=x.csv", "d data=other.txt", NULL});
    static const enum objective_id wanted[] = {OBJECTIVE_NEXT_TOKEN, OBJECTIVE_RESPOND, OBJECTIVE_RESPOND,
                                               OBJECTIVE_NEXT_TOKEN};
    for (size_t i = 0; i < 4; i++)
        ck_assert_int_eq(spec_stage_objective(&spec, &spec.stage[i]), wanted[i]);
    ck_assert_str_eq(spec_stage_data(&spec, &spec.stage[0]), "story.txt");
    ck_assert_int_eq(spec_stages_check(&spec, NULL), STATUS_OK);
}
END_TEST

START_TEST(wrong_words_are_refused)
{
    static const struct {
        const char *line, *said;
    } wrong[] = {
        {"", "a name is needed"},
        {"\"\"", "1 to 32 characters"},
        {"a-name-that-is-longer-than-a-log-has-room-for", "1 to 32 characters"},
        {"\"a\\n\"", "1 to 32 characters"},
        {"a objective=answer", "stage a: objective: unknown name 'answer': one of next_token, respond"},
        {"a objective=classify", "unknown name 'classify'"},
        {"a data=-", "a file is needed"},
        {"a train=some", "must be all, last-blocks:N or lora:N"},
        {"a train=lora", "must be all, last-blocks:N or lora:N"},
        {"a train=all:3", "must be all, last-blocks:N or lora:N"},
        {"a train=lora:0", "must be all, last-blocks:N or lora:N"},
        {"a epochs=-1", "epochs -1: must be a number above 0"},
        {"a loss=0", "loss 0: must be a number above 0"},
        {"a speed=20", "speed 20: it changes nothing that is learnt"},
        {"a lr=fast", "stage a: lr fast"},
        {"a laerning-rate=1", "a stage has no such setting"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct error error = {.message = ""};
        ck_assert_msg(spec_stage_read(&spec, wrong[i].line, &error) == STATUS_USAGE, "accepted: %s", wrong[i].line);
        ck_assert_msg(strstr(error.message, wrong[i].said), "'%s' is not in '%s'", wrong[i].said, error.message);
    }
}
END_TEST

START_TEST(there_are_not_more_stages_than_a_trainer_takes)
{
    char line[16];
    for (int i = 0; i <= TRAINER_STAGES_MAX; i++) {
        snprintf(line, sizeof line, "s%d", i);
        ck_assert_int_eq(spec_stage_read(&spec, line, NULL), i < TRAINER_STAGES_MAX ? STATUS_OK : STATUS_USAGE);
    }
    ck_assert_uint_eq(spec.stages, TRAINER_STAGES_MAX);
}
END_TEST

/* The check must fail with this message inside. */
static void refuse(const char *line, const char *said)
{
    struct error error = {.message = ""};
    read_all((const char *const[]){line, NULL});
    ck_assert_msg(spec_stages_check(&spec, &error) == STATUS_USAGE, "accepted: %s", line);
    ck_assert_msg(strstr(error.message, said), "'%s' is not in '%s'", said, error.message);
    spec_stages_free(&spec);
}

START_TEST(stages_must_fit_the_model)
{
    refuse("a objective=respond", "stage a: respond needs data");
    refuse("a objective=respond data=b.txt", "respond needs data");
    refuse("a objective=next_token data=b.tsv", "next_token needs a text: b.tsv holds pairs");
    refuse("a train=last-blocks:4", "last-blocks 4: the model has 3");
    refuse("a label-noise=0.1", "label-noise: a text has no labels");
    spec.shape.language.lora_rank = 4;
    refuse("a train=lora:8", "lora 8: the model's adapters have rank 4");
    spec.shape.language.lora_rank = 0;
    read_all((const char *const[]){"first train=lora:8", NULL});
    refuse("second train=lora:4", "stage second: lora 4: the model's adapters have rank 8");
    spec.shape.language.kind = LANGUAGE_MLP;
    refuse("a train=lora:8", "lora needs a transformer: the model is of kind mlp");
    refuse("a train=last-blocks:2", "last-blocks 2: the model has 1");
    refuse("a dropout=0.2", "stage a: dropout: the model has no hidden layer");
    spec.shape.language.kind = LANGUAGE_TRANSFORMER;
    read_all((const char *const[]){"a dropout=0.2", NULL});
    ck_assert_int_eq(spec_stages_check(&spec, NULL), STATUS_OK);
    spec_stages_free(&spec);
    spec.shape.kind = MODEL_NET;
    refuse("a data=b.txt", "data is for texts: story.txt is none");
    refuse("a dropout=0.2", "no hidden layer");
    spec.shape.net.hidden_count = 1;
    read_all((const char *const[]){"a lr=0.1 steps=5", "b lr=0.01 dropout=0.2", NULL});
    ck_assert_int_eq(spec_stages_check(&spec, NULL), STATUS_OK);
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("spec_stage");
    TCase *tcase = tcase_create("stages");
    tcase_add_checked_fixture(tcase, begin, end);
    tcase_add_test(tcase, a_stage_says_all_that_its_line_says);
    tcase_add_test(tcase, a_line_about_a_stage_that_is_there_changes_it);
    tcase_add_test(tcase, pairs_are_known_by_their_file);
    tcase_add_test(tcase, wrong_words_are_refused);
    tcase_add_test(tcase, there_are_not_more_stages_than_a_trainer_takes);
    tcase_add_test(tcase, stages_must_fit_the_model);
    suite_add_tcase(suite, tcase);
    return suite;
}
