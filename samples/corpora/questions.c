/* Pairs of a question and its answer, one of each form for each subject.  The atlas says each answer too. */
#include "corpora/corpus.h"
#include "corpora/facts.h"
#include "corpora/subjects.h"

static const char *const country[] = {
    "What is the capital of {country}?\tThe capital of {country} is {capital}.",
    "In which country is {capital}?\tThe city of {capital} is in {country}.",
    "Where is {country}?\tYou find {country} in {continent}.",
    "What do people in {country} speak?\tPeople in {country} speak {language}.",
    "What do people in {country} pay with?\tPeople in {country} pay with the {currency}.",
    "On which river does {capital} lie?\tThe city of {capital} lies on the {river}.",
    NULL,
};

static const char *const animal[] = {
    "What is {a animal}?\t{A animal} is {a class}.",
    "What does {a animal} eat?\t{A animal} eats {food}.",
    "Where does {a animal} live?\t{A animal} lives {home}.",
    NULL,
};

static const char *const day[] = {
    "What day comes after {day}?\tAfter {day} comes {next day}.",
    NULL,
};

static const char *const month[] = {
    "What month comes after {month}?\tAfter {month} comes {next month}.",
    "How many days has {month}?\tThe month of {month} has {days} days.",
    NULL,
};

static const char *const sum[] = {
    "What is the sum of {x} and {y}?\tThe sum of {x} and {y} is {z}.",
    NULL,
};

static const struct kind kinds[] = {
    {.patterns = country, .subjects = &country_count, .rounds = 1, .bind = bind_country},
    {.patterns = animal, .subjects = &animal_count, .rounds = 1, .bind = bind_animal},
    {.patterns = day, .subjects = &day_count, .rounds = 1, .bind = bind_day},
    {.patterns = month, .subjects = &month_count, .rounds = 1, .bind = bind_month},
    {.patterns = sum, .subjects = &sum_count, .rounds = 1, .bind = bind_sum},
};

const struct corpus questions = {
    .name = "atlas-questions.tsv",
    .header = "prompt\tresponse",
    .kinds = kinds,
    .kind_count = sizeof kinds / sizeof *kinds,
    .seed = 2,
};
