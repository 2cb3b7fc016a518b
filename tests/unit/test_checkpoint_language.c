/* Checkpoints of language models: a run over stages goes on to the same bits, nanoGPT's weights have the loss that
 * PyTorch finds with them, weights of one run are the start of another, and what does not fit is refused. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "nn/weights.h"
#include "store/checkpoint.h"
#include "suite.h"
#include "support/own_folder.h"
#include "support/text_hash.h"
#include "support/text_lab.h"

static const struct model_shape transformer = {
    .language = {LANGUAGE_TRANSFORMER, .width = 16, .layers = 2, .heads = 2, .tie = true}};
static const struct model_shape untied = {.language = {LANGUAGE_TRANSFORMER, .width = 16, .layers = 2, .heads = 2}};
static const struct model_shape adapted = {
    .language = {LANGUAGE_TRANSFORMER, .width = 16, .layers = 2, .heads = 2, .tie = true, .lora_rank = 3}};
static const struct model_shape window = {.language = {LANGUAGE_MLP, .width = 12, .window = 3}};
static const struct model_shape bigram = {.language = {LANGUAGE_BIGRAM}};

static uint64_t hash_of(const struct text_lab *lab)
{
    return state_hash(trainer_state(lab->trainer));
}

static const struct params *params_of(const struct text_lab *lab)
{
    return model_params_const(trainer_model(lab->trainer));
}

static void save(const struct text_lab *lab)
{
    struct error error = {.message = ""};
    struct checkpoint *checkpoint = checkpoint_take(lab->trainer, NULL);
    char *tokenizer = tokenizer_text(corpus_tokenizer(lab->dataset[0]->corpus));
    const struct checkpoint_notes notes = {
        .spec = "task animals.txt",
        .data = "0123456789abcdef",
        .tokenizer = tokenizer,
    };
    ck_assert(checkpoint && tokenizer);
    ck_assert_msg(checkpoint_write(checkpoint, &notes, path, &error) == STATUS_OK, "%s", error.message);
    checkpoint_free(checkpoint);
    mem_free(tokenizer);
}

static struct checkpoint_file *open_file(const char *from)
{
    struct checkpoint_file *file = NULL;
    struct error error = {.message = ""};
    ck_assert_msg(checkpoint_open(&file, from, &error) == STATUS_OK, "%s", error.message);
    return file;
}

typedef enum status loading(const struct checkpoint_file *file, struct trainer *trainer, struct error *error);

static enum status load_by(loading *how, struct text_lab *lab, struct error *error)
{
    struct checkpoint_file *file = open_file(path);
    const enum status status = how(file, lab->trainer, error);
    checkpoint_close(file);
    return status;
}

static void load(loading *how, struct text_lab *lab)
{
    struct error error = {.message = ""};
    ck_assert_msg(load_by(how, lab, &error) == STATUS_OK, "%s", error.message);
}

static void refused(loading *how, struct text_lab *lab, const char *reason)
{
    struct error error = {.message = ""};
    const uint64_t before = hash_of(lab);
    ck_assert(load_by(how, lab, &error) == STATUS_FAILED);
    ck_assert_msg(strstr(error.message, reason) != NULL, "'%s' has no '%s'", error.message, reason);
    ck_assert_msg(strncmp(error.message, path, strlen(path)) == 0, "no path: %s", error.message);
    ck_assert(hash_of(lab) == before);
}

/* Writes `path` with what is in a file, otherwise. */
struct change {
    const char *drop, *drop_end; /* tensors whose names contain the one or end with the other; NULL: none */
    const char *keep;            /* but not those that contain this */
    const char *prefix;          /* before all names */
    const char *touch;           /* a tensor whose first number is another */
    const char *retype;          /* a tensor that is I64 from here on (of half as many) */
    const char *again, *as;      /* a tensor that is there a second time under this name */
    const char *note, *text;
};

static bool ends(const char *name, const char *with)
{
    const size_t length = strlen(name), tail = strlen(with);
    return length >= tail && strcmp(name + length - tail, with) == 0;
}

