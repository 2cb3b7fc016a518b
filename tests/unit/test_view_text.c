/* The screen of a run that learns a text: views drawn into grids that no terminal shows. */
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/number.h"
#include "coach/hint.h"
#include "suite.h"
#include "support/drawn.h"
#include "support/lines.h"
#include "support/text_lab.h"
#include "ui/panel.h"

#define VIEW_CURVES      0
#define VIEW_PREDICTIONS 1

static struct text_lab lab;
static struct text_artist *artist;
static struct dataset *toy;

/* A picture as the picture thread would make it of what the view asks for at this size. */
static void paint(size_t view, int width, int height)
{
    struct picture_request request;
    memset(&request, 0, sizeof request);
    f.settings.view = view;
    const struct view_data data = view_data();
    const struct frame_layout frame = layout_frame(width, height);
    if (frame.too_small || !view_table[view].wants(&data, frame.body, &request))
        return;
    const struct model *model = trainer_model(lab.trainer);
    const struct frame taken = {
        .step = f.status.step, .shape = *model_shape(model), .parameters = model_params_const(model)->value};
    if (!f.picture.text)
        f.picture.text = mem_alloc(1, sizeof *f.picture.text);
    ck_assert(text_artist_draw(artist, &taken, &request.text, f.picture.text));
    f.picture.step = taken.step;
    samples_take(&f.samples, &f.branches, &f.picture, 0);
}

static void paint_and_draw(size_t view, int width, int height)
{
    paint(view, width, height);
    draw(view, width, height);
}

static void show(enum language_picture picture, int width, int height)
{
    f.settings.language.picture = picture;
    paint_and_draw(VIEW_PREDICTIONS, width, height);
}

static void use_dataset(struct dataset *dataset)
{
    f.dataset = dataset;
    prompt_begin(&f.settings.language.prompt, "the owl", "sees", dataset);
}

static void begin_with(enum language_kind kind)
{
    set_up();
    toy = f.dataset;
    text_lab_start(&lab, &(struct text_lab_plan){
                             .merges = 40,
                             .shape.language = {.kind = kind, .width = 16, .window = 4, .layers = 2, .heads = 2},
                         });
    text_lab_run(&lab, UINT64_MAX, 30);
    artist = text_artist_create(kernels_choose(), &(struct picture_doubt){0});
    f.picture = (struct picture){.step = 0};
    f.settings.language.sampling = (struct sampling){.temperature = 0.8, .top_p = 1};
    f.model.task = "owls.txt";
    f.model.architecture[0] = 0;
    f.model.objective = objective_table[OBJECTIVE_NEXT_TOKEN];
    f.model.guess.loss = log((double)lab.dataset[0]->classes);
    f.model.guess.accuracy = 1.0 / (double)lab.dataset[0]->classes;
    f.stage[0] = lab.stage[0];
    f.stage[1] = lab.stage[1];
    f.stages = 1;
    use_dataset(lab.dataset[0]);
}

static void begin(void)
{
    begin_with(LANGUAGE_TRANSFORMER);
}

static void end(void)
{
    picture_free(&f.picture);
    text_artist_free(artist);
    f.dataset = toy;
    tear_down();
    text_lab_end(&lab);
}

/* The row of the grid that holds the text, or -1. */
static int row_of(const char *what)
{
    const char *text = text_of_grid(), *at = strstr(text, what);
    int row = 0;
    for (const char *c = text; at && c < at; c++)
        row += *c == '\n';
    return at ? row : -1;
}

START_TEST(every_size_and_picture_can_be_drawn)
{
    for (int look = 0; look < 3; look++) {
        f.palette = palette_table[look == 2 ? palette_count - 1 : 0];
        f.palette.ascii = look > 0;
        for (size_t view = 0; view < view_count; view++)
            for (int picture = 0; picture < LANGUAGE_PICTURES; picture++)
                for (int width = 1; width <= 300; width += width < 90 ? 7 : 53)
                    for (int height = 1; height <= 100; height += height < 40 ? 5 : 29) {
                        f.settings.language.picture = (enum language_picture)picture;
                        f.settings.big = (width + height) % 2;
                        if (width % 3 == 0)
                            paint(view, width, height);
                        draw(view, width, height);
                    }
    }
}
END_TEST

