/*
 * citycredit-policy -- check, test and try a policy file without a server
 *
 * citycredit-policy check [--properties] POLICY...  all findings, and what can be proved; exit 1 if there are errors
 * citycredit-policy test POLICY.yaml TESTS.yaml     the tests beside it; exit 1 if one fails
 * citycredit-policy eval [--split] POLICY HISTORY   outcomes of subjects in a text file; --split folds each in two parts
 * citycredit-policy bench POLICY.yaml N RECORDS     evaluations a second, on random records in memory
 *
 * The same objects as in the backend.
 *
 * HISTORY has lines of fields separated by tabs: "S kind" begins a subject, "F key=value ..." is a fact of it (terms of
 * a record; amount and fine in fen; revoked_on, verified=f, linked_from, linked_until), "Q day" asks for its outcome, "R day
 * [rating]" closes a rating of all subjects since the last one, within the days of that rating if it is named. Each outcome is a line: number of the subject, day, state, score,
 * band, grade, undecided, vetoes, lists, next change, items (id=sum/count) and components (id=value), effects, due days,
 * values, runs with counters (id=value/resets) and steps, ranks with groups; "-" is none.
 */
#include "../core/load.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static void *
allocate(CcEnv *env, size_t size)
{
	void	   *memory = calloc(1, size ? size : 1);

	(void) env;
	if (memory == NULL)
	{
		fputs("out of memory\n", stderr);
		exit(3);
	}
	return memory;
}

static void
fail(CcEnv *env, CcFailure code, const char *message)
{
	(void) env;
	(void) code;
	fprintf(stderr, "citycredit-policy: %s\n", message);
	exit(3);
}

static CcEnv env = {allocate, fail};

static char *
read_file(const char *path, size_t *len)
{
	FILE	   *file = fopen(path, "rb");
	char	   *text;
	long		size;

	if (file == NULL || fseek(file, 0, SEEK_END) != 0 || (size = ftell(file)) < 0 || fseek(file, 0, SEEK_SET) != 0)
	{
		perror(path);
		exit(2);
	}
	text = allocate(&env, (size_t) size + 1);
	*len = fread(text, 1, (size_t) size, file);
	fclose(file);
	return text;
}

static void
print_findings(const char *path, const CcFindings *findings, bool warnings)
{
	const CcFinding *finding;

	for (finding = findings->first; finding != NULL; finding = finding->next)
		if (warnings || !finding->warning)
			printf("%s:%d:%d: %s%s: %s%s%s\n    %s\n", path, finding->line, finding->column, finding->warning ? "warning: " : "", finding->code,
				   finding->path, finding->path[0] ? ": " : "", finding->message, finding->hint ? finding->hint : "");
}

static CcPolicy *
load(const char *path, CcFindings *findings, bool warnings)
{
	CcReader   *reader = cc_reader_open(&env);
	size_t		len;
	char	   *text = read_file(path, &len);
	CcPolicy   *policy;

	cc_findings_init(findings, &env);
	policy = cc_policy_load(reader, &env, text, len, findings);
	cc_reader_close(reader);
	print_findings(path, findings, warnings);
	return policy;
}

static int
check(int n, char **paths)
{
	CcFindings	findings;
	bool		properties = strcmp(paths[0], "--properties") == 0;
	const CcPolicy *policy;
	const char *why_not;
	int			bad = 0;
	int			i;

	for (i = properties; i < n; i++)
	{
		if ((policy = load(paths[i], &findings, true)) == NULL)
			bad++;
		else if (findings.n_warnings == 0)
			printf("%s: no findings\n", paths[i]);
		if (!properties || policy == NULL)
			continue;
		if (cc_policy_monotone(policy, &why_not))
			printf("%s: a further penalty never leads to a better band: proved\n", paths[i]);
		else
			printf("%s: a further penalty never leads to a better band: not proved, %s\n", paths[i], why_not);
	}
	return bad > 0;
}

