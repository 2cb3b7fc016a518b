/* Branches on the screen: ghosts, the scrubber, the tree, two beside each other, the way back from a divergence. */
#include <stdio.h>

#include "nn/optimizer.h"
#include "nn/schedule.h"
#include "suite.h"
#include "support/drawn.h"
#include "ui/lineage.h"
#include "ui/recovery.h"
#include "ui/views/tree.h"

#define BRANCHES 4

static struct session_branch branch[BRANCHES];
static const struct session_branch *branches[BRANCHES];

static void push_on(uint16_t number, uint64_t from, uint64_t to, double train, double test)
{
    for (uint64_t step = from; step <= to; step += 10) {
        struct bucket bucket = bucket_of(SERIES_TRAIN_LOSS, number, step, (float)train);
        ck_assert(history_push(f.history, &bucket));
        bucket = bucket_of(SERIES_TEST_LOSS, number, step, (float)test);
        ck_assert(history_push(f.history, &bucket));
    }
}

static bool grow(uint16_t number, uint16_t parent, uint64_t step, bool before)
{
    return history_begin(f.history, number,
                         &(struct forest_origin){.grown = true, .before = before, .parent = parent, .step = step});
}

/* 1 exploded at 1,000; 2 went back to 990 and is the present; 3 grew out of 2 at 1,500; 4 is another start. */
static void grow_branches(void)
{
    branch[0] = (struct session_branch){.last = 2000, .reason = EVENT_START, .name = "1"};
    branch[1] = (struct session_branch){.last = 1800, .reason = EVENT_REWIND, .name = "2"};
    branch[2] = (struct session_branch){.last = 1900, .reason = EVENT_FORK, .name = "small rate"};
    branch[3] = (struct session_branch){.last = 600, .reason = EVENT_SEED, .name = "4"};
    for (size_t i = 0; i < BRANCHES; i++) {
        branches[i] = &branch[i];
        knobs_default(&branch[i].knobs);
    }
    branch[2].knobs.value[KNOB_LR] = 0.05;
    ck_assert(grow(1, 0, 990, true) && grow(2, 1, 1500, false));
    push_on(1, 1000, 1800, 0.25, 0.45);
    push_on(2, 1510, 1900, 0.2, 0.4);
    push_on(3, 0, 600, 0.5, 0.55);
    f.status.branch = 1;
    f.status.step = 1800;
    f.status.ghost = 0;
    f.branches = (struct branch_list){branches, BRANCHES, history_forest(f.history)};
    struct event turn = knob_event(KNOB_LR, 0.2, 5, "lr 0.2 → 5", 1, 990);
    story_take(&f.story, &turn, "branch 1", 1);
    const struct event rewind = {.kind = EVENT_REWIND, .branch = 1, .what = 0, .step = 990};
    story_take(&f.story, &rewind, "branch 1", 5);
}

START_TEST(the_past_is_shared_and_what_was_undone_is_not)
{
    grow_branches();
    ck_assert(forest_happened(f.branches.forest, 1, 0, 980) && forest_happened(f.branches.forest, 2, 0, 980));
    ck_assert(!forest_happened(f.branches.forest, 1, 0, 990)); /* a rewind goes back before the knobs of its step */
    ck_assert(forest_happened(f.branches.forest, 0, 0, 990) && forest_happened(f.branches.forest, 1, 1, 990));
    ck_assert(forest_happened(f.branches.forest, 2, 1, 1500)); /* a fork does not */
    ck_assert(!forest_happened(f.branches.forest, 2, 1, 1510) && !forest_happened(f.branches.forest, 3, 0, 10));
    ck_assert_double_eq(forest_parting(f.branches.forest, 0, 2), 990);
    ck_assert_double_eq(forest_parting(f.branches.forest, 2, 0), 1500);
    ck_assert_double_eq(forest_split(f.branches.forest, 2, 0), 990); /* 3 and 2 before it */
    ck_assert_double_eq(forest_split(f.branches.forest, 0, 2), 990);
    ck_assert_double_eq(forest_split(f.branches.forest, 3, 1), 0);
    ck_assert_int_eq(lineage_find(&f.branches, "Small Rate"), 2);
    ck_assert_int_eq(lineage_find(&f.branches, "branch 4"), 3);
    ck_assert_int_eq(lineage_find(&f.branches, "5"), -1);
    ck_assert_uint_eq(lineage_neighbour(&f.branches, 1, 1700, 1), 2);
    ck_assert_uint_eq(lineage_neighbour(&f.branches, 1, 1700, -1), 0);
    ck_assert_uint_eq(lineage_neighbour(&f.branches, 0, 900, 1), 0); /* 2 and 3 were not there yet, 4 had ended */
}
END_TEST

