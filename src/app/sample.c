/* Carries out `downhill sample`: a trained language model continues a prompt, token by token. */
#include "app/sample.h"

#include <errno.h>
#include <string.h>

#include "app/cli.h"
#include "app/voice.h"
#include "base/encoding.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/name.h"
#include "base/number.h"
#include "base/random.h"
#include "nn/sampler.h"
#include "store/checkpoint.h"

#define TOKENS_MOST      1000000
#define PROMPT_BYTES_MAX ((size_t)16 << 20)

struct request {
    const char *checkpoint, *prompt; /* point into argv; prompt "-": standard input */
    bool asks;                       /* the prompt is a line, and so is the answer */
    bool help;
    bool best;                    /* the weights of the least test loss */
    uint64_t tokens, seed, heads; /* heads 0: not said */
    struct sampling sampling;
};

/* ---- the words ---- */

struct flag {
    const char *name;
    bool takes_value;
    enum status (*set)(struct request *request, const struct flag *flag, const char *value, struct error *error);
};

static enum status take_count(uint64_t *slot, const struct flag *flag, const char *value, uint64_t least, uint64_t most,
                              struct error *error)
{
    char low[32], high[32];
    if (number_parse_u64(value, slot) && *slot >= least && *slot <= most)
        return STATUS_OK;
    return error_set(error, STATUS_USAGE, "--%s %.60s: must be a whole number from %s to %s", flag->name, value,
                     number_count(low, sizeof low, least), number_count(high, sizeof high, most));
}

static enum status set_prompt(struct request *request, const struct flag *flag, const char *value, struct error *error)
{
    if (request->prompt)
        return error_set(error, STATUS_USAGE, "--%s: there is a prompt already", flag->name);
    request->prompt = value;
    request->asks = strcmp(flag->name, "ask") == 0;
    return STATUS_OK;
}

static enum status set_tokens(struct request *request, const struct flag *flag, const char *value, struct error *error)
{
    return take_count(&request->tokens, flag, value, 1, TOKENS_MOST, error);
}

static enum status set_temperature(struct request *request, const struct flag *flag, const char *value,
                                   struct error *error)
{
    if (number_parse(value, &request->sampling.temperature) && request->sampling.temperature >= 0 &&
        request->sampling.temperature <= SAMPLING_TEMPERATURE_MAX)
        return STATUS_OK;
    return error_set(error, STATUS_USAGE, "--%s %.60s: must be a number from 0 (always the likeliest token) to %g",
                     flag->name, value, SAMPLING_TEMPERATURE_MAX);
}

static enum status set_top_k(struct request *request, const struct flag *flag, const char *value, struct error *error)
{
    uint64_t count = 0;
    const enum status status = take_count(&count, flag, value, 0, LANGUAGE_VOCABULARY_MAX, error);
    request->sampling.top_k = (size_t)count;
    return status;
}

static enum status set_top_p(struct request *request, const struct flag *flag, const char *value, struct error *error)
{
    if (number_parse(value, &request->sampling.top_p) && request->sampling.top_p > 0 && request->sampling.top_p <= 1)
        return STATUS_OK;
    return error_set(error, STATUS_USAGE, "--%s %.60s: must be above 0 and at most 1", flag->name, value);
}

static enum status set_seed(struct request *request, const struct flag *flag, const char *value, struct error *error)
{
    return take_count(&request->seed, flag, value, 0, SEED_MAX, error);
}

static enum status set_heads(struct request *request, const struct flag *flag, const char *value, struct error *error)
{
    return take_count(&request->heads, flag, value, 1, LANGUAGE_WIDTH_MAX, error);
}

static enum status set_best(struct request *request, const struct flag *flag, const char *value, struct error *error)
{
    (void)flag, (void)value, (void)error;
    request->best = true;
    return STATUS_OK;
}

static enum status set_help(struct request *request, const struct flag *flag, const char *value, struct error *error)
{
    (void)flag, (void)value, (void)error;
    request->help = true;
    return STATUS_OK;
}

static const struct flag flag_table[] = {
    {"prompt", true, set_prompt}, {"ask", true, set_prompt},  {"tokens", true, set_tokens},
    {"seed", true, set_seed},     {"top-k", true, set_top_k}, {"temperature", true, set_temperature},
    {"top-p", true, set_top_p},   {"heads", true, set_heads}, {"best", false, set_best},
    {"help", false, set_help},
};
#define FLAGS (sizeof flag_table / sizeof flag_table[0])

static const struct flag *find_flag(const char *name, size_t length)
{
    for (size_t i = 0; i < FLAGS; i++)
        if (strlen(flag_table[i].name) == length && strncmp(flag_table[i].name, name, length) == 0)
            return &flag_table[i];
    return NULL;
}