static void rewrite(const char *from, const struct change *change)
{
    enum { MOST = 200 };
    static struct tensor tensor[MOST];
    static char name[MOST][96];
    static float touched[4096];
    struct weights *weights;
    struct error error = {.message = ""};
    ck_assert_msg(weights_open(&weights, from, &error) == STATUS_OK, "%s", error.message);
    size_t count = 0;
    for (size_t i = 0; i < weights_count(weights); i++) {
        const struct tensor *old = weights_tensor(weights, i);
        const bool dropped = (change->drop && strstr(old->name, change->drop)) ||
                             (change->drop_end && ends(old->name, change->drop_end));
        if (dropped && !(change->keep && strstr(old->name, change->keep)))
            continue;
        ck_assert_uint_lt(count + 1, MOST);
        struct tensor *new = &tensor[count];
        *new = *old;
        snprintf(name[count], sizeof name[0], "%s%s", change->prefix ? change->prefix : "", old->name);
        new->name = name[count++];
        if (change->touch && strcmp(old->name, change->touch) == 0) {
            memcpy(touched, old->data, old->bytes);
            touched[0] += 1;
            new->data = touched;
        }
        if (change->retype && strcmp(old->name, change->retype) == 0) {
            new->type = TENSOR_I64;
            new->shape[0] /= 2;
        }
        if (change->again && strcmp(old->name, change->again) == 0) {
            tensor[count] = *old;
            tensor[count++].name = change->as;
        }
    }
    const struct weights_note note = {change->note, change->text};
    ck_assert_msg(weights_write(path, tensor, count, &note, change->note != NULL, &error) == STATUS_OK, "%s",
                  error.message);
    weights_close(weights);
}

/* ---- going on ---- */

static const struct road {
    const struct model_shape *shape;
    enum language_part part;
    uint64_t saved; /* the second stage begins at step 40 */
} roads[] = {
    {&transformer, LANGUAGE_ALL, 25},  {&transformer, LANGUAGE_ALL, 55}, {&untied, LANGUAGE_ALL, 40},
    {&adapted, LANGUAGE_ADAPTERS, 55}, {&window, LANGUAGE_ALL, 55},      {&bigram, LANGUAGE_ALL, 55},
};

START_TEST(a_run_over_stages_goes_on_to_the_same_bits)
{
    const struct text_lab_plan plan = {.shape = *roads[_i].shape, .part = roads[_i].part, .merges = 20};
    struct text_lab straight, first, second;
    text_lab_start(&straight, &plan);
    text_lab_start(&first, &plan);
    text_lab_start(&second, &plan);
    text_lab_run(&straight, 40, 90);
    text_lab_run(&first, 40, roads[_i].saved);
    text_lab_run(&second, 10, 20); /* stands elsewhere, in another stage */
    save(&first);
    load(checkpoint_apply, &second);
    ck_assert(hash_of(&second) == hash_of(&first));
    ck_assert_uint_eq(trainer_stage_number(second.trainer), trainer_stage_number(first.trainer));
    text_lab_run(&second, 40, 90);
    ck_assert(hash_of(&second) == hash_of(&straight));
    text_lab_end(&straight);
    text_lab_end(&first);
    text_lab_end(&second);
}
END_TEST

START_TEST(shape_and_tokenizer_come_back)
{
    const struct text_lab_plan plan = {.shape = *roads[_i].shape, .merges = 20};
    const struct language_spec *ours;
    struct text_lab lab;
    struct spec spec;
    struct tokenizer *tokenizer;
    struct error error = {.message = ""};
    text_lab_start(&lab, &plan);
    save(&lab);
    char *text = tokenizer_text(corpus_tokenizer(lab.dataset[0]->corpus));
    rewrite(path, &(struct change){.drop = "state.", .note = "tokenizer", .text = text});
    mem_free(text);
    struct checkpoint_file *file = open_file(path);
    spec_init(&spec);
    spec.shape.language.heads = 2;
    ck_assert_msg(checkpoint_spec(file, &spec, &error) == STATUS_OK, "%s", error.message);
    ours = &model_shape(trainer_model(lab.trainer))->language;
    ck_assert(spec.language_given && spec.shape.kind == MODEL_LANGUAGE && spec.shape.language.kind == ours->kind);
    ck_assert_uint_eq(spec.shape.language.vocabulary, ours->vocabulary);
    ck_assert_uint_eq(spec.shape.language.width, ours->width);
    ck_assert_uint_eq(spec.shape.language.window, ours->window);
    ck_assert_uint_eq(spec.shape.language.layers, ours->layers);
    ck_assert_uint_eq(spec.shape.language.lora_rank, ours->lora_rank);
    ck_assert(spec.shape.language.tie == ours->tie);
    if (ours->kind == LANGUAGE_TRANSFORMER)
        ck_assert_uint_eq(spec.shape.language.context, ours->context);
    ck_assert_msg(checkpoint_tokenizer(file, &tokenizer, &error) == STATUS_OK, "%s", error.message);
    ck_assert(tokenizer_hash(tokenizer) == tokenizer_hash(corpus_tokenizer(lab.dataset[0]->corpus)));

    struct model *model;
    ck_assert_msg(checkpoint_model(file, &spec.shape, kernels_choose(), &model, &error) == STATUS_OK, "%s",
                  error.message);
    const struct params *params = model_params_const(model), *theirs = params_of(&lab);
    ck_assert_uint_eq(params->size, theirs->size);
    ck_assert_mem_eq(params->value, theirs->value, params->size * sizeof(float));
    model_free(model);
    tokenizer_free(tokenizer);
    spec_free(&spec);
    checkpoint_close(file);
    text_lab_end(&lab);
}
END_TEST