START_TEST(the_tree_goes_from_parents_to_children)
{
    struct lineage_row row[8];
    grow_branches();
    ck_assert_uint_eq(lineage_rows(&f.branches, row, 8), 4);
    static const uint16_t order[] = {0, 1, 2, 3};
    static const unsigned depth[] = {0, 1, 2, 0};
    for (size_t i = 0; i < 4; i++)
        ck_assert(row[i].branch == order[i] && row[i].depth == depth[i]);
    branch[1].deleted = true;
    ck_assert_uint_eq(lineage_rows(&f.branches, row, 8), 3);
    ck_assert(row[1].branch == 2 && row[1].depth == 1); /* hangs on what is left */
    ck_assert_int_eq(lineage_find(&f.branches, "2"), -1);
    branch[2].deleted = true;
    ck_assert_int_eq(lineage_find(&f.branches, "small rate"), -1);
    ck_assert_uint_eq(lineage_rows(&f.branches, row, 2), 2);
}
END_TEST

START_TEST(ghosts_stand_behind_with_their_names)
{
    grow_branches();
    draw(0, 120, 36);
    ck_assert(shows("branch 1") && shows("small rate") && shows("branch 4"));
    ck_assert(!shows("lr 0.2 ~ 5")); /* undone: no marker of this past */
    ck_assert(shows("back here"));
    ck_assert_uint_gt(cells_with(ROLE_GHOST, false), 20);
    branch[2].hidden = true;
    branch[3].deleted = true;
    draw(0, 120, 36);
    ck_assert(shows("branch 1") && !shows("small rate") && !shows("branch 4"));
}
END_TEST

START_TEST(the_rival_has_its_own_colour)
{
    grow_branches();
    draw(0, 120, 36);
    ck_assert_uint_eq(cells_with(ROLE_RIVAL, false), 0);
    f.status.rival = 2;
    draw(0, 120, 36);
    ck_assert_uint_gt(cells_with(ROLE_RIVAL, false), 10);
    ck_assert(shows("small rate"));
}
END_TEST

START_TEST(the_scrubber_shows_what_was)
{
    grow_branches();
    f.settings.scrubber = f.settings.crosshair = true;
    f.settings.cursor_branch = 0;
    f.settings.cursor = 1000;
    f.status.shown = (struct session_shown){.scrubbing = true, .branch = 0, .step = 1000, .knobs = f.status.knobs};
    f.status.shown.knobs.value[KNOB_LR] = 0.125;
    f.picture.step = 840;
    f.story.message[0] = 0;
    draw(0, 120, 36);
    ck_assert(shows("looking back") && shows("step 1,000"));
    ck_assert(shows("step 1,000 of branch 1 ~ Enter goes there"));
    ck_assert(shows("nearest snapshot, step 840"));
    ck_assert(shows("0.125"));       /* the knob of that step */
    ck_assert(shows("train 0.361")); /* and its loss */
    ck_assert(shows("lr 0.2 ~ 5"));  /* on this branch it happened */
    f.status.shown.exact = true;
    f.picture.step = 1000;
    draw(0, 120, 36);
    ck_assert(!shows("nearest") && shows("at step 1,000"));
    f.settings.cursor = 990; /* where it was turned: what was before */
    draw(0, 80, 24);
    ck_assert(shows("step 990 of branch 1 ~ before lr 0.2 ~ 5 ~ Enter goes there"));
}
END_TEST

START_TEST(a_long_walk_shows_how_far_it_is)
{
    f.status.walked = 0.43;
    f.settings.walk_to = 120000;
    f.status.steps_per_second = 123;
    draw(0, 120, 36);
    ck_assert(shows("walking to step 120,000: 43 %"));
    ck_assert(shows("Esc gives up"));
    ck_assert(shows("walking ~ step 2,000") && !shows("123/s")); /* no step of the run is taken */
    story_say(&f.story, "Not while walking: Esc gives up.");
    draw(0, 80, 24);
    ck_assert(shows("walking to step 120,000: 43 %  Not while walking: Esc gives up."));
}
END_TEST