static int
run_tests(const char *policy_path, const char *tests_path)
{
	CcFindings	findings;
	CcReader   *reader;
	const CcPolicy *policy = load(policy_path, &findings, false);
	const CcNode *root;
	CcTestResult *result;
	size_t		len;
	char	   *text;
	int			passed = 0,
				failed = 0;

	if (policy == NULL)
		return 1;
	text = read_file(tests_path, &len);
	reader = cc_reader_open(&env);
	cc_findings_init(&findings, &env);
	root = cc_reader_read(reader, text, len, &findings);
	cc_reader_close(reader);
	result = root ? cc_policy_test(&env, policy, root, &findings) : NULL;
	print_findings(tests_path, &findings, true);
	for (; result != NULL; result = result->next)
	{
		*(result->ok ? &passed : &failed) += 1;
		if (!result->ok)
			printf("not ok: %s\n    expected: %s\n    actual:   %s\n    fired:    %s\n", result->name, result->expected, result->actual,
				   result->fired);
	}
	failed += findings.n;
	printf("%s: %d passed, %d failed\n", tests_path, passed, failed);
	return failed > 0 || passed == 0;
}

static void
print_rules(const CcRule *rules, int n, uint32_t bits)
{
	bool		any = false;
	int			i;

	for (i = 0; i < n; i++)
	{
		if (!(bits >> i & 1))
			continue;
		printf("%s%s", any ? "," : "", rules[i].id);
		any = true;
	}
	fputs(any ? "\t" : "-\t", stdout);
}

static void
print_items(const CcPolicy *policy, const CcTally *tally)
{
	char		text[32];
	int			i;

	for (i = 1; i < policy->n_items; i++)
	{
		cc_decimal_format(tally->sum[i], CC_DECIMALS, text);
		printf("%s%s=%s/%d", i > 1 ? " " : "", policy->items[i].id, text, tally->count[i]);
	}
	for (i = 0; i < policy->n_components; i++)
	{
		cc_decimal_format(tally->component[i], CC_DECIMALS, text);
		printf(" %s=%s", policy->components[i].id, text);
	}
	putchar('\t');
}

static void
print_due(const CcPolicy *policy, const CcOutcome *outcome)
{
	bool		any = false;
	char		text[32];
	int			i;

	for (i = 0; i < policy->n_effects; i++)
	{
		if (!(outcome->effects >> i & 1) || !policy->effects[i].is_order)
			continue;
		cc_day_format(outcome->due[i], text);
		printf("%s%s=", any ? "," : "", policy->effects[i].id);
		if (policy->effects[i].due.unit == CC_UNIT_WORKING_DAYS && outcome->due[i] != CC_DAY_UNKNOWN)
			printf("%d working days after ", policy->effects[i].due.n);
		fputs(text, stdout);
		any = true;
	}
	fputs(any ? "\t" : "-\t", stdout);
}

static void
print_values(const CcPolicy *policy, const CcOutcome *outcome)
{
	char		text[32];
	int			i;

	for (i = 0; i < policy->n_values; i++)
	{
		cc_decimal_format(outcome->value[i], policy->values[i].decimals, text);
		printf("%s%s=%s", i ? " " : "", policy->values[i].id, outcome->value[i] == CC_NUMBER_UNKNOWN ? "unknown" : text);
	}
	fputs(policy->n_values ? "\t" : "-\t", stdout);
}

static void
print_counters(const CcPolicy *policy, const CcTally *tally)
{
	const char *gap = "";
	char		text[32];
	int			i;

	for (i = 0; i < policy->n_runs; i++, gap = " ")
		printf("%s%s=%d", gap, policy->runs[i].id, tally->run[i]);
	for (i = 0; i < policy->n_counters; i++, gap = " ")
	{
		cc_decimal_format(tally->counter[i], CC_DECIMALS, text);
		printf("%s%s=%s/%d", gap, policy->counters[i].id, text, tally->resets[i]);
	}
	for (i = 0; i < policy->n_steps; i++)
		printf("%s%s=%d", gap, policy->steps[i].id, tally->fired[i]);
	fputs(gap[0] ? "\t" : "-\t", stdout);
}

static void
print_place(const CcPolicy *policy, const CcPlace *place)
{
	int			i;

	if (place == NULL || policy->n_ranks == 0)
	{
		puts("-");
		return;
	}
	for (i = 0; i < policy->n_ranks; i++)
	{
		printf("%s%s=", i ? " " : "", policy->ranks[i].id);
		if (place->rank[i] == 0)
			fputs("unknown", stdout);
		else
			printf("%d", place->rank[i]);
	}
	for (i = 0; i < policy->n_groups; i++)
		printf(" %s=%s", policy->groups[i].id, place->referred >> i & 1 ? "unknown" : place->groups >> i & 1 ? "t" : "f");
	putchar('\n');
}