START_TEST(the_prompt_and_what_may_follow_are_always_there)
{
    static const int size[][2] = {{40, 12}, {60, 16}, {80, 24}, {100, 30}, {120, 36}, {200, 60}};
    for (size_t i = 0; i < sizeof size / sizeof size[0]; i++) {
        show(SHOW_PROMPT, size[i][0], size[i][1]);
        ck_assert_msg(shows("the owl"), "no prompt at %dx%d", size[i][0], size[i][1]);
        ck_assert_msg(shows("%"), "no probability at %dx%d", size[i][0], size[i][1]);
        ck_assert_msg(shows("ln p"), "no loss at %dx%d", size[i][0], size[i][1]);
        ck_assert_msg(shows("next"), "no next tokens at %dx%d", size[i][0], size[i][1]);
        paint_and_draw(VIEW_CURVES, size[i][0], size[i][1]);
        ck_assert_msg(size[i][0] < 60 || shows("the owl"), "no prompt in view 1 at %dx%d", size[i][0], size[i][1]);
    }
}
END_TEST

/* The sign beside the right token; without colour, too. */
static int rows_marked(void)
{
    int rows = 0;
    for (int i = 0; i < f.grid.width * f.grid.height; i++)
        rows += f.grid.cell[i].glyph == 0x2713;
    return rows;
}

START_TEST(the_right_token_is_marked_wherever_it_stands)
{
    char rank[32];
    show(SHOW_PROMPT, 80, 24);
    ck_assert_int_eq(rows_marked(), 1);
    f.settings.language.prompt.answer[0] = '#'; /* a byte that was never met */
    f.settings.language.prompt.answer_length = 1;
    show(SHOW_PROMPT, 80, 24);
    ck_assert_uint_gt(f.picture.text->right_rank, PICTURE_LIKELIEST);
    snprintf(rank, sizeof rank, "rank %zu", f.picture.text->right_rank);
    ck_assert_int_eq(rows_marked(), 1);
    ck_assert(shows(rank));
    f.settings.language.prompt.answer_length = 0;
    show(SHOW_PROMPT, 80, 24);
    ck_assert_int_eq(rows_marked(), 0);
}
END_TEST

START_TEST(older_ones_stand_below_newest_first)
{
    for (f.status.step = 10; f.status.step <= 2000; f.status.step *= 2)
        show(SHOW_PROMPT, 80, 24);
    ck_assert(shows("earlier"));
    const int newer = row_of("640 "), older = row_of("320 ");
    ck_assert_int_gt(newer, 0);
    ck_assert_int_eq(older, newer + 1);
    f.settings.language.prompt.text[4] = 'f'; /* another prompt, another list */
    show(SHOW_PROMPT, 80, 24);
    ck_assert(!shows("640 "));
}
END_TEST

START_TEST(the_arithmetic_can_be_checked_by_hand)
{
    char loss[64], sum[32];
    show(SHOW_ARITHMETIC, 120, 36);
    const struct picture_text *text = f.picture.text;
    snprintf(loss, sizeof loss, "ln %.4f = %.2f", text->right.p, text->right.loss);
    snprintf(sum, sizeof sum, "%.4f", text->sum);
    ck_assert(shows(loss));
    ck_assert(shows(sum));
    ck_assert(shows("others"));
    double total = 0; /* the rows' weights add up to the sum */
    for (size_t i = 0; i < text->likeliest_count; i++)
        total += text->likeliest[i].p * text->sum;
    ck_assert_double_lt(total, text->sum + 1e-9);
    char rest[32];
    const bool apart = text->right_rank > text->likeliest_count;
    snprintf(rest, sizeof rest, "%.4f", text->sum - total - (apart ? text->right.p * text->sum : 0));
    ck_assert(shows(rest));
    f.settings.language.prompt.answer_length = 0;
    show(SHOW_ARITHMETIC, 80, 24);
    ck_assert(shows("nobody said what is right"));
}
END_TEST

START_TEST(attention_is_about_the_chosen_head)
{
    f.settings.language.block = 1;
    show(SHOW_ATTENTION, 80, 24);
    ck_assert(shows("block 2 of 2"));
    ck_assert(shows("head 1 of 2"));
    ck_assert(shows("100")); /* the first token has only itself to look at */
}
END_TEST

