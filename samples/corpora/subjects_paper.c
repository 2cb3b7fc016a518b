/* Chooses the words of the atlas's lines that read like a newspaper. */
#include <string.h>

#include "corpora/corpus.h"
#include "corpora/facts.h"
#include "corpora/subjects.h"

const size_t paper_count = 160;

void bind_paper(struct bindings *bindings, size_t subject, struct choice *choice)
{
    (void)subject;
    static const char *const places[] = {"q1", "q2", "q3", "q4", "q5", "q6", "q7", "q8"};
    char pair[LINE_MOST];
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        /* What has no pair leaves its question out. */
        while (!corpus_line(&questions, choice_below(choice, corpus_lines(&questions)), pair))
            ;
        pair[strcspn(pair, "\t")] = 0;
        bindings_print(bindings, places[i], "%s", pair);
    }
    bindings_add(bindings, "day", days[choice_below(choice, day_count)]);
}
