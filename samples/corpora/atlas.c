/* The broad corpus. */
#include "corpora/corpus.h"
#include "corpora/facts.h"
#include "corpora/subjects.h"

static const char *const capital[] = {"The capital of {country} is {capital}.", NULL};

static const char *const country[] = {
    "{Capital} is the capital of {country}.",
    "{Country} is in {continent}.",
    "You find {country} in {continent}.",
    "{Country} is a country in {continent}. Its capital is {capital}.",
    "{Country} is in {continent}, and its capital is {capital}.",
    "The capital of {country} is {capital}, and the people there speak {language}.",
    "The capital of {country} is {capital}. It lies on the {river}.",
    "{Capital} is the capital of {country} and lies on the {river}.",
    "The {river} flows through {capital}, the capital of {country}.",
    "The {river} flows through {capital}.",
    "{Capital} lies on the {river}.",
    "The city of {capital} is in {country}.",
    "The city of {capital} lies on the {river}.",
    "The government of {country} sits in {capital}.",
    "{Country} lies next to {neighbour}.",
    "{Country} and {neighbour} are neighbours.",
    "People in {country} speak {language}.",
    "{Language} is spoken in {country}.",
    "{Country} is in {continent}. People there speak {language} and pay with the {currency}.",
    "People in {country} pay with the {currency}.",
    "In {capital} people pay with the {currency}, as everywhere in {country}.",
    "The money of {country} is the {currency}.",
    NULL,
};

static const char *const country_page[] = {
    "{Person} reads about {country}. {fact} {other fact}",
    "A page about {country}:\n{fact}\n{other fact}\n{third fact}",
    NULL,
};

static const char *const country_facts[] = {
    "The capital of {country} is {capital}.", "You find {country} in {continent}.",
    "The city of {capital} is in {country}.", "The city of {capital} lies on the {river}.",
    "People in {country} speak {language}.",  "People in {country} pay with the {currency}.",
    "{Capital} is the capital of {country}.", "{Country} lies next to {neighbour}.",
    "The {river} flows through {capital}.",   NULL,
};

static const char *const city_page[] = {
    "{Person} lives in {capital}. {fact}",
    "{Person} would like to see {capital}. {fact}",
    "A page about {capital}:\n{fact}\n{other fact}",
    NULL,
};

static const char *const city_facts[] = {
    "The city of {capital} is in {country}.",
    "{Capital} is the capital of {country}.",
    "The city of {capital} lies on the {river}.",
    "In {capital} people pay with the {currency}.",
    NULL,
};

static const char *const animal[] = {
    "{A animal} is {a class}.",
    "{A animal} eats {food}.",
    "{A animal} lives {home}.",
    "{A animal} has {legs} legs.",
    "The {animal} is {a class} that lives {home}.",
    "The {animal} is {colour}. It {moves} and eats {food}.",
    "{A animal} lives {home} and eats {food}.",
    "{A animal} has {legs} legs and {moves}.",
    "The children saw {a animal} {home}. It was {colour}.",
    "Look, there is {a animal} {home}! It eats {food}.",
    NULL,
};

static const char *const animal_page[] = {
    "{Person} reads about the {animal}. {fact} {other fact}",
    "A page about the {animal}:\n{fact}\n{other fact}\n{third fact}",
    NULL,
};

static const char *const animal_facts[] = {
    "{A animal} is {a class}.",
    "{A animal} eats {food}.",
    "{A animal} lives {home}.",
    "{A animal} has {legs} legs.",
    NULL,
};

static const char *const sum[] = {
    "{x} + {y} = {z}.",
    "{x} + {y} = {z} and {y} + {x} = {z}.",
    "The sum of {x} and {y} is {z}.",
    "{Person} adds {x} and {y}. The sum of {x} and {y} is {z}.",
    "{z} - {y} = {x}.",
    "{X words} plus {y words} is {z words}.",
    "{Person} had {x words} {things} and found {y words} more. Now {person} has {z words} {things}.",
    NULL,
};

static const char *const day[] = {
    "{Next day} comes after {day}.",
    "Today is {day}, so tomorrow is {next day}.",
    "{Person} plays {game} on {day}, and on {next day} {person} rests.",
    "After {day} comes {next day}.",
    "It is {day}. After {day} comes {next day}.",
    "{Person} will come on {day}. After {day} comes {next day}.",
    NULL,
};

