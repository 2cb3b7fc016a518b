/* Decodes what a terminal sends: keys, characters and mouse reports. */
#include "ui/decoder.h"

#include <string.h>
#include <wchar.h>

#define ESCAPE      0x1b
#define ESCAPE_NS   25000000u  /* after which Esc alone is the key */
#define SEQUENCE_NS 250000000u /* after which the rest of a sequence or of a character will not come */

enum {
    NUMBERS = 3,           /* of a mouse report */
    COORDINATE_MAX = 9999, /* cells are counted from 1 */
};

enum verdict {
    VERDICT_INPUT,
    VERDICT_DROPPED,
    VERDICT_MORE, /* whether it is an input depends on bytes to come */
};

void decoder_add(struct decoder *decoder, const char *bytes, enum key key)
{
    if (!bytes || bytes[0] != ESCAPE || !bytes[1] || strlen(bytes) >= DECODER_SEQUENCE_BYTES ||
        decoder->sequences == DECODER_SEQUENCES)
        return;
    struct decoder_sequence *sequence = &decoder->sequence[decoder->sequences++];
    strcpy(sequence->bytes, bytes);
    sequence->key = key;
}

size_t decoder_capacity(const struct decoder *decoder)
{
    return DECODER_BYTES - decoder->count;
}

void decoder_feed(struct decoder *decoder, const unsigned char *bytes, size_t count, uint64_t now)
{
    if (now - decoder->newest >= SEQUENCE_NS)
        decoder->skipping = false;
    memcpy(decoder->byte + decoder->count, bytes, count);
    decoder->count += count;
    decoder->newest = now;
}

static void take_out(struct decoder *decoder, size_t count)
{
    decoder->count -= count;
    memmove(decoder->byte, decoder->byte + count, decoder->count);
}

static enum verdict key_input(uint32_t key, struct input *out)
{
    *out = (struct input){.kind = INPUT_KEY, .key = key};
    return key ? VERDICT_INPUT : VERDICT_DROPPED;
}

/* ---- the mouse ---- */

/* `button` as in an SGR report: 0 to 2 left, middle, right; 3 none; 4, 8, 16 with Shift, Meta, Control; 32 a motion;
 * 64 a wheel; 128 further buttons. */
static enum verdict mouse_input(struct decoder *decoder, const int number[NUMBERS], bool release, struct input *out)
{
    const int which = number[0] & 3;
    const bool motion = number[0] & 32, wheel = number[0] & 64, further = number[0] & 128;
    *out = (struct input){.kind = INPUT_MOUSE, .x = number[1] - 1, .y = number[2] - 1};
    if (further || (wheel && (motion || release || which > 1)) || (!wheel && which != 0))
        return VERDICT_DROPPED;
    const bool was_held = decoder->held;
    if (wheel) {
        out->action = which == 0 ? MOUSE_WHEEL_UP : MOUSE_WHEEL_DOWN;
    } else if (release) {
        decoder->held = false;
        if (!was_held)
            return VERDICT_DROPPED;
        out->action = MOUSE_RELEASE;
    } else if (motion) {
        if (!was_held)
            return VERDICT_DROPPED;
        out->action = MOUSE_DRAG;
    } else {
        decoder->held = true;
        out->action = MOUSE_PRESS;
    }
    return out->x >= 0 && out->y >= 0 ? VERDICT_INPUT : VERDICT_DROPPED;
}

/* "button;column;row", all of it; anything else (a minus, too few, too large) is no report. */
static bool read_report(const unsigned char *text, size_t length, int number[NUMBERS])
{
    size_t at = 0;
    for (int i = 0; i < NUMBERS; i++) {
        const size_t start = at;
        for (number[i] = 0; at < length && text[at] >= '0' && text[at] <= '9'; at++) {
            number[i] = 10 * number[i] + (text[at] - '0');
            if (number[i] > COORDINATE_MAX)
                return false;
        }
        if (at == start || (i + 1 < NUMBERS && (at == length || text[at++] != ';')))
            return false;
    }
    return at == length;
}