START_TEST(a_twin_that_takes_long_shows_how_far_it_is)
{
    f.status.caught_up = 0.43;
    f.status.steps_per_second = 123;
    const struct event event = {.kind = EVENT_TWIN, .branch = 1, .to = 1200, .label = "lr=0.1"};
    story_take(&f.story, &event, "lr=0.1", 1);
    draw(0, 80, 24);
    ck_assert(shows("the twin catches up: 43 %") && shows("Esc gives up") && !shows("A twin with"));
    ck_assert(shows("123/s") || shows("step 2,000")); /* the run goes on */
    story_say(&f.story, "What came after.");
    draw(0, 80, 24);
    ck_assert(shows("What came after.") && !shows("catches up"));
}
END_TEST

/* Its message stays while it is brought to the same step, and after it was given up. */
START_TEST(a_twin_is_announced_in_words_that_stay_true)
{
    struct event event = {.kind = EVENT_TWIN, .branch = 1, .to = 1200, .label = "lr=0.1 hidden=4"};
    story_take(&f.story, &event, "lr=0.1 hidden=4", 1);
    ck_assert_str_eq(f.story.message, "A twin with lr=0.1 hidden=4 takes the same steps, up to step 1,200.");
    event = (struct event){.kind = EVENT_TWIN, .branch = 2, .to = 1200, .label = "scratch"};
    story_take(&f.story, &event, "scratch", 1);
    ck_assert_str_eq(f.story.message, "A twin from scratch takes the same steps, up to step 1,200.");
    event = (struct event){.kind = EVENT_ARRIVED, .branch = 2, .step = 1200, .label = "there"};
    story_take(&f.story, &event, "scratch", 1);
    ck_assert_str_eq(f.story.message, "The twin is there: scratch, at step 1,200.");
    event = (struct event){.kind = EVENT_PAUSE, .step = 1200, .label = "given up, paused"};
    story_take(&f.story, &event, "branch 1", 1);
    ck_assert_str_eq(f.story.message, "Given up, paused at step 1,200.");
    event = (struct event){.kind = EVENT_RACE, .what = 1, .to = 1, .label = "race"};
    story_take(&f.story, &event, "branch 2", 1);
    ck_assert_str_eq(f.story.message, "branch 2 takes the same steps from here on: space starts the race.");
    event.from = 1;
    story_take(&f.story, &event, "branch 2", 1);
    ck_assert_str_eq(f.story.message, "The race is on: branch 2 takes the same steps.");
}
END_TEST

START_TEST(what_a_branch_has_to_itself_is_drawn)
{
    grow_branches();
    branch[2].last = forest_origin(f.branches.forest, 2)->step; /* left where it began */
    draw(0, 120, 36);
    ck_assert(shows("branch 1") && !shows("small rate"));
    f.status.branch = 2;
    f.settings.branch = 1;
    f.status.step = branch[2].last = 1900;
    branch[1].last = 1500; /* wholly a part of the present one's past */
    draw(view_by_number(5), 120, 36);
    ck_assert_uint_gt(cells_with(ROLE_KEY, false), 40);
}
END_TEST

START_TEST(rows_of_the_tree_are_found_by_the_mouse)
{
    grow_branches();
    const struct view_data data = view_data();
    const struct box body = layout_frame(120, 36).body;
    const struct box tree = view_branches_tree(&data, body);
    ck_assert_int_eq(tree_at(&data, tree, tree.y), -1); /* the heading */
    ck_assert_int_eq(tree_at(&data, tree, tree.y + 1), 0);
    ck_assert_int_eq(tree_at(&data, tree, tree.y + 4), 3);
    ck_assert_int_eq(tree_at(&data, tree, tree.y + 5), -1); /* the chart */
    f.comparison.open = true;
    ck_assert_int_eq(view_branches_tree(&data, body).width, 0);
}
END_TEST

static bool point_to(uint16_t number, uint64_t end, uint64_t *step)
{
    return recovery_point(f.history, number, (struct recovery_span){.end = end}, step);
}

