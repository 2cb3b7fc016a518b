# make bench: every row of the table; make bench ARGS=screen: one part (training language whole samples time drawing table text screen,
# and long, which takes minutes and is run by name alone).
BENCH := $(patsubst tests/bench/%.c,$(BUILD)/tests/bench/%.o,$(wildcard tests/bench/*.c))

$(BUILD)/tests/bench/%.o: tests/bench/%.c
	@mkdir -p $(@D)
	$(CC) $(TEST_FLAGS) $(BLAS_CFLAGS) -c -o $@ $<

$(BUILD)/bench: $(BENCH) $(SUPPORT) $(LIB)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ -lvterm -lutil $(CHECK_LIBS) $(LDLIBS)

bench: $(BUILD)/downhill $(BUILD)/bench
	@state=$$(mktemp -d) && trap "rm -rf $$state" EXIT && XDG_STATE_HOME=$$state DOWNHILL=$(BUILD)/downhill $(BUILD)/bench $(ARGS)

-include $(BENCH:.o=.d)
.PHONY: bench