/* One line for one outcome; see the head of this file. */
static void
print_outcome(int number, const CcPolicy *policy, CcDay day, const CcTally *tally, const CcOutcome *outcome, const CcPlace *place)
{
	static const char grades[] = "-EDCBA";
	char		text[32];

	cc_day_format(day, text);
	printf("%d\t%s\t%s\t", number, text, cc_state_name(policy, outcome->state));
	cc_decimal_format(outcome->score, policy->decimals, text);
	printf("%s\t%s\t%c\t%c\t", outcome->has_score ? text : "-", outcome->band >= 0 ? policy->bands[outcome->band].id : "-",
		   grades[outcome->grade], outcome->undecided ? 't' : 'f');
	print_rules(policy->vetoes, policy->n_vetoes, outcome->vetoes);
	print_rules(policy->lists, policy->n_lists, outcome->lists);
	cc_day_format(outcome->next_change_on, text);
	printf("%s\t", place ? "-" : text);
	if (outcome->state == CC_NOT_ENROLLED)
	{
		puts("-\t-\t-\t-\t-\t-");
		return;
	}
	print_items(policy, tally);
	print_rules(policy->effects, policy->n_effects, outcome->effects);
	print_due(policy, outcome);
	print_values(policy, outcome);
	print_counters(policy, tally);
	print_place(policy, place);
}

typedef struct Subject
{
	int			number;
	int			kind;			/* rank */
	CcFact	   *facts;
	int			n_facts;
	int			room;
	CcDay	   *days;
	int			n_days;
	int			days_room;
} Subject;

static void
fold_all(const CcPolicy *policy, const Subject *subject, CcDay day, CcState *state)
{
	int			i;

	cc_state_init(state, day);
	for (i = 0; i < subject->n_facts; i++)
		cc_fold(&env, policy, state, &subject->facts[i]);
}

/* The state of a subject's facts; folded in two parts that meet in one state where that is asked for. */
static void
fold_parts(const CcPolicy *policy, const Subject *subject, CcDay day, bool split, CcState *state)
{
	CcState		other,
				copy;
	unsigned char *buf;
	int			i;

	fold_all(policy, subject, day, state);
	if (!split)
		return;
	cc_state_init(state, day);
	cc_state_init(&other, day);
	for (i = 0; i < subject->n_facts; i++)
		cc_fold(&env, policy, i % 2 ? &other : state, &subject->facts[i]);
	/* as between the workers of a parallel query: the other state comes as bytes */
	buf = allocate(&env, cc_state_size(&other));
	if (!cc_state_read(&env, policy, buf, cc_state_write(&other, buf), &copy))
		env.fail(&env, CC_FAIL_CORRUPT, "a state cannot be read back");
	cc_combine(&env, policy, state, &copy);
}

static void
add_line(void *sum, const CcLine *line)
{
	if (line->adds)
		*(int64_t *) sum = cc_add(&env, *(int64_t *) sum, line->points);
}

/* The lines of an explanation must add up to the score, whatever the policy. */
static void
check_explanation(const CcPolicy *policy, const Subject *subject, CcDay day, const CcOutcome *outcome)
{
	CcOutcome	explained;
	int64_t		sum = 0;

	cc_explain(&env, policy, NULL, subject->facts, subject->n_facts, subject->kind, day, &explained, add_line, &sum);
	if (sum == (outcome->has_score ? outcome->score : 0) && cc_same_outcome(outcome, &explained))
		return;
	fprintf(stderr, "citycredit-policy: explanation of subject %d adds up to %lld, its score is %lld\n", subject->number, (long long) sum,
			(long long) outcome->score);
	exit(3);
}