static enum status unknown_flag(const char *word, struct error *error)
{
    const char *names[FLAGS];
    for (size_t i = 0; i < FLAGS; i++)
        names[i] = flag_table[i].name;
    const int near = name_nearest(word + strspn(word, "-"), names, FLAGS);
    return error_set(error, STATUS_USAGE, "sample: unknown option '%.60s'%s%s%s", word,
                     near < 0 ? "" : ": did you mean '--", near < 0 ? "" : names[near], near < 0 ? "" : "'?");
}

static enum status take_flag(struct request *request, int argc, char **argv, int *at, struct error *error)
{
    const char *word = argv[(*at)++], *name = word + 2;
    const char *equals = strchr(word, '=');
    const struct flag *flag =
        strncmp(word, "--", 2) == 0 ? find_flag(name, equals ? (size_t)(equals - name) : strlen(name)) : NULL;
    if (!flag)
        return unknown_flag(word, error);
    if (!flag->takes_value)
        return flag->set(request, flag, NULL, error);
    if (!equals && *at == argc)
        return error_set(error, STATUS_USAGE, "%s needs a value", word);
    return flag->set(request, flag, equals ? equals + 1 : argv[(*at)++], error);
}

static enum status parse(struct request *request, int argc, char **argv, struct error *error)
{
    bool words_only = false;
    enum status status = STATUS_OK;
    for (int at = 0; at < argc && status == STATUS_OK && !request->help;) {
        if (!words_only && strcmp(argv[at], "--") == 0) {
            words_only = true;
            at++;
        } else if (!words_only && argv[at][0] == '-' && argv[at][1]) {
            status = take_flag(request, argc, argv, &at, error);
        } else if (request->checkpoint) {
            status = error_set(error, STATUS_USAGE, "'%.60s': sample takes one checkpoint", argv[at]);
        } else {
            request->checkpoint = argv[at++];
        }
    }
    if (status == STATUS_OK && !request->help && (!request->checkpoint || !request->checkpoint[0] || !request->prompt))
        return error_set(error, STATUS_USAGE,
                         "sample needs a checkpoint and a prompt: downhill sample CHECKPOINT --prompt TEXT");
    return status;
}

/* ---- the prompt ---- */

struct prompt {
    char *bytes;
    size_t length;
};

static enum status read_input(struct prompt *prompt, struct error *error)
{
    size_t room = 0;
    do {
        if (prompt->length == room) {
            const size_t more = room > 0 ? 2 * room : BUFSIZ;
            char *grown = mem_resize(prompt->bytes, room, more, 1);
            if (!grown)
                return error_memory(error);
            prompt->bytes = grown;
            room = more;
        }
        prompt->length += fread(prompt->bytes + prompt->length, 1, room - prompt->length, stdin);
    } while (prompt->length == room && room <= PROMPT_BYTES_MAX);
    if (ferror(stdin))
        return error_set(error, STATUS_FAILED, "standard input: %s", strerror(errno));
    if (prompt->length > PROMPT_BYTES_MAX)
        return error_set(error, STATUS_FAILED, "standard input: a prompt of more than %zu MiB", PROMPT_BYTES_MAX >> 20);
    const char *wide = encoding_wide(prompt->bytes, prompt->length);
    if (wide)
        return error_set(error, STATUS_FAILED, "standard input: " ENCODING_REFUSED, wide, wide);
    const size_t mark = encoding_mark(prompt->bytes, prompt->length);
    prompt->length -= mark;
    memmove(prompt->bytes, prompt->bytes + mark, prompt->length);
    return STATUS_OK;
}

static bool add(struct prompt *prompt, const char *bytes, size_t length)
{
    char *grown = mem_resize(prompt->bytes, prompt->length, prompt->length + length + 1, 1);
    if (!grown)
        return false;
    memcpy(grown + prompt->length, bytes, length);
    prompt->bytes = grown;
    prompt->length += length;
    return true;
}

static enum status take_prompt(const struct request *request, struct prompt *prompt, struct error *error)
{
    if (file_is_stream(request->prompt)) {
        const enum status status = read_input(prompt, error);
        if (status != STATUS_OK)
            return status;
    } else if (!add(prompt, request->prompt, strlen(request->prompt))) {
        return error_memory(error);
    }
    const bool ended = prompt->length > 0 && prompt->bytes[prompt->length - 1] == '\n';
    return !request->asks || ended || add(prompt, "\n", 1) ? STATUS_OK : error_memory(error);
}

/* ---- the model ---- */

struct author {
    struct tokenizer *tokenizer;
    struct model *model;
    const struct language *language; /* the same */
    struct language_cache *cache;
    struct sampler *sampler;
};

static void author_free(struct author *author)
{
    sampler_free(author->sampler);
    language_cache_free(author->cache);
    model_free(author->model);
    tokenizer_free(author->tokenizer);
}

static void say_heads(const char *path, const struct language *language)
{
    if (language_spec(language)->kind == LANGUAGE_TRANSFORMER)
        fprintf(stderr, "downhill: %s: does not say how many heads it has: taken to be %zu (--heads)\n", path,
                language_spec(language)->heads);
}

