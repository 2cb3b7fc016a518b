#include "bench/peer.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/bench.h"

#define PYTHON "/usr/bin/python3"
#define SCRIPT "tests/bench/peer_torch.py"
#define PAIRS  31 /* a process of its own meets more of what else the machine does */

struct peer {
    pid_t process;
    FILE *to, *from;
};

static bool peer_open(struct peer *peer, const char *name)
{
    int in[2], out[2];
    char word[16];
    if (pipe(in) != 0)
        return false;
    if (pipe(out) != 0) {
        close(in[0]);
        close(in[1]);
        return false;
    }
    peer->process = fork();
    if (peer->process == 0) {
        dup2(in[0], STDIN_FILENO);
        dup2(out[1], STDOUT_FILENO);
        close(in[1]);
        close(out[0]);
        if (!freopen("/dev/null", "w", stderr))
            _exit(127);
        setenv("OMP_NUM_THREADS", "1", 1);
        execl(PYTHON, PYTHON, SCRIPT, name, (char *)NULL);
        _exit(127);
    }
    close(in[0]);
    close(out[1]);
    peer->to = fdopen(in[1], "w");
    peer->from = fdopen(out[0], "r");
    return peer->process > 0 && peer->to && peer->from && fgets(word, sizeof word, peer->from) &&
           strcmp(word, "ready\n") == 0;
}

static double peer_slice(struct peer *peer)
{
    double speed = 0;
    fputs("go\n", peer->to);
    fflush(peer->to);
    return fscanf(peer->from, "%lf", &speed) == 1 ? speed : 0;
}

static void peer_close(struct peer *peer)
{
    if (peer->to)
        fclose(peer->to);
    if (peer->from)
        fclose(peer->from);
    if (peer->process > 0)
        waitpid(peer->process, NULL, 0);
}

void peer_row(const char *what, const char *name, struct bench_work *ours, double goal)
{
    char ours_text[32], peer_text[32];
    struct peer peer = {0};
    void (*before)(int) = signal(SIGPIPE, SIG_IGN);
    if (!peer_open(&peer, name)) {
        bench_note(what, "not run: no PyTorch for " PYTHON);
        goto out;
    }
    double our_speed[PAIRS], its_speed[PAIRS], ratio[PAIRS];
    bench_fit(ours);
    for (int i = 0; i < PAIRS; i++) {
        its_speed[i] = peer_slice(&peer);
        our_speed[i] = bench_slice(ours);
        if (its_speed[i] <= 0) {
            bench_note(what, "not run: the peer ended early");
            goto out;
        }
        ratio[i] = our_speed[i] / its_speed[i];
    }
    bench_speed(ours_text, sizeof ours_text, bench_median(our_speed, PAIRS));
    bench_speed(peer_text, sizeof peer_text, bench_median(its_speed, PAIRS));
    bench_row(what, ours_text, peer_text, bench_median(ratio, PAIRS), true, goal);
out:
    peer_close(&peer);
    signal(SIGPIPE, before);
}
