#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "session/session.h"
#include "setup/spec_field.h"
#include "suite.h"
#include "support/wishes.h"

/* What a shell makes of the word. */
static void check_shell(const char *word)
{
    struct lines line = {0};
    char got[256] = "";
    lines_add(&line, "printf %%s ");
    share_word(&line, word);
    FILE *shell = popen(line.text, "r");
    ck_assert_ptr_nonnull(shell);
    got[fread(got, 1, sizeof got - 1, shell)] = '\0';
    ck_assert_int_eq(pclose(shell), 0);
    ck_assert_str_eq(got, word);
    mem_free(line.text);
}

START_TEST(a_shell_gets_back_any_word)
{
    static const char *const words[] = {"plain-1.0/x,y=%@", "two words",       "it's", "$(x) `y` \"z\" \\ * ? ~",
                                        "\xc3\xa9",         "\x1b[2J\xff\\'a", "#",    "!"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        check_shell(words[i]);
}
END_TEST

static struct session *open_spec(struct spec *spec)
{
    struct session *session;
    struct error error = {.message = ""};
    const struct session_options options = {.paused = true};
    ck_assert_msg(session_open(&session, spec, &options, &error) == STATUS_OK, "%s", error.message);
    return session;
}

static void expect_command(struct session *session, const char *command)
{
    char said[1024];
    ck_assert(session_share(session, said, sizeof said));
    ck_assert_str_eq(said, command);
}

static void tell(struct session *session, const char *kind, enum knob_id knob, double value, uint64_t number)
{
    static uint32_t token = 1;
    const struct wish command = {.name = kind, .knob = knob, .value = value, .number = number, .token = ++token};
    ck_assert(send_wish(session, &command));
    for (struct event event = {0}; event.token != token;)
        if (!session_echo(session, &event))
            session_wait(session, 1000);
}

START_TEST(what_the_program_does_by_itself_is_not_said)
{
    struct spec spec;
    spec_init(&spec);
    struct session *session = open_spec(&spec);
    expect_command(session, "downhill spiral");
    session_close(session, NULL);
}
END_TEST

START_TEST(what_was_said_and_turned_is_said)
{
    struct spec spec;
    spec_init(&spec);
    spec.task = mem_string("moons");
    spec.features = mem_string("x,y,xy");
    spec.points = 50;
    spec.noise = 0.25;
    spec.shape.net = (struct net_spec){.hidden_count = 2, .hidden = {4, 5}, .layer_norm = true};
    spec.net_given = true;
    spec.seed = 3;
    spec.steps = 2000;
    ck_assert_int_eq(spec_add_turn(&spec, 100, KNOB_DROPOUT, 0.5), STATUS_OK);
    struct session *session = open_spec(&spec);
    tell(session, "knob", KNOB_LR, 0.05, 0);
    tell(session, "seed", KNOB_LR, 0, 9);
    tell(session, "knob", KNOB_LABEL_NOISE, 0.4, 0);
    expect_command(session,
                   "downhill moons --features x,y,xy --points 50 --noise 0.25 --hidden 4,5 --layer-norm --seed 9 "
                   "--data-seed 3 --steps 2000 --lr 0.05 --label-noise 40%");
    session_close(session, NULL);
}
END_TEST

/* Another optimiser has another rate by itself; the one that is in force must be said. */
START_TEST(defaults_follow_what_leads_them)
{
    struct spec spec;
    spec_init(&spec);
    spec.knobs.value[KNOB_OPTIMIZER] = 2;
    spec.knob_given[KNOB_OPTIMIZER] = true;
    char said[256], wanted[256];
    struct session *session = open_spec(&spec);
    const double rate = session_status(session)->knobs.value[KNOB_LR];
    snprintf(wanted, sizeof wanted, "downhill spiral --optimizer %s", knob_table[KNOB_OPTIMIZER].choice(2));
    expect_command(session, wanted);
    tell(session, "knob", KNOB_LR, rate / 2, 0);
    ck_assert(session_share(session, said, sizeof said));
    ck_assert_ptr_nonnull(strstr(said, "--lr "));
    ck_assert(!session_share(session, said, strlen(said)));
    session_close(session, NULL);
}
END_TEST

START_TEST(a_text_and_its_stages_are_said)
{
    struct spec spec;
    spec_init(&spec);
    spec.task = mem_string("README.md");
    spec.recipe = mem_string("some.ini");
    spec.prompt = mem_string("The two");
    ck_assert_int_eq(spec_set(&spec, "layers", "1", NULL), STATUS_OK);
    ck_assert_int_eq(spec_set(&spec, "stage", "first steps=50", NULL), STATUS_OK);
    ck_assert_int_eq(spec_set(&spec, "stage", "then \"data=LICENSE\" train=lora:2 lr=0.01", NULL), STATUS_OK);
    struct session *session = open_spec(&spec);
    expect_command(session, "downhill README.md --layers 1 --lora 2 --prompt 'The two' --stage 'first steps=50' "
                            "--stage 'then data=LICENSE train=lora:2 lr=0.01' --horizon 50");
    session_close(session, NULL);
}
END_TEST

START_TEST(a_later_stage_shares_the_run_from_its_begin_on)
{
    struct spec spec;
    spec_init(&spec);
    spec.task = mem_string("README.md");
    ck_assert_int_eq(spec_set(&spec, "stage", "first lr=0.002", NULL), STATUS_OK);
    ck_assert_int_eq(spec_set(&spec, "stage", "then data=LICENSE lr=0.01 batch=2", NULL), STATUS_OK);
    ck_assert_int_eq(spec_add_turn(&spec, 100, KNOB_DROPOUT, 0.5), STATUS_OK);
    struct session *session = open_spec(&spec);
    tell(session, "stage", KNOB_LR, 0, 0);
    ck_assert_uint_eq(session_status(session)->stage, 1);
    tell(session, "knob", KNOB_LR, 0.03, 0);
    expect_command(session, "downhill README.md --stage 'first lr=0.002' --stage 'then data=LICENSE lr=0.01 batch=2' "
                            "--at 100:dropout=0.5 --lr 0.002");
    session_close(session, NULL);
}
END_TEST

START_TEST(a_model_is_said_where_the_name_does_not_tell_of_a_text)
{
    struct spec spec;
    spec_init(&spec);
    spec.task = mem_string("LICENSE");
    ck_assert_int_eq(spec_set(&spec, "model", "transformer", NULL), STATUS_OK);
    struct session *session = open_spec(&spec);
    expect_command(session, "downhill LICENSE --model transformer");
    session_close(session, NULL);
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("share");
    TCase *tcase = tcase_create("command");
    tcase_add_test(tcase, a_shell_gets_back_any_word);
    tcase_add_test(tcase, what_the_program_does_by_itself_is_not_said);
    tcase_add_test(tcase, what_was_said_and_turned_is_said);
    tcase_add_test(tcase, defaults_follow_what_leads_them);
    tcase_add_test(tcase, a_text_and_its_stages_are_said);
    tcase_add_test(tcase, a_later_stage_shares_the_run_from_its_begin_on);
    tcase_add_test(tcase, a_model_is_said_where_the_name_does_not_tell_of_a_text);
    suite_add_tcase(suite, tcase);
    return suite;
}
