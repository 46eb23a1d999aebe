# citycredit -- build, install and test through PGXS
#
#   make                 build (make WERROR=1, or CI set: warnings are errors)
#   make install         install into the server of $(PG_CONFIG)
#   make installcheck    run the tests in test/sql against a running server
#   make core            archive the plain C core for command-line tools
#   make lint            rules that a compiler does not check
#   make test            every suite, each on a throwaway server, with what is installed
#   make demo            a city on the screen; demo-psql looks around in it, demo-stop removes it
#   make bench           ratios against plain tables; SCALE=small or full, WORK="copy regrade" for some of them
#   make coverage        writes doc/coverage.md: what measures need to say, and where it is shown, used and compared
#   make reference       writes doc/reference.md from the catalogue of what is installed, doc/proceedings.md from its tables of steps

EXTENSION   = citycredit
EXTVERSION := $(shell sed -n "s/^default_version *= *'\(.*\)'/\1/p" $(EXTENSION).control)
MODULE_big  = $(EXTENSION)

# src/core knows no postgres.h: the same objects serve the backend and the tools
CORE_OBJS   = $(patsubst %.c,%.o,$(sort $(wildcard src/core/*.c)))
OBJS        = $(patsubst %.c,%.o,$(sort $(wildcard src/*.c))) $(CORE_OBJS)
CORE_LIB    = libcitycredit_core.a

PG_CPPFLAGS = -DCC_VERSION='"$(EXTVERSION)"' -Isrc
SHLIB_LINK += -lyaml
ifneq ($(CI)$(WERROR),)
PG_CFLAGS  += -Wall -Wextra -Werror -Wno-unused-parameter -Wno-missing-field-initializers -Wno-sign-compare
endif

# the guard is a script of its own, version 0, that the rest updates: it must speak before anything is converted
SQL_GUARD        = sql/extension/00_guard.sql
SQL_MODULES      = $(filter-out $(SQL_GUARD),$(sort $(wildcard sql/extension/[0-9][0-9]_*.sql)))
REGISTRY_MODULES = $(sort $(wildcard sql/registry/[0-9][0-9]_*.sql))
DATA        = $(wildcard sql/updates/*.sql)
DATA_built  = sql/$(EXTENSION)--0.sql sql/$(EXTENSION)--0--$(EXTVERSION).sql
EXTRA_CLEAN = citycredit-policy bench/compile $(CORE_LIB) results regression.diffs regression.out output_iso

# in order: install creates the extension for the others, uninstall takes it away
REGRESS      = install today subject_code credit_grade commitment_state repair_status \
               registry_life tap_identity tap_finding tap_change tap_intake tap_lists tap_publication tap_rights \
               tap_catalogue tap_policy tap_standing tap_explain tap_explain_text review_write \
               tap_listing tap_measure \
               review_verify review_state review_policy shard hostile_yaml tap_reasons tap_fallen \
               tap_row_security tap_write tap_reads tap_reads_scan tap_effects tap_calendar tap_proceeding \
               tap_proceeding_walk tap_due_process tap_policy_life tap_rating tap_rating_rank tap_grade_gap \
               tap_commitment tap_shipped tap_simulate tap_simulate_reads tap_publicity tap_publicity_oracle tap_published \
               tap_repair tap_objection tap_lives tap_lives_steps tap_lives_conditions \
               tap_scenario_waste tap_feed tap_feed_converge tap_feed_publicity tap_feed_inbox tap_government tap_advocate \
               tap_altered uninstall
REGRESS_OPTS = --inputdir=test --outputdir=. --encoding=UTF8 --no-locale
# expanded at once: with no specs it is empty, and no empty run reports success; prepare makes what the others use
SPECS       := $(sort $(patsubst test/specs/%.spec,%,$(wildcard test/specs/*.spec)))
ISOLATION   := $(filter prepare,$(SPECS)) $(filter-out prepare,$(SPECS))
ISOLATION_OPTS = --inputdir=test --outputdir=. --load-extension=citycredit --encoding=UTF8 --no-locale

PG_CONFIG ?= pg_config
PGXS := $(shell $(PG_CONFIG) --pgxs)
include $(PGXS)

# PGXS tracks no headers
HEADERS_ALL := $(wildcard src/*.h src/core/*.h)
$(OBJS) $(OBJS:.o=.bc): $(HEADERS_ALL) $(EXTENSION).control

# the directories too: a module taken away is a change as well
sql/$(EXTENSION)--0.sql: sql/build.sh $(SQL_GUARD)
	sh sql/build.sh $(SQL_GUARD) -- > $@.tmp || { rm -f $@.tmp; exit 1; }
	mv $@.tmp $@
sql/$(EXTENSION)--0--$(EXTVERSION).sql: sql/build.sh sql/shipped.sh $(wildcard rules/*/*.yaml rules/catalogue/*.csv rules/calendar/*.csv) $(SQL_MODULES) $(REGISTRY_MODULES) $(EXTENSION).control \
		sql/extension sql/registry
	sh sql/build.sh $(SQL_MODULES) -- $(REGISTRY_MODULES) > $@.tmp || { rm -f $@.tmp; exit 1; }
	mv $@.tmp $@

.PHONY: core lint
core: $(CORE_LIB)
$(CORE_LIB): $(CORE_OBJS)
	rm -f $@
	$(AR) $(AROPT) $@ $^

# the core stays free of PostgreSQL; versions are told apart in cc_compat.h alone;
# a header compiles by itself after postgres.h
lint:
	@! grep -snE '#include *[<"](postgres|fmgr|utils/|catalog/|access/|nodes/)' src/core/*.[ch]
	@! grep -sn 'PG_VERSION_NUM' $(filter-out src/cc_compat.h,$(wildcard src/*.[ch] src/core/*.[ch]))
	@! grep -snE '#include.*postgres\.h' $(wildcard src/*.h)
	@for h in $(wildcard src/*.h); do \
		echo "#include \"postgres.h\"\n#include \"$$h\"" | \
		$(CC) $(CFLAGS) $(CPPFLAGS) -I. -fsyntax-only -x c - || { echo "$$h does not compile by itself"; exit 1; }; \
	done
	@for h in $(wildcard src/core/*.h); do \
		echo "#include \"$$h\"" | $(CC) -Wall -Wextra -Werror -I. -fsyntax-only -x c - || { echo "$$h does not compile by itself"; exit 1; }; \
	done

# pg_regress prefers ./sql/N.sql over test/sql/N.sql: refuse a clash
CLASH := $(filter $(notdir $(wildcard sql/*.sql)),$(notdir $(wildcard test/sql/*.sql)))
$(if $(CLASH),$(error test and SQL module share a name: $(CLASH)))

# the linter and policy tester without a server: the same objects as in the backend
citycredit-policy: src/tools/citycredit-policy.c $(CORE_LIB)
	$(CC) $(CFLAGS) -o $@ $< $(CORE_LIB) -lyaml
all: citycredit-policy

# the measures, then the small policies that show the language form by form
MEASURES = $(filter-out %.test.yaml,$(wildcard rules/*/*.yaml) $(wildcard test/language/*.yaml))
.PHONY: policytest oracle
policytest: citycredit-policy
	@status=0; for f in $(MEASURES); do ./citycredit-policy check $$f || status=1; ./citycredit-policy test $$f $${f%.yaml}.test.yaml || status=1; done; exit $$status

# ORACLE=1000000 for the long run
ORACLE ?= 5000
oracle: citycredit-policy
	bash test/oracle/run.sh $(ORACLE) 1 ./citycredit-policy

# from nothing: what is missing installed, built, installed, every suite on a throwaway server; the engine's suites alone; a city on the screen
.PHONY: test check-engine demo demo-intake demo-psql demo-stop
test:
	.ci/run
check-engine:
	.ci/run regress isolation tap policy oracle
demo:
	demo/run
demo-intake:
	demo/run intake
demo-psql:
	demo/run psql
demo-stop:
	demo/run stop

# what they measure and describe is what is installed
SCALE ?= small
.PHONY: bench reference coverage
bench/compile: bench/compile.c $(CORE_LIB)
	$(CC) $(CFLAGS) -Isrc -o $@ $< $(CORE_LIB) -lyaml
bench: bench/compile citycredit-policy
	SCALE=$(SCALE) bench/run.sh $(WORK)
reference:
	test/cluster run -- doc/reference.sh > doc/reference.md.tmp || { rm -f doc/reference.md.tmp; exit 1; }
	mv doc/reference.md.tmp doc/reference.md
	test/cluster run -- doc/proceedings.sh > doc/proceedings.md.tmp || { rm -f doc/proceedings.md.tmp; exit 1; }
	mv doc/proceedings.md.tmp doc/proceedings.md
coverage:
	/usr/bin/python3 doc/coverage.py > doc/coverage.md.tmp || { rm -f doc/coverage.md.tmp; exit 1; }
	mv doc/coverage.md.tmp doc/coverage.md
