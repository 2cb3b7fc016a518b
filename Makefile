# downhill: `make run` opens it, `make check` tests it.

CC ?= cc
BUILD ?= build
OPT ?= -O2 -g
WARN = -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes -Wvla
PKGS = ncursesw openblas
override CPPFLAGS += -Iinclude -Isrc -D_POSIX_C_SOURCE=200809L -D_XOPEN_SOURCE=700 -D_DEFAULT_SOURCE
override CFLAGS += -std=c17 $(OPT) $(WARN) $(WERROR) -ffp-contract=off -pthread -MMD -MP

NCURSES_LIBS ?= $(shell pkg-config --libs ncursesw 2>/dev/null || echo -lncursesw -ltinfo)
BLAS_CFLAGS ?= $(shell pkg-config --cflags openblas 2>/dev/null)
BLAS_LIBS ?= $(shell pkg-config --libs openblas 2>/dev/null || echo -lopenblas)
LDLIBS += $(NCURSES_LIBS) $(BLAS_LIBS) -lcsv -lm

LEVELS = generic v3 v4
ARCH_generic =
ARCH_v3 = -march=x86-64-v3
ARCH_v4 = -march=x86-64-v4

SRC := $(filter-out src/nn/kernels.c,$(wildcard src/*/*.c))
OBJ := $(SRC:src/%.c=$(BUILD)/obj/%.o) $(LEVELS:%=$(BUILD)/obj/nn/kernels-%.o)
LIB := $(filter-out $(BUILD)/obj/app/main.o,$(OBJ))
UNIT := $(patsubst tests/unit/%.c,$(BUILD)/tests/unit/%,$(wildcard tests/unit/test_*.c))

all: $(BUILD)/downhill

$(BUILD)/downhill: $(OBJ)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)

$(BUILD)/obj/%.o: src/%.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(BLAS_CFLAGS) $(CFLAGS) -c -o $@ $<

$(BUILD)/obj/nn/kernels-%.o: src/nn/kernels.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) $(ARCH_$*) -DKERNEL_LEVEL_$* -c -o $@ $<

$(BUILD)/tests/unit/%: tests/unit/%.c tests/unit/main.c $(LIB)
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) -Itests -o $@ $^ $(LDFLAGS) -lcheck -lsubunit -lrt $(LDLIBS)

unit: $(UNIT)
	@for t in $(UNIT); do $$t || exit 1; done

clean:
	rm -rf $(BUILD)

-include $(OBJ:.o=.d)
.PHONY: all unit clean
