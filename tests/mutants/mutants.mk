# make mutants: puts each fault of tests/mutants/*.txt into a copy of the program and prints those that no test finds;
# make mutants ARGS='ui': one list, one mutant or one file.  tests/mutants/run says how to add a row.
mutants: all
	@.ci/setup build test
	@BUILD=$(BUILD) CC='$(CC)' tests/mutants/run $(ARGS)

.PHONY: mutants