/* ESC [ M, then button, column and row as one byte each, 32 more than they are.  A release does not say of what. */
static enum verdict old_report(struct decoder *decoder, size_t *used, struct input *out)
{
    if (decoder->count < 6)
        return VERDICT_MORE;
    const unsigned char *byte = decoder->byte;
    *used = 6;
    if (byte[3] < 32 || byte[4] < 33 || byte[5] < 33)
        return VERDICT_DROPPED;
    int number[NUMBERS] = {byte[3] - 32, byte[4] - 32, byte[5] - 32};
    const bool release = (number[0] & 3) == 3 && !(number[0] & (32 | 64 | 128));
    if (release)
        number[0] &= ~3;
    return mouse_input(decoder, number, release, out);
}

/* ---- sequences ---- */

/* The key that terminals agree on, of a sequence's last byte. */
static uint32_t key_of_letter(unsigned char letter)
{
    switch (letter) {
    case 'A':
        return KEY_ARROW_UP;
    case 'B':
        return KEY_ARROW_DOWN;
    case 'C':
        return KEY_ARROW_RIGHT;
    case 'D':
        return KEY_ARROW_LEFT;
    case 'H':
        return KEY_TO_START;
    case 'F':
        return KEY_TO_END;
    default:
        return 0;
    }
}