/* Rows are the tokens that look, columns those that they look at: the last looks at the first in the lower left. */
START_TEST(attention_has_a_row_for_each_token_that_looks)
{
    prompt_begin(&f.settings.language.prompt, "the owl sees a mouse", "", f.dataset);
    show(SHOW_ATTENTION, 80, 24);
    struct picture_text *text = f.picture.text;
    const size_t looks = text->looks;
    ck_assert_uint_ge(looks, 3);
    for (size_t row = 0; row < looks; row++)
        for (size_t column = 0; column < looks; column++)
            text->attention[row * looks + column] = row + 1 == looks && column == 0 ? 0.77f
                                                    : row == 1 && column == 1       ? 0.55f
                                                                                    : 0;
    draw(VIEW_PREDICTIONS, 80, 24);
    const char *shown = text_of_grid(), *last = strstr(shown, "77"), *second = strstr(shown, "55");
    ck_assert(last && second);
    const int line = f.grid.width + 1;
    ck_assert_int_gt((last - shown) / line, (second - shown) / line);
    ck_assert_int_lt((last - shown) % line, (second - shown) % line);
}
END_TEST

START_TEST(a_model_without_attention_says_so)
{
    end();
    begin_with(LANGUAGE_BIGRAM);
    show(SHOW_ATTENTION, 80, 24);
    ck_assert(shows("has none"));
}
END_TEST

/* Perplexity is e to the mean loss; the first of the surprises is the token with the largest loss. */
START_TEST(a_passage_names_what_surprised_most)
{
    char perplexity[64], number[32], worst[32];
    show(SHOW_PASSAGE, 100, 30);
    const struct picture_text *text = f.picture.text;
    snprintf(perplexity, sizeof perplexity, "perplexity %s",
             number_short(number, sizeof number, exp(text->passage_mean)));
    ck_assert_msg(shows(perplexity), "no '%s'", perplexity);
    double most = 0;
    for (size_t i = text->passage_asked; i < text->passage_tokens; i++)
        most = fmax(most, (double)text->passage_loss[i]);
    snprintf(worst, sizeof worst, " %.1f", most);
    char row[128] = "";
    const char *at = strstr(text_of_grid(), "surprised by");
    ck_assert_ptr_nonnull(at);
    snprintf(row, sizeof row, "%.*s", (int)strcspn(at, "\n"), at);
    ck_assert_msg(strstr(row, worst) != NULL, "no '%s' in '%s'", worst, row);
}
END_TEST

START_TEST(a_passage_is_told_in_nats)
{
    char mean[64];
    show(SHOW_PASSAGE, 80, 24);
    snprintf(mean, sizeof mean, "%.2f nats a token", f.picture.text->passage_mean);
    ck_assert(shows(mean));
    ck_assert(shows("perplexity"));
    ck_assert(shows("1 of "));
    f.settings.language.passage = 2;
    show(SHOW_PASSAGE, 80, 24);
    ck_assert(shows("3 of "));
    f.settings.language.passage = lab.dataset[0]->rows - lab.dataset[0]->train; /* it begins again */
    show(SHOW_PASSAGE, 80, 24);
    ck_assert(shows("1 of "));
    f.settings.hide_test = true;
    show(SHOW_PASSAGE, 80, 24);
    ck_assert(shows("hidden"));
    ck_assert(!shows("nats a token"));
}
END_TEST

START_TEST(the_loss_is_told_as_perplexity_and_bits)
{
    f.model.guess.loss = 1;
    paint_and_draw(VIEW_CURVES, 120, 36);
    ck_assert(shows("perplexity 3.4")); /* e^1.23 */
    ck_assert(shows("bits/byte"));
    ck_assert(shows("next token"));
    ck_assert(shows("guessing"));
    draw(VIEW_CURVES, 40, 12);
    ck_assert(shows("train 0.0321"));
    ck_assert(shows("test 1.23"));
}
END_TEST

START_TEST(the_title_counts_tokens_or_pairs)
{
    char tokens[64];
    draw(VIEW_CURVES, 160, 40);
    snprintf(tokens, sizeof tokens, "test tokens");
    ck_assert(shows(tokens));
    use_dataset(lab.dataset[1]);
    draw(VIEW_CURVES, 160, 40);
    ck_assert(shows("test pairs"));
}
END_TEST