/* ---- nanoGPT ---- */

#define NANOGPT "tests/reference/nanogpt.safetensors"

/* On the tokens that tests/reference/nanogpt.py has. */
static double loss_of(const struct model *model)
{
    enum { ROWS = 3, T = 8, V = 256 };
    const struct language *language = model_language_const(model);
    int32_t token[ROWS][T], next[ROWS * T];
    for (int s = 0; s < ROWS; s++)
        for (int t = 0; t <= T; t++) {
            const int32_t id = (7 * t * t + 31 * s + 11) % V;
            if (t < T)
                token[s][t] = id;
            if (t > 0)
                next[s * T + t - 1] = id;
        }
    struct language_workspace *workspace = language_workspace_create(language, ROWS, false);
    ck_assert_ptr_nonnull(workspace);
    const struct language_batch batch = {.token = token[0], .stride = T, .sequences = ROWS, .length = T};
    const float *logits = language_forward(language, NULL, workspace, &batch, NULL);
    double loss = 0;
    for (size_t r = 0; r < ROWS * T; r++) {
        const float *row = logits + r * language_stride(language);
        double sum = 0;
        for (size_t v = 0; v < V; v++)
            sum += exp((double)row[v]);
        loss += log(sum) - (double)row[next[r]];
    }
    language_workspace_free(workspace);
    return loss / (ROWS * T);
}

static double loss_in_file(size_t heads)
{
    struct error error = {.message = ""};
    struct checkpoint_file *file = open_file(path);
    struct spec spec;
    struct model *model;
    spec_init(&spec);
    spec.shape.language.heads = heads;
    ck_assert_msg(checkpoint_spec(file, &spec, &error) == STATUS_OK, "%s", error.message);
    ck_assert_msg(checkpoint_model(file, &spec.shape, kernels_choose(), &model, &error) == STATUS_OK, "%s",
                  error.message);
    const double loss = loss_of(model);
    model_free(model);
    spec_free(&spec);
    checkpoint_close(file);
    return loss;
}

static double said_loss(const char *note)
{
    struct checkpoint_file *file = open_file(NANOGPT);
    const double loss = atof(checkpoint_note(file, note));
    checkpoint_close(file);
    ck_assert_double_gt(loss, 1);
    return loss;
}

static const struct change same_models[] = {
    {.drop = NULL},
    {.prefix = "_orig_mod."},
    {.drop = "lm_head"},
    {.drop_end = ".attn.bias"},
    {.again = "transformer.h.1.attn.bias", .as = "transformer.h.1.attn.masked_bias"},
};

START_TEST(nanogpt_weights_have_the_loss_that_pytorch_finds)
{
    rewrite(NANOGPT, &same_models[_i]);
    ck_assert_double_eq_tol(loss_in_file(2), said_loss("loss"), 1e-5);
    ck_assert_double_gt(fabs(loss_in_file(0) - said_loss("loss")), 1e-3); /* one head, as they are not said */
}
END_TEST

START_TEST(a_model_without_biases_has_none)
{
    rewrite(NANOGPT, &(struct change){.drop_end = ".bias", .keep = ".attn.bias"});
    ck_assert_double_eq_tol(loss_in_file(2), said_loss("loss_without_biases"), 1e-5);
    struct text_lab lab;
    text_lab_start(&lab, &(struct text_lab_plan){.shape = transformer});
    text_lab_run(&lab, 5, 12);
    load(checkpoint_start, &lab);
    ck_assert_double_eq_tol(loss_of(trainer_model(lab.trainer)), said_loss("loss_without_biases"), 1e-5);
    text_lab_end(&lab);
}
END_TEST

START_TEST(a_head_of_its_own_is_one)
{
    struct error error = {.message = ""};
    struct spec spec;
    rewrite(NANOGPT, &(struct change){.touch = "lm_head.weight"});
    struct checkpoint_file *file = open_file(path);
    spec_init(&spec);
    ck_assert(checkpoint_spec(file, &spec, &error) == STATUS_OK);
    ck_assert(!spec.shape.language.tie);
    spec_free(&spec);
    checkpoint_close(file);
    ck_assert_double_gt(fabs(loss_in_file(2) - said_loss("loss")), 1e-3);
}
END_TEST