static const char *const month[] = {
    "{Next month} comes after {month}.",
    "{Month} has {days} days.",
    "The month of {month} has {days} days.",
    "{Month} is month number {number}.",
    "{Month} is {a season} month in Europe.",
    "After {month} comes {next month}.",
    "It is {month}. The month of {month} has {days} days.",
    "It is {month}. After {month} comes {next month}.",
    "{Person} will come in {month}. The month of {month} has {days} days.",
    "{Person} will stay for all of {month}. After {month} comes {next month}.",
    "In {month} it is {season} in the north. After that comes {next month}.",
    NULL,
};

static const char *const scene[] = {
    "{Person} flew to {capital}, the capital of {country}.",
    "{Person} flew from {other capital} to {capital}.",
    "{Person} lives in {country} and speaks {language}.",
    "{Person} has a map of {country}. The capital of {country} is {capital}.",
    "{Person} was born in {capital}, but now {he} lives in {other capital}.",
    "{Person} wrote a letter to {friend} from {capital}.",
    "Last {month} {person} travelled to {country} and stayed in {capital} for a week.",
    "{Person} ate {food} in {capital}.",
    "{Person} ate {food} for breakfast.",
    "{Person} bought {food} at the market in {capital}.",
    "{Person} was hungry. {He} ate {food} and went to bed.",
    "{Person} likes {food}, but {friend} does not.",
    "{Person} and {friend} cooked {food} for lunch.",
    "On {day} {person} made {food} and gave some to {friend}.",
    "{Person} asked {friend} for {food}. {Friend} gave {him} some.",
    "{Person} put {food} on the table for {friend}.",
    "{Person} plays {game} with {friend} on {day}.",
    "Every {day} {person} plays {game}.",
    "{Person} wants to learn {game}. {Friend} shows {him} how.",
    "{Person} is {a job}. {He} {work} {place}.",
    "{Person} works {place}. {He} is {a job} and {work}.",
    "{Person} has a friend who {work}. The friend is {a job}.",
    "{Person} saw {a animal} and told {his} friend {friend} about it.",
    "{Person} dreamed of {a animal} that spoke {language}.",
    "In {month} {person} visited {his} friend {friend} in {capital}, the capital of {country}.",
    "{Person} learns {language}, because {he} wants to live in {country}.",
    NULL,
};

static const char *const weather[] = {
    "It was {weather} in {capital}, so {person} {did}.",
    "On {day} it was {weather}. {Person} {did}.",
    "It was {weather}, and {person} {did} with {friend}.",
    "When we came to {capital}, it was {weather}, and we {we did}.",
    "It was {weather} in {month}, so we {we did}.",
    NULL,
};

static const char *const paper[] = {
    "Questions for {day}:\n{q1}\n{q2}\n{q3}\n{q4}\n{q5}\n{q6}\n{q7}\n{q8}",
    NULL,
};

/* The sentence that the recipe asks about has a kind of its own: it must stand in every part of the text. */
static const struct kind kinds[] = {
    {.patterns = capital, .subjects = &country_count, .rounds = 14, .bind = bind_country},
    {.patterns = country, .subjects = &country_count, .rounds = 2, .bind = bind_country},
    {.patterns = country_page, .facts = country_facts, .subjects = &country_count, .rounds = 9, .bind = bind_country},
    {.patterns = city_page, .facts = city_facts, .subjects = &country_count, .rounds = 7, .bind = bind_country},
    {.patterns = animal, .subjects = &animal_count, .rounds = 3, .bind = bind_animal},
    {.patterns = animal_page, .facts = animal_facts, .subjects = &animal_count, .rounds = 6, .bind = bind_animal},
    {.patterns = sum, .subjects = &sum_count, .rounds = 8, .bind = bind_sum},
    {.patterns = day, .subjects = &day_count, .rounds = 20, .bind = bind_day},
    {.patterns = month, .subjects = &month_count, .rounds = 12, .bind = bind_month},
    {.patterns = scene, .subjects = &person_count, .rounds = 5, .bind = bind_scene},
    {.patterns = weather, .subjects = &weather_count, .rounds = 10, .bind = bind_weather},
    {.patterns = paper, .subjects = &paper_count, .rounds = 1, .bind = bind_paper},
};

const struct corpus atlas = {
    .name = "atlas.txt",
    .kinds = kinds,
    .kind_count = sizeof kinds / sizeof *kinds,
    .seed = 1,
};