START_TEST(knobs_that_a_text_refuses_are_not_offered)
{
    draw(VIEW_CURVES, 120, 60);
    ck_assert(shows("learning rate"));
    ck_assert(!shows("wrong labels") && !shows("input noise"));
    const struct view_data data = view_data();
    enum knob_id shown[KNOB_COUNT];
    ck_assert_int_eq(panel_rows(&data, KNOB_COUNT, shown), panel_most(&data));
    ck_assert_int_eq(panel_most(&data), KNOB_COUNT - 2);
    const struct objective *objective = f.model.objective;
    f.dataset = toy;
    f.model.objective = objective_for(toy->kind);
    draw(VIEW_CURVES, 120, 60);
    ck_assert(shows("wrong labels"));
    f.dataset = lab.dataset[0];
    f.model.objective = objective;
}
END_TEST

static void begin_second_stage(uint64_t step)
{
    struct event event = {.kind = EVENT_STAGE, .what = 1, .step = step, .label = "fine-tune"};
    story_take(&f.story, &event, "branch 1", 0);
    f.stages = 2;
    f.status.stage = 1;
}

START_TEST(stages_are_bands_with_names)
{
    static const int size[][2] = {{40, 12}, {80, 24}, {120, 36}, {200, 60}};
    begin_second_stage(1000);
    for (size_t i = 0; i < sizeof size / sizeof size[0]; i++) {
        draw(VIEW_CURVES, size[i][0], size[i][1]);
        ck_assert_msg(shows("pre-train"), "no first stage at %dx%d", size[i][0], size[i][1]);
        ck_assert_msg(shows("fine-tune 2/2"), "no stage in the title at %dx%d", size[i][0], size[i][1]);
    }
    draw(VIEW_CURVES, 120, 36);
    const uint32_t shade = colour_mix(f.palette.role[ROLE_GROUND], f.palette.role[ROLE_BAR], 0.6);
    size_t shaded = 0;
    int first = f.grid.width;
    for (int i = 0; i < f.grid.width * f.grid.height; i++)
        if (f.grid.cell[i].ground == shade) {
            shaded++;
            first = i % f.grid.width < first ? i % f.grid.width : first;
        }
    ck_assert_uint_gt(shaded, 300);
    ck_assert_int_gt(first, 25); /* about the middle of the chart */
    ck_assert_int_lt(first, 60);
    ck_assert(shows("Stage 2, fine-tune, begins at step 1,000"));
    const struct view_data data = view_data();
    ck_assert_uint_eq(view_stage_origin(&data, 0, 999), 0);
    ck_assert_uint_eq(view_stage_origin(&data, 0, 1000), 1000);
    f.settings.scrubber = true;
    f.settings.cursor = 500; /* looking back at the first one */
    draw(VIEW_CURVES, 120, 36);
    ck_assert(shows("pre-train 1/2"));
}
END_TEST

static double steps_an_epoch(const struct dataset *dataset, double batch)
{
    return ceil((double)dataset->train / batch);
}

/* Each stage has rows, and a batch, of its own; so has what grows out of it. */
START_TEST(an_epoch_is_one_of_its_stage)
{
    f.status.knobs.value[KNOB_BATCH] = 5;
    story_free(&f.story);
    story_init(&f.story, &f.status.knobs, f.stage, f.branches.forest);
    const double first = steps_an_epoch(lab.dataset[0], 5), second = steps_an_epoch(lab.dataset[1], 6);
    ck_assert_double_ne(first, second);
    struct event start = {.kind = EVENT_START};
    story_take(&f.story, &start, "branch 1", 0);
    begin_second_stage(1000);
    const double begun = story_epoch_at(&f.story, 0, 1000);
    ck_assert_double_eq_tol(story_epoch_at(&f.story, 0, 500), 500 / first, 1e-9);
    ck_assert_double_eq(begun, ceil(1000 / first));
    ck_assert_double_eq_tol(story_epoch_at(&f.story, 0, 1600), begun + 600 / second, 1e-9);
    struct event back = {.kind = EVENT_REWIND, .branch = 1, .what = 0, .step = 400};
    ck_assert(history_begin(f.history, 1, &(struct forest_origin){.grown = true, .before = true, .step = 400}));
    struct event turn = knob_event(KNOB_BATCH, 5, 10, "batch 5 → 10", 1, 800);
    turn.branch = 1;
    story_take(&f.story, &back, "branch 2", 0);
    story_take(&f.story, &turn, "branch 2", 5);
    ck_assert_double_eq_tol(story_epoch_at(&f.story, 1, 800), 800 / first, 1e-9);
    ck_assert_double_eq_tol(story_epoch_at(&f.story, 1, 900), 800 / first + 100 / steps_an_epoch(lab.dataset[0], 10),
                            1e-9);
    turn.branch = 0; /* the first branch, again, in its second stage */
    turn.step = 1600;
    story_take(&f.story, &turn, "branch 1", 9);
    ck_assert_double_eq_tol(story_epoch_at(&f.story, 0, 1700) - story_epoch_at(&f.story, 0, 1600),
                            100 / steps_an_epoch(lab.dataset[1], 10), 1e-9);
}
END_TEST