/* Checks --heads against the model: a checkpoint states its number of heads, and only transformers have heads. */
static enum status check_heads(const struct request *request, const struct checkpoint_file *file,
                               const struct language *language, struct error *error)
{
    const struct language_spec *spec = language_spec(language);
    if (request->heads == 0 || (spec->kind == LANGUAGE_TRANSFORMER && spec->heads == request->heads))
        return STATUS_OK;
    if (spec->kind != LANGUAGE_TRANSFORMER)
        return error_set(error, STATUS_USAGE, "--heads %llu: %s is a model without heads",
                         (unsigned long long)request->heads, request->checkpoint);
    return error_set(error, STATUS_USAGE, "--heads %llu: %s %s %zu", (unsigned long long)request->heads,
                     request->checkpoint, checkpoint_note(file, "spec") ? "says that it has" : "can have", spec->heads);
}

static enum status author_build(struct author *author, const struct request *request,
                                const struct checkpoint_file *file, struct error *error)
{
    struct spec spec;
    if (!checkpoint_is_language(file))
        return error_set(error, STATUS_FAILED, "%s: is no language model: downhill predict is for tables",
                         request->checkpoint);
    spec_init(&spec);
    spec.shape.language.heads = (size_t)request->heads;
    enum status status = checkpoint_tokenizer(file, &author->tokenizer, error);
    if (status == STATUS_OK)
        status = checkpoint_spec(file, &spec, error);
    if (status == STATUS_OK)
        status = checkpoint_model(file, &spec.shape, kernels_choose(), &author->model, error);
    if (status == STATUS_OK)
        status = check_heads(request, file, model_language_const(author->model), error);
    spec_free(&spec);
    if (status != STATUS_OK)
        return status;
    author->language = model_language_const(author->model);
    if (!checkpoint_note(file, "spec") && request->heads == 0)
        say_heads(request->checkpoint, author->language);
    author->cache = language_cache_create(author->language);
    author->sampler = sampler_create(language_spec(author->language)->vocabulary);
    return author->cache && author->sampler ? STATUS_OK : error_memory(error);
}

/* What comes after the prompt, of which the last tokens count that the context has room for; an empty one is the
 * beginning of a line. */
static enum status read_prompt(struct author *author, const struct prompt *prompt, const float **logits,
                               struct error *error)
{
    const size_t context = language_spec(author->language)->context;
    uint16_t *token = mem_alloc(prompt->length + 1, sizeof *token);
    if (!token)
        return error_memory(error);
    size_t count = tokenizer_encode(author->tokenizer, prompt->bytes, prompt->length, token);
    if (count == 0)
        token[count++] = '\n';
    for (size_t i = count > context ? count - context : 0; i < count; i++)
        *logits = language_next(author->language, NULL, author->cache, token[i]);
    mem_free(token);
    return STATUS_OK;
}

static void write_on(struct author *author, const struct request *request, const float *logits, struct voice *voice)
{
    const uint32_t key = random_key(request->seed, RANDOM_SAMPLE, 0);
    for (uint64_t i = 0; i < request->tokens; i++) {
        const float drawn = random_uniform(key, (uint32_t)i);
        const size_t id = sampler_draw(author->sampler, logits, &request->sampling, drawn);
        size_t length;
        const unsigned char *bytes = tokenizer_bytes(author->tokenizer, id, &length);
        if (!voice_say(voice, bytes, length) || (request->asks && memchr(bytes, '\n', length)))
            return;
        logits = language_next(author->language, NULL, author->cache, (int32_t)id);
    }
}

static enum status sample(const struct request *request, const struct prompt *prompt, FILE *out, bool terminal,
                          struct error *error)
{
    struct author author = {.tokenizer = NULL};
    struct checkpoint_file *file;
    const float *logits = NULL;
    enum status status = checkpoint_open(&file, request->checkpoint, error);
    if (status != STATUS_OK)
        return status;
    if (request->best)
        status = checkpoint_use_best(file, error);
    if (status == STATUS_OK)
        status = author_build(&author, request, file, error);
    checkpoint_close(file);
    if (status == STATUS_OK)
        status = read_prompt(&author, prompt, &logits, error);
    if (status == STATUS_OK) {
        struct voice voice = {.out = out, .terminal = terminal};
        if (voice_say(&voice, prompt->bytes, prompt->length))
            write_on(&author, request, logits, &voice);
        voice_end(&voice);
    }
    author_free(&author);
    return status;
}

enum status sample_command(int argc, char **argv, FILE *out, bool terminal, struct error *error)
{
    struct request request = {.tokens = 100, .seed = 1, .sampling = {.temperature = 1, .top_p = 1}};
    struct prompt prompt = {.bytes = NULL};
    enum status status = parse(&request, argc, argv, error);
    if (status == STATUS_OK && request.help) {
        cli_help(out);
        return STATUS_OK;
    }
    if (status == STATUS_OK)
        status = take_prompt(&request, &prompt, error);
    if (status == STATUS_OK)
        status = sample(&request, &prompt, out, terminal, error);
    mem_free(prompt.bytes);
    return status;
}
