/* `downhill replay FILE`: a run again, from its journal. */
#ifndef APP_REPLAY_H
#define APP_REPLAY_H

#include "app/cli.h"
#include "base/status.h"
#include "engine/journal.h"

struct replay {
    struct journal_script *script;
    struct journal_facts facts; /* of the machine and the data then */
};

/* Reads the journal, puts its run in place of the command line's, and checks the data files, which may also lie beside
 * the journal. What is said of speed, log and screen stays.  The replay is to be freed in any case. */
enum status replay_load(struct replay *replay, struct cli *cli, struct error *error);
void replay_free(struct replay *replay);

#endif
