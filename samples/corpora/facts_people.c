/* Lists the atlas's people, jobs and foods. */
#include "corpora/facts.h"

#define SHE "she", "her", "her"
#define HE  "he", "his", "him"

const struct person people[] = {
    {"Amina", SHE}, {"Anna", SHE}, {"Ben", HE},   {"Clara", SHE}, {"David", HE}, {"Emma", SHE}, {"Felix", HE},
    {"Grace", SHE}, {"Hugo", HE},  {"Ida", SHE},  {"Jack", HE},   {"Karim", HE}, {"Lena", SHE}, {"Leo", HE},
    {"Maria", SHE}, {"Mia", SHE},  {"Nina", SHE}, {"Noah", HE},   {"Olga", SHE}, {"Omar", HE},  {"Paul", HE},
    {"Peter", HE},  {"Rosa", SHE}, {"Sam", HE},   {"Tom", HE},    {"Vera", SHE}, {"Yusuf", HE}, {"Zoe", SHE},
};
const size_t person_count = sizeof people / sizeof *people;

const struct job jobs[] = {
    {"baker", "bakes bread", "in a bakery"},       {"bus driver", "drives a bus", "in the city"},
    {"builder", "builds houses", "in the city"},   {"cook", "cooks soup", "in a kitchen"},
    {"farmer", "grows corn", "on a farm"},         {"fisher", "catches fish", "on a boat"},
    {"gardener", "plants flowers", "in a garden"}, {"painter", "paints pictures", "in a studio"},
    {"pilot", "flies planes", "at an airport"},    {"singer", "sings songs", "on a stage"},
    {"tailor", "sews shirts", "in a small shop"},  {"teacher", "teaches children", "in a school"},
    {"writer", "writes books", "at home"},         {"watchmaker", "repairs clocks", "in a small shop"},
};
const size_t job_count = sizeof jobs / sizeof *jobs;

const char *const foods[] = {
    "apples", "bananas", "beans", "bread",    "butter",   "cake",   "carrots", "cheese",  "eggs",
    "fish",   "grapes",  "honey", "noodles",  "nuts",     "olives", "onions",  "oranges", "pancakes",
    "pasta",  "pears",   "plums", "porridge", "potatoes", "rice",   "salad",   "soup",    "tomatoes",
};
const size_t food_count = sizeof foods / sizeof *foods;

const char *const games[] = {"chess",     "football",   "tennis",    "cards",
                             "the piano", "the guitar", "the drums", "the violin"};
const size_t game_count = sizeof games / sizeof *games;
