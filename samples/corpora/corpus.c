/* Makes the lines of a corpus from its table of kinds and writes them. */
#include "corpora/corpus.h"

#include "base/random.h"

static size_t count(const char *const *patterns)
{
    size_t n = 0;
    while (patterns[n])
        n++;
    return n;
}

size_t kind_lines(const struct kind *kind)
{
    return *kind->subjects * kind->rounds * count(kind->patterns);
}

size_t corpus_lines(const struct corpus *corpus)
{
    size_t lines = 0;
    for (size_t i = 0; i < corpus->kind_count; i++)
        lines += kind_lines(&corpus->kinds[i]);
    return lines;
}

/* In the order of a permutation, those that have something to say of the subject. */
static void bind_facts(struct bindings *bindings, const char *const *facts, struct choice *choice)
{
    static const char *const places[] = {"fact", "other fact", "third fact"};
    const size_t fact_count = count(facts), place_count = sizeof places / sizeof *places;
    const struct permutation order = choice_order(choice, fact_count);
    char fact[LINE_MOST];
    size_t place = 0;
    for (size_t i = 0; i < fact_count && place < place_count; i++)
        if (pattern_fill(facts[permutation_at(&order, (uint32_t)i)], bindings, fact, sizeof fact))
            bindings_print(bindings, places[place++], "%s", fact);
}

bool kind_line(const struct kind *kind, size_t line, struct choice *choice, char out[static LINE_MOST])
{
    const size_t subject = line % *kind->subjects;
    const size_t pattern = line / *kind->subjects % count(kind->patterns);
    struct bindings bindings = {.count = 0};
    kind->bind(&bindings, subject, choice);
    if (kind->facts)
        bind_facts(&bindings, kind->facts, choice);
    return pattern_fill(kind->patterns[pattern], &bindings, out, LINE_MOST);
}

bool corpus_line(const struct corpus *corpus, size_t place, char out[static LINE_MOST])
{
    struct permutation shuffle;
    permutation_init(&shuffle, random_key(corpus->seed, RANDOM_ORDER, 0), (uint32_t)corpus_lines(corpus));
    size_t line = permutation_at(&shuffle, (uint32_t)place);
    struct choice choice = choice_start(corpus->seed, line);
    const struct kind *kind = corpus->kinds;
    for (; line >= kind_lines(kind); kind++)
        line -= kind_lines(kind);
    return kind_line(kind, line, &choice, out);
}

void corpus_write(const struct corpus *corpus, FILE *stream)
{
    char line[LINE_MOST];
    if (corpus->header)
        fprintf(stream, "%s\n", corpus->header);
    const size_t lines = corpus_lines(corpus);
    for (size_t place = 0; place < lines; place++)
        if (corpus_line(corpus, place, line))
            fprintf(stream, "%s\n", line);
}