/* What no event tells: a checkpoint from the second stage. */
START_TEST(epochs_follow_what_was_loaded)
{
    struct event load = {.kind = EVENT_LOAD, .branch = 1, .step = 900};
    story_take(&f.story, &load, "branch 2", 0);
    f.status.branch = 1;
    f.status.stage = 1;
    f.status.step = 900;
    f.status.epoch = 40;
    f.status.knobs.value[KNOB_BATCH] = 6;
    story_settle(&f.story, &f.status);
    ck_assert_double_eq_tol(story_epoch_at(&f.story, 1, 900), 40, 1e-9);
    ck_assert_double_eq_tol(story_epoch_at(&f.story, 1, 1000), 40 + 100 / steps_an_epoch(lab.dataset[1], 6), 1e-9);
}
END_TEST

START_TEST(bits_are_those_of_the_stage_under_the_crosshair)
{
    char bits[32];
    begin_second_stage(1000);
    f.dataset = lab.dataset[1];
    for (int i = 0; i < 2; i++) {
        f.settings.crosshair = true;
        f.settings.cursor = i == 0 ? 500 : 1500;
        const double loss = 0.69 + 0.5432 * f.settings.cursor / STEPS;
        snprintf(bits, sizeof bits, "%.2f bits/byte", loss / log(2) / corpus_bytes_per_token(lab.dataset[i]->corpus));
        draw(VIEW_CURVES, 160, 40);
        ck_assert_msg(shows(bits), "no %s", bits);
    }
    ck_assert_double_ne(corpus_bytes_per_token(lab.dataset[0]->corpus), corpus_bytes_per_token(lab.dataset[1]->corpus));
}
END_TEST

START_TEST(what_is_forgotten_has_a_line)
{
    draw(VIEW_CURVES, 120, 36);
    ck_assert(!shows("old data"));
    for (uint64_t step = 1000; step <= STEPS; step += 10)
        push(SERIES_OLD_LOSS, step, 0.4 + (double)step / 4000);
    draw(VIEW_CURVES, 120, 36);
    ck_assert(shows("old data 0.9"));
    ck_assert_uint_gt(cells_with(ROLE_RATE, false), 20);
    f.settings.hide_test = true;
    draw(VIEW_CURVES, 120, 36);
    ck_assert(!shows("old data"));
    ck_assert_uint_eq(cells_with(ROLE_RATE, false), 0);
}
END_TEST

START_TEST(hints_are_about_texts)
{
    const struct view_data data = view_data();
    for (uint64_t step = STEPS + 10; step <= STEPS + 50; step += 10) {
        push(SERIES_TRAIN_LOSS, step, 0.0321);
        push(SERIES_TEST_LOSS, step, 0.03);
    }
    f.status.step = STEPS + 50;
    f.settings.log_loss = true;
    ck_assert_ptr_nonnull(strstr(hint_now(&data).text, "own prompt"));
    f.stages = 2;
    struct view_data staged = view_data();
    ck_assert_str_eq(hint_keys(&staged), "G");
    f.settings.view = VIEW_PREDICTIONS;
    ck_assert_str_eq(hint_keys(&staged), "g i");
}
END_TEST

/* Made answers: of the held-out questions every third is right. */
static void answer_exam(void)
{
    struct picture_text *text = f.picture.text;
    const struct dataset *exam = text->asked.exam;
    ck_assert_ptr_eq(exam, lab.dataset[1]);
    ck_assert_uint_eq(text->answers, exam->rows - exam->train);
    text->answers_right = 0;
    for (size_t i = 0; i < text->answers; i++) {
        struct picture_answer *answer = &text->answer[i];
        size_t length;
        const char *response = corpus_response(exam->corpus, answer->row, &length);
        answer->right = i % 3 == 0;
        text->answers_right += answer->right;
        answer->length = length;
        memcpy(answer->text, response, length);
        if (!answer->right)
            memcpy(answer->text, "newt", answer->length = 4);
    }
}

