# make fuzz: each parser against FUZZ mutations of its corpus, under AddressSanitizer and UBSan; make fuzz FUZZ=1000000 is the
# thorough one, make fuzz FUZZERS=csv does one parser.  An input that ends in a crash is left in ./fuzz-crash.
FUZZ ?= 100000
FUZZERS ?= cli corpus csv features journal line number recipe source text tokenizer weights
FUZZ_PROGRAMS := $(FUZZERS:%=$(BUILD)/tests/fuzz/fuzz_%)

$(BUILD)/tests/fuzz/fuzz_%: tests/fuzz/fuzz_%.c tests/fuzz/driver.c tests/fuzz/fuzz.h $(LIB)
	@mkdir -p $(@D)
	$(CC) $(TEST_FLAGS) $(LDFLAGS) -o $@ $(filter %.c %.o,$^) $(LDLIBS)

fuzzers: $(FUZZ_PROGRAMS)

fuzz-all: fuzzers
	@for part in $(FUZZERS); do $(BUILD)/tests/fuzz/fuzz_$$part tests/fuzz/corpus/$$part $(FUZZ) || exit 1; done

fuzz:
	@.ci/setup build
	+@$(MAKE) --no-print-directory BUILD=$(BUILD)/fuzz OPT='-O1 -g' \
		SANITIZE='-fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=undefined' fuzz-all

.PHONY: fuzz fuzzers fuzz-all
