#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/recipe.h"
#include "nn/optimizer.h"
#include "suite.h"

static char folder[] = "/tmp/downhill-test-XXXXXX";
static char path[64];
static struct spec spec;

static void make_file(const char *name, const char *content)
{
    char file[96];
    snprintf(file, sizeof file, "%s/%s", folder, name);
    FILE *stream = fopen(file, "w");
    fputs(content, stream);
    fclose(stream);
}

static void begin(void)
{
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/a.ini", folder);
    make_file("a.ini", "");
    make_file("text.txt", "once\n");
    make_file("pairs.tsv", "a\tb\n");
    make_file("table.csv", "a,b\n1,2\n");
    spec_init(&spec);
}

static void end(void)
{
    static const char *const names[] = {"a.ini", "text.txt", "pairs.tsv", "table.csv"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char file[96];
        snprintf(file, sizeof file, "%s/%s", folder, names[i]);
        unlink(file);
    }
    ck_assert_int_eq(rmdir(folder), 0);
    memcpy(folder + strlen(folder) - 6, "XXXXXX", 6);
    spec_free(&spec);
}

static void parse(const char *text)
{
    struct error error = {.message = ""};
    ck_assert_msg(recipe_parse(&spec, path, text, strlen(text), &error) == STATUS_OK, "%s", error.message);
}

/* Must fail with this message behind the path. */
static void refuse_bytes(const char *text, size_t length, const char *said)
{
    struct error error = {.message = ""};
    ck_assert_msg(recipe_parse(&spec, path, text, length, &error) == STATUS_FAILED, "accepted: %s", text);
    ck_assert_msg(strncmp(error.message, path, strlen(path)) == 0, "'%s'", error.message);
    ck_assert_msg(strstr(error.message + strlen(path), said), "'%s' is not in '%s', of: %s", said, error.message, text);
    spec_free(&spec);
    spec_init(&spec);
}

static void refuse(const char *text, const char *said)
{
    refuse_bytes(text, strlen(text), said);
}

static void check_path(const char *found, const char *name)
{
    char wanted[96];
    snprintf(wanted, sizeof wanted, "%s/%s", folder, name);
    ck_assert_str_eq(found, wanted);
}

START_TEST(a_recipe_says_all_of_a_run)
{
    parse("\xef\xbb\xbf# a comment\r\n"
          "; another\n"
          "[model]\n"
          "kind = transformer\n"
          "layers = 2   ; blocks\n"
          "  width = 64\n"
          "tie = yes\n"
          "[data]\n"
          "text = text.txt\n"
          "merges: 100\n"
          "[knobs]\n"
          "lr = 0.004\n"
          "optimiser = adam\n"
          "[prompt]\n"
          "text = \"The capital of France is\"\n"
          "answer = \" Paris; or so\"\n"
          "[run]\n"
          "seed = 7\n"
          "at = 5:lr=0.1\n"
          "at = 3:batch=2\n"
          "\n"
          "[stage pre-train]\n"
          "lr = 0.002\n"
          "steps = 100\n"
          "[stage  fine tune ]\n"
          "data = pairs.tsv\n"
          "train = lora 8\n");
    ck_assert_int_eq(spec.shape.kind, MODEL_LANGUAGE);
    ck_assert_int_eq(spec.shape.language.kind, LANGUAGE_TRANSFORMER);
    ck_assert_uint_eq(spec.shape.language.layers, 2);
    ck_assert_uint_eq(spec.shape.language.width, 64);
    ck_assert(spec.shape.language.tie);
    check_path(spec.task, "text.txt");
    ck_assert_str_eq(spec.recipe, path);
    ck_assert_int_eq(spec.merges, 100);
    ck_assert_double_eq(spec.knobs.value[KNOB_OPTIMIZER], OPTIMIZER_ADAM);
    ck_assert_double_eq(spec.knobs.value[KNOB_LR], 0.002); /* the first stage's */
    ck_assert_str_eq(spec.prompt, "The capital of France is");
    ck_assert_str_eq(spec.answer, " Paris; or so");
    ck_assert_uint_eq(spec.seed, 7);
    ck_assert_uint_eq(spec.turns, 2);
    ck_assert_uint_eq(spec.stages, 2);
    ck_assert_str_eq(spec.stage[0].name, "pre-train");
    ck_assert_uint_eq(spec.stage[0].steps, 100);
    ck_assert_str_eq(spec.stage[1].name, "fine tune");
    check_path(spec.stage[1].data, "pairs.tsv");
    ck_assert_uint_eq(spec.stage[1].rank, 8);
}
END_TEST

