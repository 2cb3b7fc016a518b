/* The states of a run, as the worker decides them and the screen shows them. */
#ifndef ENGINE_SESSION_STATE_H
#define ENGINE_SESSION_STATE_H

#define SESSION_NAME_SIZE 32 /* bytes of a branch's name, with the zero at its end */

/* The last four are ways of being paused. */
enum session_state { SESSION_RUNNING, SESSION_PAUSED, SESSION_DIVERGED, SESSION_STOPPED_EARLY, SESSION_ENDED };

#endif