/* Evaluates every query of a subject: from a state of the earliest day, brought forward, and so tests that too. */
static void
answer(const CcPolicy *policy, const Subject *subject, bool split)
{
	int			i,
				k;

	for (i = 0; i < subject->n_days; i++)
	{
		CcState		state,
					copy;
		CcTally		tally;
		CcOutcome	outcome;
		unsigned char *buf;
		CcDay		begin = subject->days[i];

		/* A state made on an earlier query's day must tell this one too. */
		for (k = 0; k < i; k++)
			if (subject->days[k] < begin && begin - subject->days[k] < 400)
				begin = subject->days[k];
		cc_state_init(&state, begin);
		for (k = 0; k < subject->n_facts; k++)
		{
			if (k == subject->n_facts / 2)
			{
				cc_settle(&env, policy, &state, begin, true);
				buf = allocate(&env, cc_state_size(&state));
				if (!cc_state_read(&env, policy, buf, cc_state_write(&state, buf), &copy))
					env.fail(&env, CC_FAIL_CORRUPT, "a state cannot be read back");
				state = copy;
			}
			cc_fold(&env, policy, &state, &subject->facts[k]);
		}
		if (split || !cc_good_on(&state, subject->days[i]))
			fold_parts(policy, subject, subject->days[i], split, &state);
		cc_tell(&env, policy, &state, subject->kind, subject->days[i], NULL, &tally, &outcome);
		print_outcome(subject->number, policy, subject->days[i], &tally, &outcome, NULL);
		check_explanation(policy, subject, subject->days[i], &outcome);
	}
}

/* The rating that a line names; NULL if it names none. */
static const CcRating *
named_rating(const CcPolicy *policy, const char *line)
{
	int			i;

	if (strlen(line) < 14 || line[12] != '\t')
		return NULL;
	for (i = 0; i < policy->n_ratings; i++)
		if (strcmp(policy->ratings[i].id, line + 13) == 0)
			return &policy->ratings[i];
	fprintf(stderr, "there is no such rating: %s\n", line);
	exit(2);
}

/* Closes a rating: ranks the subjects and prints each with its place. */
static void
rate(const CcPolicy *policy, Subject *subjects, int n, CcDay day, const CcRating *rating, bool split)
{
	CcState    *states = allocate(&env, sizeof(CcState) * (n + 1));
	CcEntrant  *entrants = allocate(&env, sizeof(CcEntrant) * (n + 1));
	CcPlace    *places = allocate(&env, sizeof(CcPlace) * (n + 1));
	int			i;

	for (i = 0; i < n; i++)
	{
		if (rating != NULL)
			subjects[i].n_facts = cc_facts_of_rating(subjects[i].facts, subjects[i].n_facts, day, cc_day_add(day, rating->facts_until),
													 cc_day_add(day, rating->repairs_until));
		fold_parts(policy, &subjects[i], day, split, &states[i]);
		cc_enter(&env, policy, &states[i], subjects[i].kind, day, &entrants[i]);
		cc_place_init(&env, policy, &places[i]);
	}
	cc_rank(&env, policy, entrants, n, places);
	for (i = 0; i < n; i++)
	{
		CcTally		tally;
		CcOutcome	outcome;

		cc_tell(&env, policy, &states[i], subjects[i].kind, day, &places[i], &tally, &outcome);
		print_outcome(subjects[i].number, policy, day, &tally, &outcome, &places[i]);
	}
}

static void
parse_fact(CcFact *fact, int kind, char *line)
{
	char	   *field;

	cc_fact_init(fact);
	if (kind >= 0)
		cc_fact_set(fact, "subject_kind", cc_vocabulary[CC_TERM_SUBJECT_KIND].words[kind],
					(int) strlen(cc_vocabulary[CC_TERM_SUBJECT_KIND].words[kind]));
	for (field = strtok(line, "\t"); field != NULL; field = strtok(NULL, "\t"))
	{
		char	   *value = strchr(field, '=');

		if (value == NULL)
			continue;
		*value++ = '\0';
		if (!cc_fact_set(fact, field, value, (int) strlen(value)))
		{
			fprintf(stderr, "cannot read fact: %s=%s\n", field, value);
			exit(2);
		}
	}
}

/* Makes room for one more element of an array. */
static void *
grow(void *array, int n, int *room, size_t size)
{
	if (n < *room)
		return array;
	*room = *room ? *room * 2 : 16;
	if ((array = realloc(array, *room * size)) == NULL)
		env.fail(&env, CC_FAIL_OUT_OF_RANGE, "out of memory");
	return array;
}