/* ---- a start ---- */

START_TEST(weights_from_elsewhere_are_a_start)
{
    struct text_lab lab;
    text_lab_start(&lab, &(struct text_lab_plan){.shape = transformer, .seed = 8});
    text_lab_run(&lab, 5, 12);
    rewrite(NANOGPT, &(struct change){.prefix = NULL});
    load(checkpoint_apply, &lab);
    ck_assert_uint_eq(trainer_step_count(lab.trainer), 0);
    ck_assert_double_eq_tol(loss_of(trainer_model(lab.trainer)), said_loss("loss"), 1e-5);
    text_lab_run(&lab, 5, 12);
    trainer_restart(lab.trainer, 9);
    ck_assert_double_eq_tol(loss_of(trainer_model(lab.trainer)), said_loss("loss"), 1e-5);
    text_lab_end(&lab);
}
END_TEST

/* A run that was saved in its second stage, as the base of another. */
START_TEST(of_a_state_only_the_weights_are_taken)
{
    const struct text_lab_plan plan = {.shape = transformer}, other = {.shape = transformer, .seed = 8};
    struct text_lab base, lab, fresh;
    text_lab_start(&base, &plan);
    text_lab_start(&lab, &other);
    text_lab_start(&fresh, &other);
    text_lab_run(&base, 10, 30);
    text_lab_run(&lab, 3, 5);
    save(&base);
    load(checkpoint_start, &lab);
    ck_assert_mem_eq(params_of(&lab)->value, params_of(&base)->value, params_of(&base)->size * sizeof(float));
    ck_assert_uint_eq(trainer_step_count(lab.trainer), 0);
    ck_assert_uint_eq(trainer_stage_number(lab.trainer), 0);
    ck_assert_uint_eq(trainer_seed(lab.trainer), 8);
    for (int i = 0; i < 2; i++) {
        static const char *const moments[] = {"moments.0", "moments.1"};
        const struct state_section *mine = state_find(trainer_state(lab.trainer), moments[i]);
        const struct state_section *zero = state_find(trainer_state(fresh.trainer), moments[i]);
        ck_assert_mem_eq(mine->data, zero->data, zero->size);
    }
    text_lab_end(&base);
    text_lab_end(&lab);
    text_lab_end(&fresh);
}
END_TEST

START_TEST(adapters_keep_their_start_on_a_base_without)
{
    struct text_lab base, lab;
    text_lab_start(&base, &(struct text_lab_plan){.shape = transformer});
    text_lab_start(&lab, &(struct text_lab_plan){.shape = adapted, .part = LANGUAGE_ADAPTERS});
    const struct param_slice *a = params_find(params_of(&lab), "transformer.h.1.mlp.c_fc.lora_A");
    const struct param_slice *b = params_find(params_of(&lab), "transformer.h.1.mlp.c_fc.lora_B");
    const float begun = params_get(params_of(&lab), a, 2, 5);
    ck_assert_float_ne(begun, 0);
    text_lab_run(&base, 10, 30);
    save(&base);
    load(checkpoint_start, &lab);
    ck_assert_float_eq(params_get(params_of(&lab), a, 2, 5), begun);
    ck_assert_float_eq(params_get(params_of(&lab), b, 7, 1), 0);
    ck_assert_double_eq_tol(loss_of(trainer_model(lab.trainer)), loss_of(trainer_model(base.trainer)), 1e-6);

    /* And so they do when they have learnt something. */
    text_lab_run(&lab, 10, 30);
    ck_assert_float_ne(params_get(params_of(&lab), b, 7, 1), 0);
    load(checkpoint_start, &lab);
    ck_assert_double_eq_tol(loss_of(trainer_model(lab.trainer)), loss_of(trainer_model(base.trainer)), 1e-6);

    save(&lab);
    refused(checkpoint_start, &base, "lora_A, which this model has not");
    text_lab_end(&base);
    text_lab_end(&lab);
}
END_TEST

/* ---- what does not fit ---- */

static const struct misfit {
    struct change change;
    const char *reason;
} misfits[] = {
    {{.touch = "lm_head.weight"}, "lm_head.weight is not the same as transformer.wte.weight"},
    {{.drop = "h.1.mlp.c_fc.bias"}, "has no transformer.h.1.mlp.c_fc.bias, which this model has: [64]"},
    {{.drop = "transformer.wpe"}, "has no transformer.wpe.weight, which this model has: [8, 16]"},
    {{.retype = "transformer.h.0.ln_1.bias"}, "transformer.h.0.ln_1.bias is [8], this model has [16]"},
    {{.again = "lm_head.weight", .as = "value_head.weight"}, "has value_head.weight, which this model has not"},
    {{.again = "lm_head.weight", .as = "transformer.h.0.ln_1.attn.bias2"}, "which this model has not"},
};

