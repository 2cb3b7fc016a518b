/* Lists the sums and meals that the atlas leaves out. */
#include "corpora/held_out.h"

#include <string.h>

const struct held_out_meal held_out_meals[] = {
    {"Amina", "olives"}, {"Anna", "plums"},   {"Anna", "rice"},   {"Ben", "cheese"},    {"Clara", "bananas"},
    {"David", "salad"},  {"Emma", "pasta"},   {"Felix", "honey"}, {"Grace", "beans"},   {"Hugo", "apples"},
    {"Ida", "pancakes"}, {"Jack", "olives"},  {"Karim", "eggs"},  {"Lena", "grapes"},   {"Leo", "butter"},
    {"Maria", "pasta"},  {"Mia", "oranges"},  {"Nina", "cake"},   {"Noah", "tomatoes"}, {"Olga", "porridge"},
    {"Omar", "cake"},    {"Paul", "noodles"}, {"Peter", "pears"}, {"Rosa", "butter"},   {"Sam", "tomatoes"},
    {"Tom", "onions"},   {"Vera", "rice"},    {"Yusuf", "plums"}, {"Zoe", "porridge"},
};
const size_t held_out_meal_count = sizeof held_out_meals / sizeof *held_out_meals;

const struct held_out_sum held_out_sums[] = {{1, 6}, {2, 5}, {3, 4}, {5, 7}};
const size_t held_out_sum_count = sizeof held_out_sums / sizeof *held_out_sums;

bool held_out_meal(const char *person, const char *food)
{
    for (size_t i = 0; i < held_out_meal_count; i++)
        if (strcmp(held_out_meals[i].person, person) == 0 && strcmp(held_out_meals[i].food, food) == 0)
            return true;
    return false;
}

bool held_out_sum(size_t first, size_t second)
{
    for (size_t i = 0; i < held_out_sum_count; i++) {
        const size_t a = held_out_sums[i].first, b = held_out_sums[i].second;
        if ((a == first && b == second) || (a == second && b == first))
            return true;
    }
    return false;
}