START_TEST(the_last_good_point_is_found)
{
    uint64_t step;
    ck_assert(point_to(0, STEPS, &step));
    ck_assert_uint_eq(step, STEPS);           /* it fell to the end */
    push(SERIES_TRAIN_LOSS, STEPS + 10, 0.1); /* 1.5 min T + .1 L0 = 0.117 */
    push(SERIES_TRAIN_LOSS, STEPS + 20, 0.13);
    push(SERIES_TRAIN_LOSS, STEPS + 30, 9);
    ck_assert(point_to(0, STEPS + 35, &step));
    ck_assert_uint_eq(step, STEPS + 10);
    ck_assert(!point_to(7, STEPS, &step));
    /* A stage's own loss counts in it: 13 is the least and the first from here on. */
    push(SERIES_TRAIN_LOSS, STEPS + 40, 13);
    ck_assert(recovery_point(f.history, 0, (struct recovery_span){STEPS + 40, STEPS + 45}, &step));
    ck_assert_uint_eq(step, STEPS + 40);
}
END_TEST

/* Of a long run a part that is looked at holds good and bad evaluations. */
START_TEST(the_last_good_point_of_a_long_run_is_found)
{
    for (uint64_t bad = 19930; bad < 20000; bad += 10) {
        uint64_t step;
        history_free(f.history);
        f.history = history_create();
        for (uint64_t at = 0; at <= 20000; at += 10)
            push(SERIES_TRAIN_LOSS, at, at == 0 ? 0.7 : at < bad ? 0.03 : 9);
        ck_assert(point_to(0, 20005, &step));
        ck_assert_uint_eq(step, bad - 10);
    }
}
END_TEST

/* The loss is no longer a number at this step, with this rate on the knob. */
static void diverge(uint64_t step, double rate)
{
    f.status.step = step;
    f.status.state = SESSION_DIVERGED;
    f.status.knobs.value[KNOB_LR] = rate;
    const struct event event = {.kind = EVENT_DIVERGED, .step = step};
    story_take(&f.story, &event, "branch 1", 60);
}

static void assert_plan(uint64_t step, double rate)
{
    struct recovery recovery;
    const struct view_data data = view_data();
    ck_assert(recovery_plan(&data, &recovery));
    ck_assert_uint_eq(recovery.step, step);
    ck_assert_double_eq_tol(recovery.rate, rate, 1e-12);
}

START_TEST(a_divergence_says_the_way_back)
{
    const struct event event = knob_event(KNOB_LR, 0.2, 5, "lr 0.2 → 5", 1, STEPS);
    story_take(&f.story, &event, "branch 1", 1);
    push(SERIES_TRAIN_LOSS, STEPS + 10, 9);
    diverge(STEPS + 12, 5);
    assert_plan(STEPS, 0.1); /* half of what had worked */
    draw(0, 120, 36);
    ck_assert(shows("Enter: back to step 2,000, rate 0.1"));
    f.story.markers = 0; /* always been so high: half of it */
    assert_plan(STEPS, 2.5);
}
END_TEST

/* The loss may still look good for a while: a rate has not worked before it did so for a hundred steps.  The token tells
 * a person's change from one by --at. */
START_TEST(a_rate_that_failed_is_not_offered)
{
    for (uint32_t token = 0; token < 2; token++) {
        const struct event event = knob_event(KNOB_LR, 0.2, 50, "lr 0.2 → 50", token, STEPS + 5);
        story_take(&f.story, &event, "branch 1", 1 + 10 * token);
        push(SERIES_TRAIN_LOSS, STEPS + 6, 0.05);
        diverge(STEPS + 8, 50);
        assert_plan(STEPS + 5, 0.1);
    }
    /* After a hundred good steps it has worked. */
    push(SERIES_TRAIN_LOSS, STEPS + 110, 0.05);
    diverge(STEPS + 112, 50);
    assert_plan(STEPS + 110, 25);
}
END_TEST

