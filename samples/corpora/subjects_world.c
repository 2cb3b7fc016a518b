/* Chooses the words of the atlas's lines about countries and animals. */
#include "corpora/facts.h"
#include "corpora/subjects.h"

void bind_country(struct bindings *bindings, size_t subject, struct choice *choice)
{
    const struct country *country = &countries[subject];
    bindings_add(bindings, "country", country->name);
    bindings_add(bindings, "capital", country->capital);
    bindings_add(bindings, "continent", country->continent);
    bindings_add(bindings, "language", country->language);
    bindings_add(bindings, "currency", country->currency);
    bindings_add(bindings, "river", country->river);
    bindings_add(bindings, "neighbour", country->neighbour);
    bindings_add(bindings, "person", people[choice_below(choice, person_count)].name);
}

void bind_animal(struct bindings *bindings, size_t subject, struct choice *choice)
{
    const struct animal *animal = &animals[subject];
    bindings_add(bindings, "animal", animal->name);
    bindings_add(bindings, "class", animal->class);
    bindings_add(bindings, "food", animal->food);
    bindings_add(bindings, "home", animal->home);
    bindings_add(bindings, "legs", animal->legs);
    bindings_add(bindings, "colour", animal->colour);
    bindings_add(bindings, "moves", animal->moves);
    bindings_add(bindings, "person", people[choice_below(choice, person_count)].name);
}
