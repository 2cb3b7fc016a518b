/* How the numbers of a column are written: which character is the decimal mark, and which one may part the digits before
 * it into groups of three ("1.234,5", "1,234.5", "1 234,5", "1'234.5").
 *
 * Each column is decided from the first rows of the file.  A cell such as "31,6" or "1.234.567" proves what the mark is;
 * "3.092" proves nothing, since its point may part thousands.  A column without a proof follows the columns that have
 * one, then the file that the model was trained on, then the separator (a semicolon goes with the decimal comma). */
#ifndef DATA_NOTATION_H
#define DATA_NOTATION_H

#include <stdbool.h>
#include <stddef.h>

struct notation {
    char mark;   /* decimal mark */
    char other;  /* a second one, in a column that has both; else the same */
    char group;  /* point or comma between groups of three digits; 0: none */
    bool blanks; /* blanks (those that do not break too) and apostrophes part such groups as well */
};

/* Decimal points, thousands commas. */
extern const struct notation notation_usual;

/* Whether the text is a number in some notation. */
bool notation_is_number(const char *text, size_t length);

/* What the cells of one column prove. */
struct notation_column {
    size_t whole, comma, point;        /* numbers without a mark; that prove a decimal comma, or point */
    size_t comma_threes, point_threes; /* with one mark before three digits: no proof */
    size_t long_whole;                 /* whole numbers of four digits and more: thousands are not parted */
    size_t blanks;                     /* numbers with blanks or apostrophes between groups ... */
    bool short_group;                  /* ... of which one begins with a group of one or two digits */
    size_t texts;
    struct notation notation;                                            /* the decision */
    enum { NOTATION_SURE, NOTATION_THOUSANDS, NOTATION_DECIMALS } doubt; /* how a mark that proves nothing was taken */
};

void notation_take(struct notation_column *column, const char *text, size_t length);

/* Decides for all columns.  `said`: '.' or ',', of the user; 0: none; `before`: likewise, of the training file.
 * Returns the mark of the file: that of most columns that prove one; 0: there is no proof. */
char notation_decide(struct notation_column *column, size_t columns, char separator, char said, char before);

/* A digit or a sign, and a mark or a blank behind one to three digits: tells most other texts from grouped numbers. */
static inline bool notation_may_be_groups(const char *text, size_t length)
{
    const bool first = (unsigned char)(text[0] - '0') < 10 || text[0] == '-' || text[0] == '+';
    if (length < 5 || !first)
        return false;
    for (size_t i = 1; i < 5 && i < length; i++)
        if ((unsigned char)(text[i] - '0') >= 10)
            return text[i] == '.' || text[i] == ',' || text[i] == ' ' || text[i] == '\'' ||
                   (unsigned char)text[i] >= 0xc2;
    return false;
}

/* Reads a number whose digits are in groups: the whole text, or it is none. */
bool notation_read_groups(const struct notation *notation, const char *text, size_t length, double *value);

#endif