START_TEST(several_changes_that_failed_are_undone_together)
{
    struct event event = knob_event(KNOB_LR, 0.2, 5, "lr 0.2 → 5", 0, STEPS);
    story_take(&f.story, &event, "branch 1", 1);
    push(SERIES_TRAIN_LOSS, STEPS + 2, 0.05);
    event = knob_event(KNOB_LR, 5, 20, "lr 5 → 20", 0, STEPS + 2);
    story_take(&f.story, &event, "branch 1", 2);
    push(SERIES_TRAIN_LOSS, STEPS + 4, 0.05);
    event = knob_event(KNOB_LR, 20, 0.1, "lr 20 → 0.1", 0, STEPS + 4); /* too late */
    story_take(&f.story, &event, "branch 1", 3);
    diverge(STEPS + 9, 0.1);
    assert_plan(STEPS, 0.05);
}
END_TEST

/* The optimiser before has its own rate, which an event of the optimiser does not tell. */
START_TEST(an_optimiser_that_failed_is_undone_with_its_rate)
{
    f.story.knobs.value[KNOB_LR] = 0.01;
    const struct event event = knob_event(KNOB_OPTIMIZER, OPTIMIZER_ADAM, OPTIMIZER_SGD, "adam 0.01 → sgd 5", 0, STEPS);
    story_take(&f.story, &event, "branch 1", 1);
    push(SERIES_TRAIN_LOSS, STEPS + 1, 0.05);
    diverge(STEPS + 3, 5);
    assert_plan(STEPS, 0.005);
}
END_TEST

/* Nor does the small rate of the one that failed bound that of the one before. */
START_TEST(an_optimiser_of_a_large_rate_comes_back_with_it)
{
    f.story.knobs.value[KNOB_LR] = 1;
    const struct event event = knob_event(KNOB_OPTIMIZER, OPTIMIZER_SGD, OPTIMIZER_ADAM, "sgd 1 → adam 0.01", 0, STEPS);
    story_take(&f.story, &event, "branch 1", 1);
    push(SERIES_TRAIN_LOSS, STEPS + 1, 0.05);
    diverge(STEPS + 3, 0.01);
    assert_plan(STEPS, 0.5);
}
END_TEST

/* A schedule that is chosen begins at its full rate; the knob stays. */
START_TEST(a_schedule_that_failed_is_undone)
{
    f.story.knobs.value[KNOB_LR] = 2;
    const struct event event =
        knob_event(KNOB_SCHEDULE, SCHEDULE_COSINE, SCHEDULE_CONSTANT, "schedule cosine → constant", 0, STEPS);
    story_take(&f.story, &event, "branch 1", 1);
    push(SERIES_TRAIN_LOSS, STEPS + 1, 0.05);
    diverge(STEPS + 3, 2);
    assert_plan(STEPS, 1);
}
END_TEST

START_TEST(a_warmup_that_was_cut_is_undone)
{
    f.story.knobs.value[KNOB_LR] = 2;
    const struct event event = knob_event(KNOB_WARMUP, 5000, 0, "warmup 5,000 → 0", 0, STEPS);
    story_take(&f.story, &event, "branch 1", 1);
    push(SERIES_TRAIN_LOSS, STEPS + 1, 0.05);
    diverge(STEPS + 3, 2);
    assert_plan(STEPS, 1);
}
END_TEST

START_TEST(the_tree_names_changes_and_losses)
{
    grow_branches();
    struct event turn = knob_event(KNOB_LR, 0.2, 0.05, "lr 0.2 → 0.05", 9, 1500);
    turn.branch = 2;
    story_take(&f.story, &turn, "branch 1", 20);
    f.status.rival = 3;
    static const int size[][2] = {{80, 24}, {120, 36}, {200, 60}};
    for (size_t i = 0; i < 3; i++) {
        f.settings.branch = 2;
        draw(view_by_number(5), size[i][0], size[i][1]);
        ck_assert(shows("branch 1") && shows("branch 2") && shows("small rate") && shows("branch 4"));
        ck_assert(shows("lr 0.2 ~ 0.05") && shows("1,500 ~ 1,900") && shows("0.4"));
        ck_assert(shows("present") && shows("racing"));
        ck_assert_uint_gt(cells_with(ROLE_SELECTED, true), 40);
    }
    draw(view_by_number(5), 60, 20);
    ck_assert(shows("lr 0.2 ~ 0.05") && !shows("1,500 ~ 1,900")); /* what says more than when */
    draw(view_by_number(5), 40, 12);
    ck_assert(shows("small rate"));
}
END_TEST

START_TEST(the_tree_keeps_the_selected_branch_in_sight)
{
    static struct session_branch many[60];
    static const struct session_branch *list[60];
    for (size_t i = 0; i < 60; i++) {
        many[i] = (struct session_branch){.last = 10 * i + 400, .reason = EVENT_REWIND};
        ck_assert(i == 0 || grow((uint16_t)i, (uint16_t)(i - 1), 10 * i, true));
        snprintf(many[i].name, sizeof many[i].name, "try-%zu", i);
        list[i] = &many[i];
    }
    f.branches = (struct branch_list){list, 60, history_forest(f.history)};
    for (uint16_t selected = 0; selected < 60; selected++) {
        f.settings.branch = selected;
        draw(view_by_number(5), 80, 24);
        char name[16];
        snprintf(name, sizeof name, "try-%u", selected);
        ck_assert_msg(shows(name), "%s", text_of_grid());
        ck_assert_uint_gt(cells_with(ROLE_SELECTED, true), 40);
    }
    for (unsigned i = 1; i < 60; i++)
        push_on((uint16_t)i, 10ul * i, 10ul * i + 400, 0.3, 0.5);
    draw(0, 120, 36); /* a wall of ghosts has few names: those that hide no curve */
    ck_assert(shows("try-59") && !shows("try-40"));
}
END_TEST

START_TEST(two_branches_stand_beside_each_other)
{
    grow_branches();
    struct picture *picture = f.comparison.picture;
    f.comparison =
        (struct comparison){.open = true, .branch = {1, 2}, .step = {1800, 1900}, .picture = {f.picture, f.picture}};
    f.settings.branch = 2;
    static const int size[][2] = {{80, 24}, {120, 36}, {200, 60}};
    for (size_t i = 0; i < 3; i++) {
        struct picture_request request;
        draw(view_by_number(5), size[i][0], size[i][1]);
        ck_assert(shows("branch 2 at step 1,800") && shows("small rate at step 1,900"));
        ck_assert(shows("0.05")); /* the rate, which differs */
        const struct view_data data = view_data();
        const struct frame_layout frame = layout_frame(size[i][0], size[i][1]);
        ck_assert(view_wants_branches(&data, frame.body, &request) && request.width > 20);
    }
    picture[1] = (struct picture){.step = 0}; /* still being made */
    draw(view_by_number(5), 120, 36);
    ck_assert(shows("step 1,900 ~"));
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("branches");
    TCase *test = tcase_create("branches");
    tcase_add_checked_fixture(test, set_up, tear_down);
    tcase_add_test(test, the_past_is_shared_and_what_was_undone_is_not);
    tcase_add_test(test, the_tree_goes_from_parents_to_children);
    tcase_add_test(test, ghosts_stand_behind_with_their_names);
    tcase_add_test(test, the_rival_has_its_own_colour);
    tcase_add_test(test, the_scrubber_shows_what_was);
    tcase_add_test(test, a_long_walk_shows_how_far_it_is);
    tcase_add_test(test, a_twin_that_takes_long_shows_how_far_it_is);
    tcase_add_test(test, a_twin_is_announced_in_words_that_stay_true);
    tcase_add_test(test, what_a_branch_has_to_itself_is_drawn);
    tcase_add_test(test, rows_of_the_tree_are_found_by_the_mouse);
    tcase_add_test(test, the_last_good_point_is_found);
    tcase_add_test(test, the_last_good_point_of_a_long_run_is_found);
    tcase_add_test(test, a_divergence_says_the_way_back);
    tcase_add_test(test, a_rate_that_failed_is_not_offered);
    tcase_add_test(test, several_changes_that_failed_are_undone_together);
    tcase_add_test(test, an_optimiser_that_failed_is_undone_with_its_rate);
    tcase_add_test(test, an_optimiser_of_a_large_rate_comes_back_with_it);
    tcase_add_test(test, a_schedule_that_failed_is_undone);
    tcase_add_test(test, a_warmup_that_was_cut_is_undone);
    tcase_add_test(test, the_tree_names_changes_and_losses);
    tcase_add_test(test, the_tree_keeps_the_selected_branch_in_sight);
    tcase_add_test(test, two_branches_stand_beside_each_other);
    suite_add_tcase(suite, test);
    return suite;
}
