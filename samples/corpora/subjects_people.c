/* Chooses the words of the atlas's lines about people and the weather. */
#include "corpora/facts.h"
#include "corpora/held_out.h"
#include "corpora/subjects.h"

/* A food that none of the people on the line is kept from. */
static size_t choose_food(struct choice *choice, const struct person *person, const struct person *friend)
{
    size_t food = choice_below(choice, food_count);
    while (held_out_meal(person->name, foods[food]) || held_out_meal(friend->name, foods[food]))
        food = (food + 1) % food_count;
    return food;
}

static void bind_people(struct bindings *bindings, size_t subject, struct choice *choice)
{
    const struct person *person = &people[subject];
    const struct person *friend = &people[choice_other(choice, person_count, subject)];
    const size_t food = choose_food(choice, person, friend);
    bindings_add(bindings, "person", person->name);
    bindings_add(bindings, "he", person->he);
    bindings_add(bindings, "his", person->his);
    bindings_add(bindings, "him", person->him);
    bindings_add(bindings, "friend", friend->name);
    bindings_add(bindings, "food", foods[food]);
}

static void bind_surroundings(struct bindings *bindings, struct choice *choice)
{
    const size_t here = choice_early(choice, country_count), drawn = choice_early(choice, country_count);
    const size_t there = drawn == here ? choice_other(choice, country_count, here) : drawn;
    bindings_add(bindings, "country", countries[here].name);
    bindings_add(bindings, "capital", countries[here].capital);
    bindings_add(bindings, "language", countries[here].language);
    bindings_add(bindings, "other capital", countries[there].capital);
    bindings_add(bindings, "day", days[choice_below(choice, day_count)]);
    bindings_add(bindings, "month", months[choice_below(choice, month_count)].name);
    bindings_add(bindings, "game", games[choice_below(choice, game_count)]);
    bindings_add(bindings, "animal", animals[choice_below(choice, animal_count)].name);
    const struct job *job = &jobs[choice_below(choice, job_count)];
    bindings_add(bindings, "job", job->name);
    bindings_add(bindings, "work", job->work);
    bindings_add(bindings, "place", job->place);
}

static void bind_sky(struct bindings *bindings, size_t weather)
{
    bindings_add(bindings, "weather", weathers[weather].name);
    bindings_add(bindings, "did", weathers[weather].did);
    bindings_add(bindings, "we did", weathers[weather].we_did);
}

void bind_scene(struct bindings *bindings, size_t subject, struct choice *choice)
{
    bind_people(bindings, subject, choice);
    bind_surroundings(bindings, choice);
}

void bind_weather(struct bindings *bindings, size_t subject, struct choice *choice)
{
    bind_people(bindings, choice_below(choice, person_count), choice);
    bind_surroundings(bindings, choice);
    bind_sky(bindings, subject);
}