static CcDay
parse_day(const char *line)
{
	CcDay		day;

	if (strlen(line) < 12 || !cc_day_parse(line + 2, 10, &day))
	{
		fprintf(stderr, "cannot read day: %s\n", line);
		exit(2);
	}
	return day;
}

static int
evaluate(const char *policy_path, const char *history_path, bool split)
{
	CcFindings	findings;
	const CcPolicy *policy = load(policy_path, &findings, false);
	Subject    *subjects = NULL;	/* since the last rating */
	Subject    *subject = NULL;
	int			n = 0,
				room = 0,
				number = 0;
	size_t		len;
	char	   *line,
			   *next;

	if (policy == NULL)
		return 1;
	for (line = read_file(history_path, &len); line != NULL && *line != '\0'; line = next)
	{
		if ((next = strchr(line, '\n')) != NULL)
			*next++ = '\0';
		if (line[0] == 'S')
		{
			if (subject != NULL)
				answer(policy, subject, split);
			subjects = grow(subjects, n, &room, sizeof(Subject));
			subject = &subjects[n++];
			memset(subject, 0, sizeof(*subject));
			subject->number = ++number;
			subject->kind = cc_word_rank(CC_TERM_SUBJECT_KIND, line + 2, (int) strlen(line + 2));
		}
		else if (line[0] == 'F' && subject != NULL)
		{
			subject->facts = grow(subject->facts, subject->n_facts, &subject->room, sizeof(CcFact));
			parse_fact(&subject->facts[subject->n_facts++], subject->kind, line + 2);
		}
		else if (line[0] == 'Q' && subject != NULL)
		{
			subject->days = grow(subject->days, subject->n_days, &subject->days_room, sizeof(CcDay));
			subject->days[subject->n_days++] = parse_day(line);
		}
		else if (line[0] == 'R')
		{
			rate(policy, subjects, n, parse_day(line), named_rating(policy, line), split);
			subject = NULL;
			n = 0;
		}
	}
	if (subject != NULL)
		answer(policy, subject, split);
	return 0;
}

/* ---- bench ---- */

/* Memory of one evaluation, given back as a whole. */
typedef struct Arena
{
	CcEnv		env;
	char	   *memory;
	size_t		used;
	size_t		size;
} Arena;

static void *
arena_allocate(CcEnv *self, size_t size)
{
	Arena	   *arena = (Arena *) self;
	void	   *result = arena->memory + arena->used;

	size = (size + 15) & ~(size_t) 15;
	if (arena->used + size > arena->size)
		fail(self, CC_FAIL_OUT_OF_RANGE, "the benchmark's memory is too small");
	arena->used += size;
	return memset(result, 0, size);
}

static uint64_t
next_random(uint64_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 7;
	return *seed ^= *seed << 17;
}

/* The texts and words that some condition of an item asks for, so that records match. */
static void
take_wanted(const CcCondition *condition, CcFact *fact, uint64_t *seed)
{
	int			i;

	if (condition->kind == CC_COND_TEXT && condition->n > 0)
		fact->text[condition->term] = condition->texts[next_random(seed) % condition->n];
	else if (condition->kind == CC_COND_WORDS && condition->words != 0)
	{
		int			rank = (int) (next_random(seed) % 64);

		while (!(condition->words >> rank & 1))
			rank = (rank + 1) % 64;
		fact->text[condition->term].str = cc_vocabulary[condition->term].words[rank];
		fact->text[condition->term].len = (int) strlen(fact->text[condition->term].str);
	}
	for (i = 0; condition->parts != NULL && condition->kind != CC_COND_NOT && i < condition->n; i++)
		take_wanted(condition->parts[i], fact, seed);
}

