/* Lists the atlas's animals, kinds of weather, months and numbers. */
#include "corpora/facts.h"

const struct animal animals[] = {
    /* name, class, food, home, legs, colour, how it moves */
    {"ant", "insect", "seeds", "in the ground", "six", "black", "crawls"},
    {"bear", "mammal", "berries", "in the forest", "four", "brown", "climbs"},
    {"bee", "insect", "nectar", "in a hive", "six", "yellow", "flies"},
    {"butterfly", "insect", "nectar", "in the garden", "six", "white", "flies"},
    {"camel", "mammal", "dry grass", "in the desert", "four", "brown", "walks"},
    {"cat", "mammal", "mice", "in a house", "four", "grey", "jumps"},
    {"chicken", "bird", "corn", "on a farm", "two", "white", "walks"},
    {"cow", "mammal", "grass", "on a farm", "four", "brown", "walks"},
    {"cricket", "insect", "leaves", "in the garden", "six", "green", "jumps"},
    {"crocodile", "reptile", "fish", "in the river", "four", "green", "swims"},
    {"deer", "mammal", "leaves", "in the forest", "four", "brown", "runs"},
    {"dog", "mammal", "meat", "in a house", "four", "black", "runs"},
    {"dolphin", "mammal", "fish", "in the sea", "no", "grey", "swims"},
    {"duck", "bird", "water plants", "on a lake", "two", "brown", "swims"},
    {"eagle", "bird", "rabbits", "in the mountains", "two", "brown", "flies"},
    {"elephant", "mammal", "leaves", "on the plain", "four", "grey", "walks"},
    {"fox", "mammal", "mice", "in the forest", "four", "red", "runs"},
    {"frog", "amphibian", "flies", "in a pond", "four", "green", "jumps"},
    {"giraffe", "mammal", "leaves", "on the plain", "four", "yellow", "walks"},
    {"goat", "mammal", "grass", "in the mountains", "four", "white", "climbs"},
    {"goose", "bird", "grass", "on a lake", "two", "white", "flies"},
    {"horse", "mammal", "hay", "on a farm", "four", "brown", "runs"},
    {"kangaroo", "mammal", "grass", "on the plain", NULL, "brown", "jumps"},
    {"lion", "mammal", "meat", "on the plain", "four", "yellow", "runs"},
    {"lizard", "reptile", "insects", "in the desert", "four", "green", "crawls"},
    {"monkey", "mammal", "fruit", "in the jungle", NULL, "brown", "climbs"},
    {"mouse", "mammal", "seeds", "in the ground", "four", "grey", "runs"},
    {"owl", "bird", "mice", "in the forest", "two", "grey", "flies"},
    {"parrot", "bird", "fruit", "in the jungle", "two", "green", "flies"},
    {"penguin", "bird", "fish", "on the ice", "two", "black", "swims"},
    {"pig", "mammal", "potatoes", "on a farm", "four", "pink", "walks"},
    {"rabbit", "mammal", "carrots", "in the ground", "four", "grey", "jumps"},
    {"salmon", "fish", "small fish", "in the river", "no", "grey", "swims"},
    {"shark", "fish", "fish", "in the sea", "no", "grey", "swims"},
    {"sheep", "mammal", "grass", "on a farm", "four", "white", "walks"},
    {"snake", "reptile", "mice", "in the desert", "no", "green", "crawls"},
    {"spider", "arachnid", "flies", "in a web", "eight", "black", "crawls"},
    {"squirrel", "mammal", "nuts", "in the forest", "four", "red", "climbs"},
    {"swan", "bird", "water plants", "on a lake", "two", "white", "swims"},
    {"tiger", "mammal", "meat", "in the jungle", "four", "orange", "runs"},
    {"toad", "amphibian", "insects", "in the garden", "four", "brown", "jumps"},
    {"turtle", "reptile", "water plants", "in the sea", NULL, "green", "swims"},
    {"whale", "mammal", "small fish", "in the sea", "no", "blue", "swims"},
    {"wolf", "mammal", "meat", "in the forest", "four", "grey", "runs"},
    {"zebra", "mammal", "grass", "on the plain", "four", "striped", "runs"},
};
const size_t animal_count = sizeof animals / sizeof *animals;

const struct weather weathers[] = {
    {"raining", "took an umbrella", "took our umbrellas"},
    {"snowing", "put on a warm coat", "put on our warm coats"},
    {"sunny", "went swimming in the lake", "went swimming in the lake"},
    {"windy", "flew a kite on the hill", "flew our kites on the hill"},
    {"foggy", "drove slowly", "drove slowly"},
    {"cold", "stayed at home by the fire", "stayed at home by the fire"},
    {"hot", "sat in the shade of a tree", "sat in the shade of a tree"},
    {"cloudy", "went to the museum", "went to the museum"},
};
const size_t weather_count = sizeof weathers / sizeof *weathers;

const struct month months[] = {
    {"January", "31", "winter"}, {"February", "28", "winter"}, {"March", "31", "spring"},
    {"April", "30", "spring"},   {"May", "31", "spring"},      {"June", "30", "summer"},
    {"July", "31", "summer"},    {"August", "31", "summer"},   {"September", "30", "autumn"},
    {"October", "31", "autumn"}, {"November", "30", "autumn"}, {"December", "31", "winter"},
};
const size_t month_count = sizeof months / sizeof *months;

const char *const days[] = {"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"};
const size_t day_count = sizeof days / sizeof *days;

const struct number numbers[NUMBER_COUNT] = {
    {"0", "zero"}, {"1", "one"},     {"2", "two"},     {"3", "three"},     {"4", "four"},
    {"5", "five"}, {"6", "six"},     {"7", "seven"},   {"8", "eight"},     {"9", "nine"},
    {"10", "ten"}, {"11", "eleven"}, {"12", "twelve"}, {"13", "thirteen"}, {"14", "fourteen"},
};