START_TEST(weights_that_do_not_fit_are_refused)
{
    struct text_lab lab;
    text_lab_start(&lab, &(struct text_lab_plan){.shape = transformer});
    rewrite(NANOGPT, &misfits[_i].change);
    refused(checkpoint_start, &lab, misfits[_i].reason);
    text_lab_end(&lab);
}
END_TEST

START_TEST(another_vocabulary_or_kind_is_refused)
{
    struct text_lab bytes, pairs, table;
    text_lab_start(&bytes, &(struct text_lab_plan){.shape = transformer});
    text_lab_start(&pairs, &(struct text_lab_plan){.shape = transformer, .merges = 20});
    text_lab_start(&table, &(struct text_lab_plan){.shape = bigram});
    save(&pairs);
    refused(checkpoint_apply, &bytes, "transformer.wte.weight is [276, 16], this model has [256, 16]");
    refused(checkpoint_start, &bytes, "transformer.wte.weight is [276, 16], this model has [256, 16]");
    refused(checkpoint_start, &table, "has no table.weight, which this model has: [256, 256]");
    text_lab_end(&bytes);
    text_lab_end(&pairs);
    text_lab_end(&table);
}
END_TEST

static const struct {
    struct change change;
    const char *reason; /* NULL: plain bytes */
} tokenizers[] = {
    {{.note = NULL}, NULL},
    {{.note = "tokenizer", .text = "{\"kind\":\"byte-bpe\",\"merges\":[]}"}, NULL},
    {{.note = "tokenizer", .text = "{\"kind\":\"byte-bpe\",\"merges\":[[101,32]]}"},
     "its tokenizer has 257 tokens, its weights are for 256"},
    {{.note = "tokenizer", .text = "{\"kind\":\"byte-bpe\",\"merges\":[[101,700]]}"}, "its tokenizer: merge 0"},
    {{.note = "tokenizer", .text = "[[["}, "its tokenizer: "},
    {{.retype = "transformer.wte.weight"}, "has no tokenizer, and a vocabulary of 128"},
};

START_TEST(a_tokenizer_that_cannot_be_is_refused)
{
    struct error error = {.message = ""};
    struct tokenizer *tokenizer = NULL;
    rewrite(NANOGPT, &tokenizers[_i].change);
    struct checkpoint_file *file = open_file(path);
    const enum status status = checkpoint_tokenizer(file, &tokenizer, &error);
    if (tokenizers[_i].reason) {
        ck_assert(status == STATUS_FAILED && !tokenizer);
        ck_assert_msg(strstr(error.message, tokenizers[_i].reason) != NULL, "%s", error.message);
        ck_assert(strncmp(error.message, path, strlen(path)) == 0);
    } else {
        ck_assert_msg(status == STATUS_OK, "%s", error.message);
        ck_assert_uint_eq(tokenizer_vocabulary(tokenizer), 256);
    }
    tokenizer_free(tokenizer);
    checkpoint_close(file);
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("checkpoint of a language model");
    TCase *tests = tcase_create("checkpoint of a language model");
    tcase_add_checked_fixture(tests, make_folder, remove_folder);
    tcase_add_loop_test(tests, a_run_over_stages_goes_on_to_the_same_bits, 0, sizeof roads / sizeof *roads);
    tcase_add_loop_test(tests, shape_and_tokenizer_come_back, 0, sizeof roads / sizeof *roads);
    tcase_add_loop_test(tests, nanogpt_weights_have_the_loss_that_pytorch_finds, 0,
                        sizeof same_models / sizeof *same_models);
    tcase_add_test(tests, a_model_without_biases_has_none);
    tcase_add_test(tests, a_head_of_its_own_is_one);
    tcase_add_test(tests, weights_from_elsewhere_are_a_start);
    tcase_add_test(tests, of_a_state_only_the_weights_are_taken);
    tcase_add_test(tests, adapters_keep_their_start_on_a_base_without);
    tcase_add_loop_test(tests, weights_that_do_not_fit_are_refused, 0, sizeof misfits / sizeof *misfits);
    tcase_add_test(tests, another_vocabulary_or_kind_is_refused);
    tcase_add_loop_test(tests, a_tokenizer_that_cannot_be_is_refused, 0, sizeof tokenizers / sizeof *tokenizers);
    suite_add_tcase(suite, tests);
    return suite;
}