START_TEST(an_exam_shows_what_is_wrong_first)
{
    char heading[64], more[64];
    f.stages = 2;
    f.palette.ascii = true;
    show(SHOW_EXAM, 120, 60);
    answer_exam();
    const struct picture_text *text = f.picture.text;
    const size_t answers = text->answers, right = text->answers_right;
    draw(VIEW_PREDICTIONS, 120, 60);
    snprintf(heading, sizeof heading, "%zu of %zu right", right, answers);
    ck_assert(shows(heading) && shows("question") && shows("the model's answer") && shows("wanted"));
    const int first_wrong = row_of("\n x "), first_right = row_of("\n + ");
    ck_assert_int_gt(first_wrong, 0);
    ck_assert_int_eq(first_right, first_wrong + (int)(answers - right));
    ck_assert(!shows(" more, "));
    draw(VIEW_PREDICTIONS, 80, 16);
    ck_assert(row_of("\n x ") > 0 && row_of("\n + ") < 0);
    ck_assert(!shows("wanted"));
    snprintf(more, sizeof more, " more, %zu of them right", right);
    ck_assert(shows(heading) && shows(more));
}
END_TEST

START_TEST(a_hidden_exam_is_not_given_away)
{
    f.stages = 2;
    show(SHOW_EXAM, 120, 36);
    answer_exam();
    draw(VIEW_PREDICTIONS, 120, 36);
    ck_assert(shows("newt"));
    f.settings.hide_test = true;
    draw(VIEW_PREDICTIONS, 120, 36);
    ck_assert(!shows("newt") && !shows(" right") && shows("test data hidden"));
}
END_TEST

/* The keys are those of what is shown, unless there is something to be rescued. */
START_TEST(keys_follow_the_picture)
{
    f.settings.view = VIEW_PREDICTIONS;
    const struct view_data data = view_data();
    ck_assert_int_eq(view_keys(&data), KEYS_GENERAL);
    f.settings.language.picture = SHOW_ATTENTION;
    ck_assert_int_eq(view_keys(&data), KEYS_ATTENTION);
    f.settings.language.picture = SHOW_PASSAGE;
    ck_assert_int_eq(view_keys(&data), KEYS_PASSAGE);
    f.status.state = SESSION_DIVERGED;
    ck_assert_int_eq(view_keys(&data), KEYS_GENERAL);
    f.status.state = SESSION_RUNNING;
    f.settings.view = VIEW_CURVES;
    ck_assert_int_eq(view_keys(&data), KEYS_GENERAL);
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("view_text");
    TCase *cases = tcase_create("view_text");
    tcase_add_checked_fixture(cases, begin, end);
    tcase_set_timeout(cases, 120);
    tcase_add_test(cases, every_size_and_picture_can_be_drawn);
    tcase_add_test(cases, the_prompt_and_what_may_follow_are_always_there);
    tcase_add_test(cases, the_right_token_is_marked_wherever_it_stands);
    tcase_add_test(cases, older_ones_stand_below_newest_first);
    tcase_add_test(cases, the_arithmetic_can_be_checked_by_hand);
    tcase_add_test(cases, attention_is_about_the_chosen_head);
    tcase_add_test(cases, attention_has_a_row_for_each_token_that_looks);
    tcase_add_test(cases, a_model_without_attention_says_so);
    tcase_add_test(cases, a_passage_names_what_surprised_most);
    tcase_add_test(cases, a_passage_is_told_in_nats);
    tcase_add_test(cases, the_loss_is_told_as_perplexity_and_bits);
    tcase_add_test(cases, the_title_counts_tokens_or_pairs);
    tcase_add_test(cases, knobs_that_a_text_refuses_are_not_offered);
    tcase_add_test(cases, stages_are_bands_with_names);
    tcase_add_test(cases, an_epoch_is_one_of_its_stage);
    tcase_add_test(cases, epochs_follow_what_was_loaded);
    tcase_add_test(cases, bits_are_those_of_the_stage_under_the_crosshair);
    tcase_add_test(cases, what_is_forgotten_has_a_line);
    tcase_add_test(cases, hints_are_about_texts);
    tcase_add_test(cases, an_exam_shows_what_is_wrong_first);
    tcase_add_test(cases, a_hidden_exam_is_not_given_away);
    tcase_add_test(cases, keys_follow_the_picture);
    suite_add_tcase(suite, cases);
    return suite;
}