/* A record that some item wants, with random days of the two years before, amount, points and quantity. */
static void
random_fact(const CcPolicy *policy, CcDay as_of, bool enrols, CcFact *fact, uint64_t *seed)
{
	int			i = 0;

	cc_fact_init(fact);
	while (!enrols && (i = 1 + (int) (next_random(seed) % (policy->n_items - 1)), policy->items[i].has_when))
		;
	take_wanted(policy->items[i].match, fact, seed);
	fact->day[CC_TERM_DECIDED_ON - CC_TERM_ACT_ON] = as_of - (CcDay) (next_random(seed) % 730);
	fact->day[CC_TERM_ACT_ON - CC_TERM_ACT_ON] = fact->day[CC_TERM_DECIDED_ON - CC_TERM_ACT_ON] - 30;
	fact->day[CC_TERM_RECORDED_ON - CC_TERM_ACT_ON] = fact->day[CC_TERM_DECIDED_ON - CC_TERM_ACT_ON];
	if (enrols)
		fact->day[CC_TERM_VALID_FROM - CC_TERM_ACT_ON] = as_of - 3650;
	fact->number[CC_TERM_AMOUNT - CC_TERM_AMOUNT] = (int64_t) (next_random(seed) % 60000000);
	fact->number[CC_TERM_FINE - CC_TERM_AMOUNT] = fact->number[CC_TERM_AMOUNT - CC_TERM_AMOUNT];
	fact->number[CC_TERM_POINTS - CC_TERM_AMOUNT] = (int64_t) (next_random(seed) % 10) * CC_ONE;
	fact->number[CC_TERM_QUANTITY - CC_TERM_AMOUNT] = (int64_t) (next_random(seed) % 5) * CC_ONE;
	cc_fact_resolve(fact);
}

/* Times fold and finish of n subjects with so many records each, made in memory beforehand. */
static int
bench(const char *policy_path, int n, int records)
{
	CcFindings	findings;
	const CcPolicy *policy = load(policy_path, &findings, false);
	CcDay		as_of = cc_day_from_ymd(2024, 6, 30);
	int			distinct = n < 1000 / records + 1 ? n : 1000 / records + 1;	/* half a megabyte: few enough for the cache of one core */
	Arena		arena = {{arena_allocate, fail, NULL}, NULL, 0, (size_t) 64 << 20};
	CcFact	   *facts;
	uint64_t	seed = 88172645463325252u;
	int64_t		told = 0;
	clock_t		begin;
	double		seconds;
	int			i,
				k;

	if (policy == NULL)
		return 1;
	arena.memory = allocate(&env, arena.size);
	facts = allocate(&env, sizeof(CcFact) * distinct * records);
	for (i = 0; i < distinct; i++)
		for (k = 0; k < records; k++)
			random_fact(policy, as_of, k == 0, &facts[i * records + k], &seed);
	begin = clock();
	for (i = 0; i < n; i++)
	{
		CcState		state;
		CcOutcome	outcome;

		arena.used = 0;
		cc_state_init(&state, as_of);
		for (k = 0; k < records; k++)
			cc_fold(&arena.env, policy, &state, &facts[(i % distinct) * records + k]);
		cc_finish(&arena.env, policy, &state, 0, as_of, NULL, &outcome);
		told += outcome.score + outcome.band;
	}
	seconds = (double) (clock() - begin) / CLOCKS_PER_SEC;
	printf("%d evaluations of %d records in %.3f s of CPU: %.0f a second, %.0f ns a record (check %lld)\n", n, records, seconds, n / seconds,
		   seconds * 1e9 / n / records, (long long) told);
	return 0;
}

int
main(int argc, char **argv)
{
	if (argc >= 3 && strcmp(argv[1], "check") == 0)
		return check(argc - 2, argv + 2);
	if (argc == 4 && strcmp(argv[1], "test") == 0)
		return run_tests(argv[2], argv[3]);
	if (argc == 4 && strcmp(argv[1], "eval") == 0)
		return evaluate(argv[2], argv[3], false);
	if (argc == 5 && strcmp(argv[1], "eval") == 0 && strcmp(argv[2], "--split") == 0)
		return evaluate(argv[3], argv[4], true);
	if (argc == 5 && strcmp(argv[1], "bench") == 0 && atoi(argv[3]) > 0 && atoi(argv[4]) > 0)
		return bench(argv[2], atoi(argv[3]), atoi(argv[4]));
	fputs("usage: citycredit-policy check [--properties] POLICY...\n"
		  "       citycredit-policy test POLICY TESTS\n"
		  "       citycredit-policy eval [--split] POLICY HISTORY\n"
		  "       citycredit-policy bench POLICY SUBJECTS RECORDS\n", stderr);
	return 2;
}
