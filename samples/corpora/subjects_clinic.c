/* Chooses the words of the clinic corpus's lines. */
#include "corpora/facts.h"
#include "corpora/subjects.h"

#define CHOOSE(choice, list) (list)[choice_below((choice), sizeof(list) / sizeof *(list))]

static const char *const durations[] = {"one day", "two days",  "three days", "five days",
                                        "a week",  "two weeks", "a month"};
static const char *const severities[] = {"mild", "moderate", "severe", "fluctuating", "intermittent"};
static const char *const histories[] = {
    "Non-smoker",
    "Former smoker",
    "Known hypertension",
    "Type 2 diabetes, well controlled",
    "Asthma since childhood",
    "No chronic illness",
    "Migraine in the family",
    "Hypothyroidism under treatment",
};
static const char *const allergies[] = {"No known allergies", "Allergic to penicillin", "Allergic to latex",
                                        "Allergic to pollen"};
static const char *const reviews[] = {"in two days", "in one week", "in two weeks", "only if needed", "by telephone"};

void bind_complaint(struct bindings *bindings, size_t subject, struct choice *choice)
{
    const struct complaint *complaint = &complaints[subject];
    bindings_add(bindings, "symptom", complaint->symptom);
    bindings_add(bindings, "finding", complaint->finding);
    bindings_add(bindings, "advice", complaint->advice);
    bindings_add(bindings, "warning", complaint->warning);
    const struct person *person = &people[choice_below(choice, person_count)];
    bindings_add(bindings, "person", person->name);
    bindings_add(bindings, "he", person->he);
    bindings_add(bindings, "day", days[choice_below(choice, day_count)]);
    bindings_add(bindings, "month", months[choice_below(choice, month_count)].name);
    bindings_add(bindings, "duration", CHOOSE(choice, durations));
    bindings_add(bindings, "severity", CHOOSE(choice, severities));
    bindings_add(bindings, "history", CHOOSE(choice, histories));
    bindings_add(bindings, "allergy", CHOOSE(choice, allergies));
    bindings_add(bindings, "review", CHOOSE(choice, reviews));
    bindings_print(bindings, "age", "%zu", 19 + choice_below(choice, 62));
    bindings_print(bindings, "temperature", "36.%zu", 2 + choice_below(choice, 8));
    bindings_print(bindings, "pulse", "%zu", 56 + choice_below(choice, 40));
    /* One after the other: the order in which arguments are evaluated is the compiler's. */
    const size_t low = 62 + choice_below(choice, 26), high = 105 + choice_below(choice, 40);
    bindings_print(bindings, "pressure", "%zu/%zu", high, low);
}