/* ESC [ number ~ */
static uint32_t key_of_number(const unsigned char *text, size_t length)
{
    static const struct {
        const char *number;
        enum key key;
    } table[] = {
        {"1", KEY_TO_START}, {"7", KEY_TO_START},  {"4", KEY_TO_END}, {"8", KEY_TO_END},
        {"5", KEY_PAGE_UP},  {"6", KEY_PAGE_DOWN}, {"3", KEY_REMOVE}, {"11", KEY_F1},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (strlen(table[i].number) == length && memcmp(table[i].number, text, length) == 0)
            return table[i].key;
    return 0;
}

/* ESC O letter: a key in the terminal's application mode, those of the number block among them. */
static enum verdict application_key(struct decoder *decoder, size_t *used, struct input *out)
{
    static const char block[] = "*+,-./0123456789"; /* sent as 'j' to 'y' */
    if (decoder->count < 3)
        return VERDICT_MORE;
    const unsigned char letter = decoder->byte[2];
    *used = 3;
    if (letter < 0x20 || letter > 0x7e) { /* no part of a sequence */
        *used = 2;
        return VERDICT_DROPPED;
    }
    if (letter >= 'j' && letter <= 'y')
        return key_input((uint32_t)block[letter - 'j'], out);
    return key_input(letter == 'M' ? KEY_RETURN : letter == 'P' ? KEY_F1 : key_of_letter(letter), out);
}

/* ESC [, then bytes from ' ' to '?', then one from '@' to '~'. */
static enum verdict control_sequence(struct decoder *decoder, size_t *used, struct input *out)
{
    const unsigned char *byte = decoder->byte;
    size_t end = 2;
    while (end < decoder->count && byte[end] >= 0x20 && byte[end] <= 0x3f)
        end++;
    *used = end;
    if (end == DECODER_BYTES) {
        decoder->skipping = true;
        return VERDICT_DROPPED;
    }
    if (end == decoder->count)
        return VERDICT_MORE;
    const unsigned char last = byte[end];
    if (last < 0x40 || last > 0x7e) /* cut off: this byte begins something else */
        return VERDICT_DROPPED;
    *used = end + 1;
    const unsigned char *text = byte + 2;
    const size_t length = end - 2;
    int number[NUMBERS];
    if (last == 'M' && length == 0)
        return old_report(decoder, used, out);
    if (length > 0 && text[0] == '<' && (last == 'M' || last == 'm'))
        return read_report(text + 1, length - 1, number) ? mouse_input(decoder, number, last == 'm', out)
                                                         : VERDICT_DROPPED;
    if (last == '[' && length == 0) { /* the function keys of the Linux console: one more letter */
        if (decoder->count < 4)
            return VERDICT_MORE;
        *used = 4;
        return key_input(byte[3] == 'A' ? KEY_F1 : 0, out);
    }
    if (last == '~')
        return key_input(key_of_number(text, length), out);
    if (last == 'Z' && length == 0)
        return key_input(KEY_BACK_TABULATOR, out);
    return key_input(length == 0 ? key_of_letter(last) : 0, out);
}

/* What the terminal's description says. */
static enum verdict described_key(const struct decoder *decoder, size_t *used, struct input *out)
{
    bool begun = false;
    for (size_t i = 0; i < decoder->sequences; i++) {
        const struct decoder_sequence *sequence = &decoder->sequence[i];
        const size_t length = strlen(sequence->bytes), both = length < decoder->count ? length : decoder->count;
        if (memcmp(sequence->bytes, decoder->byte, both) != 0)
            continue;
        if (both == length) {
            *used = length;
            return key_input(sequence->key, out);
        }
        begun = true;
    }
    return begun ? VERDICT_MORE : VERDICT_DROPPED;
}

static enum verdict escape_sequence(struct decoder *decoder, size_t *used, struct input *out)
{
    const enum verdict described = described_key(decoder, used, out);
    if (described == VERDICT_INPUT || decoder->count == 1)
        return described == VERDICT_INPUT ? described : VERDICT_MORE;
    if (decoder->byte[1] == '[')
        return control_sequence(decoder, used, out);
    if (decoder->byte[1] == 'O')
        return application_key(decoder, used, out);
    if (described == VERDICT_MORE)
        return described;
    *used = 1;
    return key_input(KEY_ESCAPE, out);
}

/* ---- characters ---- */

static uint32_t key_of_character(wchar_t character)
{
    switch (character) {
    case '\t':
        return KEY_TABULATOR;
    case '\r':
    case '\n':
        return KEY_RETURN;
    case 8:
    case 127:
        return KEY_ERASE;
    default:
        return (uint32_t)character;
    }
}

static enum verdict character(struct decoder *decoder, size_t *used, struct input *out)
{
    mbstate_t state = {0};
    wchar_t wide = 0;
    const size_t length = mbrtowc(&wide, (const char *)decoder->byte, decoder->count, &state);
    *used = 1;
    if (length == (size_t)-2 && decoder->count < DECODER_BYTES)
        return VERDICT_MORE;
    if (length == (size_t)-1 || length == (size_t)-2)
        return VERDICT_DROPPED;
    *used = length > 0 ? length : 1;
    return key_input(key_of_character(wide), out);
}

/* ---- all of it ---- */

/* The rest of a sequence that was too long. */
static enum verdict skip(struct decoder *decoder, size_t *used)
{
    const unsigned char byte = decoder->byte[0];
    decoder->skipping = byte >= 0x20 && byte <= 0x3f;
    *used = byte >= 0x20 && byte <= 0x7e ? 1 : 0;
    return VERDICT_DROPPED;
}

static uint64_t patience(const struct decoder *decoder)
{
    return decoder->count == 1 && decoder->byte[0] == ESCAPE ? ESCAPE_NS : SEQUENCE_NS;
}

/* What has begun will not go on. */
static enum verdict give_up(const struct decoder *decoder, size_t *used, struct input *out)
{
    const bool sequence = decoder->count > 1 && (decoder->byte[1] == '[' || decoder->byte[1] == 'O');
    if (decoder->byte[0] == ESCAPE && !sequence) {
        *used = 1;
        return key_input(KEY_ESCAPE, out);
    }
    *used = decoder->count;
    return VERDICT_DROPPED;
}

bool decoder_next(struct decoder *decoder, uint64_t now, struct input *out)
{
    while (decoder->count > 0) {
        size_t used = 0;
        enum verdict verdict = decoder->skipping            ? skip(decoder, &used)
                               : decoder->byte[0] == ESCAPE ? escape_sequence(decoder, &used, out)
                                                            : character(decoder, &used, out);
        if (verdict == VERDICT_MORE) {
            if (now - decoder->newest < patience(decoder))
                return false;
            verdict = give_up(decoder, &used, out);
        }
        take_out(decoder, used);
        if (verdict == VERDICT_INPUT)
            return true;
    }
    return false;
}

int decoder_wait(const struct decoder *decoder, uint64_t now)
{
    if (decoder->count == 0)
        return -1;
    const uint64_t gone = now - decoder->newest, whole = patience(decoder);
    return gone < whole ? (int)((whole - gone + 999999) / 1000000) : 0;
}
