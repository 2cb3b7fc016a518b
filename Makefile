# downhill.  `make run` opens it, `make check` tests it; both install what is missing.
#
#   make                 build/downhill, and the corpora in samples/
#   make run TASK=samples/digits.csv ARGS='--seed 2'
#   make check           every test               make proof   the slow ones: many seeds, minutes
#   make bench           speed, as ratios         make lint    warnings, layers, format, man page
#   make asan-check      the tests under a sanitizer; also ubsan-check, tsan-check
#   make fuzz            the parsers against mutated input
#   make mutants         the tests against faults put into the program (tests/mutants/run)
#   make install PREFIX=/usr/local DESTDIR=       make uninstall, clean, format

VERSION = 0.1.0
CC ?= cc
BUILD ?= build
PREFIX ?= /usr/local
# Functions and loops begin at boundaries of the processor's code cache: the time of a small step depended by 5 % on where
# other code happened to put them.
OPT ?= -O2 -g -falign-functions=64 -falign-loops=32
TASK ?= spiral
ARGS ?=
WERROR ?=
SANITIZE ?=

WARN = -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes -Wvla
override CPPFLAGS += -Iinclude -Isrc -D_POSIX_C_SOURCE=200809L -D_XOPEN_SOURCE=700 -D_DEFAULT_SOURCE
override CFLAGS += -std=c17 $(OPT) $(WARN) $(WERROR) $(SANITIZE) -ffp-contract=off -pthread -MMD -MP

# Homebrew keeps its libraries away from the compiler's own paths.
BREW := $(shell command -v brew >/dev/null 2>&1 && brew --prefix)
ifneq ($(BREW),)
override CPPFLAGS += -I$(BREW)/include -I$(BREW)/opt/ncurses/include -I$(BREW)/opt/openblas/include -D_DARWIN_C_SOURCE
override LDFLAGS += -L$(BREW)/lib -L$(BREW)/opt/ncurses/lib -L$(BREW)/opt/openblas/lib
endif
BLAS_CFLAGS = $(shell pkg-config --cflags openblas 2>/dev/null)
BLAS_LIBS = $(shell pkg-config --libs openblas 2>/dev/null || echo -lopenblas)
NCURSES_LIBS = $(shell pkg-config --libs ncursesw 2>/dev/null || echo -lncursesw)
CHECK_LIBS = $(shell pkg-config --libs check 2>/dev/null || echo -lcheck)
CJSON_LIBS = $(shell pkg-config --libs libcjson 2>/dev/null || echo -lcjson)
INIH_LIBS = $(shell pkg-config --libs inih 2>/dev/null || echo -linih)
CAIRO_CFLAGS = $(shell pkg-config --cflags cairo 2>/dev/null || echo -I/usr/include/cairo)
CAIRO_LIBS = $(shell pkg-config --libs cairo 2>/dev/null || echo -lcairo)
LDLIBS += $(NCURSES_LIBS) $(BLAS_LIBS) $(CJSON_LIBS) $(INIH_LIBS) $(CAIRO_LIBS) -lcsv -lm

# The kernels and the optimizers are compiled once for each instruction level that this kind of processor can have.
ifneq ($(filter x86_64% amd64%,$(shell $(CC) -dumpmachine)),)
LEVELS = generic v3 v4
else
LEVELS = generic
endif
ARCH_v3 = -march=x86-64-v3
ARCH_v4 = -march=x86-64-v4

