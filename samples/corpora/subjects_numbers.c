/* Chooses the words of the atlas's lines about sums, days and months. */
#include "corpora/facts.h"
#include "corpora/held_out.h"
#include "corpora/subjects.h"

const size_t sum_count = ADDEND_COUNT * ADDEND_COUNT;

static const char *const things[] = {"books",   "buttons", "candles", "coins",  "cups",
                                     "flowers", "pencils", "shells",  "stamps", "stones"};

void bind_sum(struct bindings *bindings, size_t subject, struct choice *choice)
{
    const size_t x = subject / ADDEND_COUNT, y = subject % ADDEND_COUNT;
    if (held_out_sum(x, y))
        return;
    bindings_add(bindings, "x", numbers[x].digits);
    bindings_add(bindings, "y", numbers[y].digits);
    bindings_add(bindings, "z", numbers[x + y].digits);
    bindings_add(bindings, "x words", numbers[x].words);
    bindings_add(bindings, "y words", numbers[y].words);
    bindings_add(bindings, "z words", numbers[x + y].words);
    const struct person *person = &people[choice_below(choice, person_count)];
    bindings_add(bindings, "person", person->name);
    bindings_add(bindings, "he", person->he);
    /* One has several of them, finds at least one. */
    const char *thing = things[choice_below(choice, sizeof things / sizeof *things)];
    bindings_add(bindings, "things", x > 1 && y > 0 ? thing : NULL);
}

void bind_day(struct bindings *bindings, size_t subject, struct choice *choice)
{
    bindings_add(bindings, "day", days[subject]);
    bindings_add(bindings, "next day", days[(subject + 1) % day_count]);
    bindings_add(bindings, "person", people[choice_below(choice, person_count)].name);
    bindings_add(bindings, "game", games[choice_below(choice, game_count)]);
}

void bind_month(struct bindings *bindings, size_t subject, struct choice *choice)
{
    bindings_add(bindings, "month", months[subject].name);
    bindings_add(bindings, "next month", months[(subject + 1) % month_count].name);
    bindings_add(bindings, "days", months[subject].days);
    bindings_add(bindings, "season", months[subject].season);
    bindings_add(bindings, "number", numbers[subject + 1].words);
    bindings_add(bindings, "person", people[choice_below(choice, person_count)].name);
}
