/* Writes the bytes of tokens as they come: as they are, or on a terminal as text that is safe to print. */
#include "app/voice.h"

#include <string.h>

#include "base/text.h"

/* Bytes that a UTF-8 character has which begins so; 1 where none does. */
static size_t promised(unsigned char lead)
{
    if (lead < 0xc2 || lead > 0xf4)
        return 1;
    return lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
}

/* Nothing that may still come can change what is to be said of its first byte. */
static bool is_settled(const struct voice *voice)
{
    const size_t whole = promised((unsigned char)voice->held[0]);
    for (size_t i = 1; i < whole && i < voice->holds; i++)
        if (((unsigned char)voice->held[i] & 0xc0) != 0x80)
            return true;
    return voice->holds >= whole;
}

/* The first character of what is held, or a mark for its first byte. */
static void say_one(struct voice *voice)
{
    const char first = voice->held[0];
    const size_t bytes = text_printable(voice->held), used = bytes > 0 ? bytes : 1;
    if (bytes > 0 || first == '\n' || first == '\t')
        fwrite(voice->held, 1, used, voice->out);
    else
        fputc('?', voice->out);
    voice->amid = first != '\n';
    voice->holds -= used;
    memmove(voice->held, voice->held + used, voice->holds + 1);
}

bool voice_say(struct voice *voice, const void *bytes, size_t length)
{
    const char *byte = bytes;
    if (!voice->terminal)
        fwrite(bytes, 1, length, voice->out);
    for (size_t i = 0; i < length && voice->terminal; i++) {
        voice->held[voice->holds++] = byte[i];
        voice->held[voice->holds] = '\0';
        while (voice->holds > 0 && is_settled(voice))
            say_one(voice);
    }
    return fflush(voice->out) == 0 && !ferror(voice->out);
}

void voice_end(struct voice *voice)
{
    while (voice->holds > 0)
        say_one(voice);
    if (voice->terminal && voice->amid)
        fputc('\n', voice->out);
    fflush(voice->out);
}