START_TEST(a_table_and_a_toy_can_be_learnt_too)
{
    parse(
        "[data]\ntable = table.csv\ntarget = b\nregress = on\nclassify = no\n[model]\nhidden = 4,4\nlayer-norm = no\n");
    check_path(spec.task, "table.csv");
    ck_assert_str_eq(spec.csv.target, "b");
    ck_assert_int_eq(spec.csv.task, CSV_REGRESS);
    ck_assert_uint_eq(spec.shape.net.hidden_count, 2);
    ck_assert(!spec.shape.net.layer_norm && spec.shape.kind == MODEL_NET);
    spec_free(&spec);
    spec_init(&spec);
    parse("[data]\ntable = table.csv\nmissing = none,-9\ntext-column = zip\ntext-column = 3\nnumber-column = a b\n");
    ck_assert_str_eq(spec.csv.form.missing, "none,-9");
    ck_assert_str_eq(spec.csv.text[0], "zip");
    ck_assert_str_eq(spec.csv.text[1], "3");
    ck_assert_ptr_null(spec.csv.text[2]);
    ck_assert_str_eq(spec.csv.number[0], "a b");
    spec_free(&spec);
    spec_init(&spec);
    parse("[data]\ntoy = moons\nnoise = 0.2");
    ck_assert_str_eq(spec.task, "moons");
}
END_TEST