LEVELED := src/nn/kernels.c $(sort $(wildcard src/nn/optim/*.c))
SRC := $(filter-out $(LEVELED),$(sort $(wildcard src/*/*.c src/*/*/*.c)))
OBJ := $(SRC:src/%.c=$(BUILD)/obj/%.o) $(foreach level,$(LEVELS),$(LEVELED:src/%.c=$(BUILD)/obj/%-$(level).o))
LIB := $(filter-out $(BUILD)/obj/app/main.o,$(OBJ))
SUPPORT := $(patsubst tests/%.c,$(BUILD)/tests/%.o,$(wildcard tests/support/*.c))
UNIT := $(patsubst tests/%.c,$(BUILD)/tests/%,$(sort $(wildcard tests/unit/test_*.c)))
E2E := $(patsubst tests/%.c,$(BUILD)/tests/%,$(sort $(wildcard tests/e2e/test_*.c)))
PROOF := $(patsubst tests/%.c,$(BUILD)/tests/%,$(sort $(wildcard tests/proof/test_*.c)))

# The corpora are written by a program of their own, which stands on base/ alone.
CORPORA_OBJ := $(patsubst samples/%.c,$(BUILD)/samples/%.o,$(sort $(wildcard samples/corpora/*.c)))
CORPORA_LIB = $(filter-out %/main.o,$(CORPORA_OBJ))
CORPORA = samples/atlas.txt samples/atlas-questions.tsv samples/clinic.txt

all: $(BUILD)/downhill $(CORPORA)

$(BUILD)/downhill: $(OBJ)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)

$(BUILD)/obj/%.o: src/%.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(BLAS_CFLAGS) $(CAIRO_CFLAGS) $(CFLAGS) -DDOWNHILL_VERSION='"$(VERSION)"' -c -o $@ $<

define leveled
$(BUILD)/obj/%-$(1).o: src/%.c
	@mkdir -p $$(@D)
	$$(CC) $$(CPPFLAGS) $$(CFLAGS) $$(ARCH_$(1)) -DKERNEL_LEVEL_$(1) -c -o $$@ $$<
endef
$(foreach level,$(LEVELS),$(eval $(call leveled,$(level))))

$(BUILD)/samples/%.o: samples/%.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) -Isamples $(CFLAGS) -c -o $@ $<

$(BUILD)/corpora: $(CORPORA_OBJ) $(BUILD)/obj/base/random.o
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ -lm

# Whole or not at all, for those who read it meanwhile.
$(CORPORA): $(BUILD)/corpora
	$< $(@F) >$@.new && mv $@.new $@

run:
	@.ci/setup build
	@$(MAKE) --no-print-directory -s all
	@$(BUILD)/downhill $(TASK) $(ARGS)

# ---- tests -------------------------------------------------------------------------------------------------

TEST_FLAGS = $(CPPFLAGS) $(CAIRO_CFLAGS) -Itests -Isamples $(CFLAGS) -Wno-missing-field-initializers
# Tests of failing allocations put themselves between the program and malloc.
WRAP_test_faults = -lutil -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc,--wrap=aligned_alloc,--wrap=posix_memalign,--wrap=free
WRAP_test_channel = $(WRAP_test_faults)

$(BUILD)/tests/support/%.o: tests/support/%.c
	@mkdir -p $(@D)
	$(CC) $(TEST_FLAGS) -c -o $@ $<

$(BUILD)/tests/unit/%: tests/unit/%.c tests/unit/main.c $(LIB)
	@mkdir -p $(@D)
	$(CC) $(TEST_FLAGS) $(LDFLAGS) $(WRAP_$*) -o $@ $(filter %.c %.o,$^) $(CHECK_LIBS) $(LDLIBS)

$(BUILD)/tests/e2e/%: tests/e2e/%.c tests/unit/main.c $(SUPPORT) $(LIB)
	@mkdir -p $(@D)
	$(CC) $(TEST_FLAGS) $(LDFLAGS) -o $@ $(filter %.c %.o,$^) $(CHECK_LIBS) -lvterm -lutil $(LDLIBS)

$(BUILD)/tests/proof/%: tests/proof/%.c tests/unit/main.c $(SUPPORT) $(LIB)
	@mkdir -p $(@D)
	$(CC) $(TEST_FLAGS) $(LDFLAGS) -o $@ $(filter %.c %.o,$^) $(CHECK_LIBS) -lvterm -lutil $(LDLIBS)

$(BUILD)/tests/unit/test_corpora: $(CORPORA_LIB)

check:
	@.ci/setup build test
	@$(MAKE) --no-print-directory test

test: $(BUILD)/downhill $(UNIT) $(E2E) fuzzers
	@DOWNHILL=$(BUILD)/downhill tests/run $(UNIT) $(E2E)

unit: $(UNIT)
	@tests/run $(UNIT)

proof: $(BUILD)/downhill $(PROOF)
	@DOWNHILL=$(BUILD)/downhill CK_DEFAULT_TIMEOUT=3600 tests/run $(PROOF)

# With one thread OpenBLAS starts no others: the sanitizers cannot see how they agree with each other.  On the console ncurses opens
# libgpm, which does not give all its memory back; NCURSES_GPM_TERMS keeps it out.  tests/lint/leaks names other libraries that do not.
sanitized = +@OPENBLAS_NUM_THREADS=1 NCURSES_GPM_TERMS=none LSAN_OPTIONS=suppressions=$(CURDIR)/tests/lint/leaks:print_suppressions=0 $(MAKE) --no-print-directory BUILD=$(BUILD)/$(1) \
	OPT='-O1 -g' SANITIZE='-fno-omit-frame-pointer $(2)' test

asan-check:
	@.ci/setup build test
	$(call sanitized,asan,-fsanitize=address)

ubsan-check:
	@.ci/setup build test
	$(call sanitized,ubsan,-fsanitize=undefined -fno-sanitize-recover=undefined)

tsan-check:
	@.ci/setup build test
	$(call sanitized,tsan,-fsanitize=thread)

# A list of dependencies is a by-product of its object, never a goal.
%.d: ;
-include $(wildcard tests/bench/bench.mk tests/fuzz/fuzz.mk tests/mutants/mutants.mk)

# ---- the house ---------------------------------------------------------------------------------------------

$(BUILD)/tests/lint/fails: tests/lint/fails.c tests/unit/main.c
	@mkdir -p $(@D)
	$(CC) $(TEST_FLAGS) $(LDFLAGS) -o $@ $(filter %.c,$^) $(CHECK_LIBS) $(LDLIBS)

lint:
	@.ci/setup build test lint
	@CC='$(CC)' tests/lint/lint

format:
	clang-format -i $$(git ls-files '*.c' '*.h')

install: $(BUILD)/downhill $(CORPORA)
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/share/man/man1 $(DESTDIR)$(PREFIX)/share/downhill/samples
	install -m 755 $(BUILD)/downhill $(DESTDIR)$(PREFIX)/bin/downhill
	install -m 644 man/downhill.1 $(DESTDIR)$(PREFIX)/share/man/man1/downhill.1
	install -m 644 samples/*.csv samples/*.ini $(CORPORA) samples/README.md $(DESTDIR)$(PREFIX)/share/downhill/samples

uninstall:
	rm -f $(DESTDIR)$(PREFIX)/bin/downhill $(DESTDIR)$(PREFIX)/share/man/man1/downhill.1
	rm -rf $(DESTDIR)$(PREFIX)/share/downhill

clean:
	rm -rf $(BUILD) $(CORPORA)

-include $(OBJ:.o=.d) $(CORPORA_OBJ:.o=.d) $(UNIT:=.d) $(E2E:=.d) $(PROOF:=.d) $(SUPPORT:.o=.d)
.PHONY: all run check test unit proof asan-check ubsan-check tsan-check lint format install uninstall clean
.DELETE_ON_ERROR:
