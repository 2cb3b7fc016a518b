/* Prints the help from the tables of subcommands and fields. */
#include "app/help.h"

#include "app/field_list.h"
#include "app/subcommand.h"

/* "a, b or c" */
static void print_choices(FILE *out, const struct field *field)
{
    const size_t count = field_choices(field);
    for (size_t i = 0; i < count; i++) {
        const char *joint = i + 1 == count ? " or " : ", ";
        fprintf(out, "%s%s", i == 0 ? "" : joint, field->choice(i));
    }
    fputs(field->about ? "; " : "", out);
}

static void print_row(FILE *out, const struct field *field)
{
    char left[64], letter[8] = "    ";
    const char *argument = field_argument(field);
    if (field->letter)
        snprintf(letter, sizeof letter, "-%c, ", field->letter);
    snprintf(left, sizeof left, "%s--%s%s%s", letter, field->name, argument ? " " : "", argument ? argument : "");
    fprintf(out, "  %-29s ", left);
    if (field->choice && !field->argument && !field->label)
        print_choices(out, field);
    fprintf(out, "%s\n", field->label ? field->label : field->about ? field->about : "");
}

void help_print(FILE *out)
{
    for (size_t i = 0; i < subcommand_count; i++)
        fprintf(out, "%s downhill %s\n", i == 0 ? "Usage:" : "      ", subcommand_table[i].usage);
    fputs("\n"
          "TASK is a toy (default: spiral), a CSV file (-: standard input), a text (.txt, .md, .c ...), or a recipe "
          "(.ini)\n"
          "that says all this; options change what it says.  An option without a value is taken back with no-, as in "
          "--no-ascii.\n",
          out);
    for (size_t i = 0; i < field_list_count; i++) {
        const struct field_table *table = field_list[i].table;
        if (table->heading)
            fprintf(out, "\n%s:\n", table->heading);
        for (size_t k = 0; k < table->count; k++)
            print_row(out, &table->row[k]);
    }
    fputs("\nExit status: 0 done, 1 it could not, 2 wrong usage, 3 the loss or a weight is not finite.\n", out);
}
