/* The states of a run, which the worker sets and the screen shows, and the length of a branch's name. */
#ifndef ENGINE_SESSION_STATE_H
#define ENGINE_SESSION_STATE_H

#define SESSION_NAME_SIZE 32 /* bytes of a branch's name, with the zero at its end */

/* The worker takes steps in SESSION_RUNNING alone; the other states say why the run rests. */
enum session_state { SESSION_RUNNING, SESSION_PAUSED, SESSION_DIVERGED, SESSION_STOPPED_EARLY, SESSION_ENDED };

#endif