START_TEST(an_error_names_file_and_line)
{
    static const struct {
        const char *text, *said;
    } wrong[] = {
        {"", ": there is no data"},
        {"[knobs]\nlr = 1\n", ": there is no data"},
        {"lr = 1\n", ":1: a section such as [model] must come first"},
        {"[modle]\nlayers = 1\n", ":1: unknown section 'modle': did you mean 'model'?"},
        {"[model two]\nlayers = 1\n", ":1: unknown section 'model two'"},
        {"[model]\nlayrs = 1\n", ":2: unknown key 'layrs': did you mean 'layers'?"},
        {"[model]\n\n# x\nlayers = two\n", ":4: layers two: must be a whole number"},
        {"[model]\nlayers =\n", ":2: there is no value"},
        {"[model]\nlayers\n", ":2: this is neither [section] nor key = value"},
        {"[model\nlayers = 1\n", ":1: the ] behind the section's name is missing"},
        {"[]\nlayers = 1\n", ":1: a section such as [model] must come here"},
        {"[model]\nkind = transfomer\n", ":2: model: unknown name 'transfomer': did you mean 'transformer'?"},
        {"[model]\ntie = perhaps\n", ":2: tie perhaps: must be yes or no"},
        {"[model]\nlayers = 1\nlayers = 2\n", ":3: layers: it is there twice in this section"},
        {"[model]\nlayers = 1\n[knobs]\nlr = 1\n[model]\nwidth = 8\n", ":5: the section [model] is there twice"},
        {"[knobs]\nlr = 0\n", ":2: lr 0: "},
        {"[knobs]\nweight-decay = 0\ndecay = 0\n", ":3: decay: it is there twice"},
        {"[knobs]\nlrr = 1\n", ":2: unknown key 'lrr': did you mean 'lr'?"},
        {"[data]\ntext = nothing.txt\n", "nothing.txt: No such file"},
        {"[data]\ntext = a.ini\n", ":2: text: "},
        {"[data]\ntext = a.ini\n", "is this recipe itself, no data"},
        {"[data]\ntext = b.INI\n", "is a recipe, no data"},
        {"[data]\ntext = text.txt\ntoy = moons\n", ":3: toy: there is a text already"},
        {"[data]\ntable = text.txt\n", ":2: table: text.txt is a text"},
        {"[data]\ntable = table.csv\nclassify = yes\nregress = yes\n",
         ":4: classify and regress contradict each other: the target is either a class or a number"},
        {"[data]\nregress = 1\ntable = table.csv\nclassify = on\n",
         ":4: classify and regress contradict each other: the target is either a class or a number"},
        {"[data]\ntable = table.csv\nheader = yes\nno-header = yes\n",
         ":4: header and no-header contradict each other: "},
        {"[data]\ntable = table.csv\ntest = table.csv\ntest-fraction = 0.5\n",
         ":4: test and test-fraction contradict each other: "},
        {"[data]\ntoy = sprial\n", ":2: unknown toy 'sprial': did you mean 'spiral'?"},
        {"[prompt]\ntext = \"open\n", ":2: a quote is not closed"},
        {"[prompt]\ntext = \"open ; closed\"\n", ":2: a quote is not closed"},
        {"[data]\ntext = text.txt\n[stage a]\n[stage b]\nsteps = 1\n", ":3: the section is empty"},
        {"[data]\ntext = text.txt\n[stage a]\n", ":3: the section is empty"},
        {"[data]\ntext = text.txt\n[stage a]\nsteps = 1\n[stage a]\nsteps = 2\n",
         ":5: stage a: there is one of that name"},
        {"[data]\ntext = text.txt\n[stage]\nsteps = 1\n", ":3: stage: a name has 1 to 32 characters"},
        {"[data]\ntext = text.txt\n[stage a]\nobjective = respnd\n",
         ":4: objective: unknown name 'respnd': did you mean"},
        {"[data]\ntext = text.txt\n[stage a]\nsteps = 5\n\n[stage b]\nobjective = respond\n",
         ":6: stage b: respond needs data"},
        {"[data]\ntext = text.txt\n[stage a]\ndata = a.ini\n", ":4: data: "},
        {"[data]\ntext = text.txt\n[stage a]\ndata = none.tsv\n", "none.tsv: No such file"},
        {"[data]\ntoy = moons\n[stage a]\nobjective = respond\n", ":3: stage a: objective is for texts: moons is none"},
        {"[run]\nspeed = 1\n", ":2: unknown key 'speed'"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        refuse(wrong[i].text, wrong[i].said);
    refuse_bytes("[model]\nlay\0ers = 1\n", 20, ":2: the line holds a NUL byte");
    refuse_bytes("\xff\xfe[\0m\0", 6, ": is in UTF-16: convert it to UTF-8 (iconv -f UTF-16 -t UTF-8 OLD > NEW)");
}
END_TEST

START_TEST(nothing_is_cut_in_silence)
{
    char text[1000];
    const int start = snprintf(text, sizeof text, "[data]\ntoy = moons\n[prompt]\ntext = ");
    memset(text + start, 'x', sizeof text - (size_t)start - 1);
    text[sizeof text - 1] = '\0';
    refuse(text, ":4: the line is longer than ");
    refuse("[data]\ntoy = moons\n[stage a-name-that-is-longer-than-a-log-has-any-room-for-at-all]\nsteps = 1\n",
           ":3: stage: a name has 1 to 32 characters");
}
END_TEST

START_TEST(there_are_not_more_stages_than_a_trainer_takes)
{
    char text[1000] = "[data]\ntoy = moons\n";
    for (int i = 0; i < 17; i++)
        snprintf(text + strlen(text), sizeof text - strlen(text), "[stage %d]\nsteps = 1\n", i);
    refuse(text, ":35: stage 16: there are 16 already");
}
END_TEST

START_TEST(a_recipe_is_known_by_its_name)
{
    ck_assert(recipe_is("samples/atlas.ini") && recipe_is("A.INI"));
    ck_assert(!recipe_is("atlas.ini/text") && !recipe_is("ini") && !recipe_is("a.ini.txt"));
}
END_TEST

START_TEST(a_missing_recipe_is_named)
{
    struct error error = {.message = ""};
    ck_assert_int_eq(recipe_read(&spec, "/nowhere/a.ini", &error), STATUS_FAILED);
    ck_assert_str_eq(error.message, "/nowhere/a.ini: No such file or directory");
    ck_assert_int_eq(recipe_read(&spec, folder, &error), STATUS_FAILED);
    ck_assert_ptr_nonnull(strstr(error.message, folder));
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("recipe");
    TCase *tcase = tcase_create("recipe");
    tcase_add_checked_fixture(tcase, begin, end);
    tcase_add_test(tcase, a_recipe_says_all_of_a_run);
    tcase_add_test(tcase, a_table_and_a_toy_can_be_learnt_too);
    tcase_add_test(tcase, an_error_names_file_and_line);
    tcase_add_test(tcase, nothing_is_cut_in_silence);
    tcase_add_test(tcase, there_are_not_more_stages_than_a_trainer_takes);
    tcase_add_test(tcase, a_recipe_is_known_by_its_name);
    tcase_add_test(tcase, a_missing_recipe_is_named);
    suite_add_tcase(suite, tcase);
    return suite;
}
