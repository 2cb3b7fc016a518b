/* Runs the one suite that it is linked with. */
#include <stdlib.h>

#include "suite.h"

int main(void)
{
    /* Without a home no run leaves a journal behind; a test of that gives itself a place. */
    unsetenv("XDG_STATE_HOME");
    unsetenv("HOME");
    SRunner *runner = srunner_create(make_suite());
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
