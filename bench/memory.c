/*
 * memory.c -- how fast the core evaluates, without a server
 *
 *   memory POLICY.yaml RECORDS   histories a second of that many records each, by one processor
 *   memory POLICY.yaml compile   milliseconds to read, check and compile the text, and to read it alone
 *
 * A history is one enrolment and records that each match an item: a record that matches nothing would be cheaper. Days
 * are spread over the last three years, as far as the item leaves them open. What is timed is folding all records and
 * telling state, score, band, vetoes and lists of a day. With "next" it also tells next_change_on.
 */
#include "core/evaluate.h"
#include "core/load.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define TODAY		9662		/* 2026-06-15 */
#define HISTORIES	500
#define SECONDS		1.0

/* ---- the core's environment: an arena that is emptied after each history ---- */

static char *arena;
static size_t arena_used;
static size_t arena_room = (size_t) 1 << 30;

static void *
allocate(CcEnv *env, size_t size)
{
	char	   *p = arena + arena_used;

	(void) env;
	size = (size + 15) & ~(size_t) 15;
	if (arena_used + size > arena_room)
	{
		fputs("memory: out of memory\n", stderr);
		exit(3);
	}
	arena_used += size;
	return memset(p, 0, size);
}

static void
fail(CcEnv *env, CcFailure code, const char *message)
{
	(void) env;
	(void) code;
	fprintf(stderr, "memory: %s\n", message);
	exit(3);
}

static CcEnv env = {allocate, fail, NULL};

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double) t.tv_sec + (double) t.tv_nsec / 1e9;
}

static uint32_t
some(uint32_t less_than)
{
	static uint64_t x = 88172645463325252u;

	x ^= x << 13;
	x ^= x >> 7;
	x ^= x << 17;
	return (uint32_t) (x >> 32) % less_than;
}

/* ---- records that match ---- */

static CcText
word(CcTerm term, int rank)
{
	CcText		text = {cc_vocabulary[term].words[rank], (int) strlen(cc_vocabulary[term].words[rank])};

	return text;
}

/* Gives the fact what the condition asks for, as far as one pass over it can. */
static void
satisfy(const CcCondition *condition, CcFact *fact)
{
	int			i;

	if (condition == NULL)
		return;
	switch (condition->kind)
	{
		case CC_COND_ALL:
			for (i = 0; i < condition->n; i++)
				satisfy(condition->parts[i], fact);
			break;
		case CC_COND_ANY:
			satisfy(condition->parts[some((uint32_t) condition->n)], fact);
			break;
		case CC_COND_TEXT:
			fact->text[condition->term] = condition->texts[some((uint32_t) condition->n)];
			break;
		case CC_COND_WORDS:
			for (i = 0; i < 64 && cc_vocabulary[condition->term].words[i] != NULL; i++)
				if (condition->words >> i & 1)
				{
					fact->text[condition->term] = word(condition->term, i);
					break;
				}
			break;
		case CC_COND_RANGE:
			if (CC_IS_NUMBER(condition->term))
				fact->number[condition->term - CC_TERM_AMOUNT] = condition->low > CC_NUMBER_MIN ? condition->low : condition->high;
			break;
		default:
			break;
	}
}

static void
make_fact(const CcPolicy *policy, const CcItem *item, CcFact *fact)
{
	int			day = TODAY - (int) some(3 * 365);
	int			i;

	(void) policy;
	cc_fact_init(fact);
	fact->verified = true;
	fact->linked_from = CC_DAY_FIRST;
	fact->linked_until = CC_DAY_LAST;
	fact->text[CC_TERM_SUBJECT_KIND] = word(CC_TERM_SUBJECT_KIND, 0);
	satisfy(item->match, fact);
	if (item->points.n_cases > 0)
		satisfy(item->points.case_when[some((uint32_t) item->points.n_cases)], fact);
	if (item->points.kind == CC_POINTS_AWARDED)
		fact->number[CC_TERM_POINTS - CC_TERM_AMOUNT] = item->points.awarded_from;
	if (fact->number[CC_TERM_QUANTITY - CC_TERM_AMOUNT] == CC_NUMBER_UNKNOWN)
		fact->number[CC_TERM_QUANTITY - CC_TERM_AMOUNT] = CC_ONE;
	for (i = 0; i < item->window.n_from; i++)
		fact->day[item->window.from[i] - CC_TERM_ACT_ON] = day;
	if (item->window.span == CC_SPAN_TERM && item->window.term != CC_TERM_NONE && !item->window.unlimited_else)
		fact->day[item->window.term - CC_TERM_ACT_ON] = day + 365;
	fact->day[CC_TERM_RECORDED_ON - CC_TERM_ACT_ON] = day;
	cc_fact_resolve(fact);
}

/* One enrolment, and records of items that take records of the inputs. */
static void
make_history(const CcPolicy *policy, CcFact *facts, int n)
{
	int			i;

	make_fact(policy, &policy->items[0], &facts[0]);
	for (i = 1; i < n; i++)
	{
		const CcItem *item = &policy->items[some((uint32_t) policy->n_items)];

		if (item->match == NULL)
			item = &policy->items[0];
		make_fact(policy, item, &facts[i]);
	}
}

/* ---- measuring ---- */

static long
evaluate(const CcPolicy *policy, const CcFact *facts, int n, bool next)
{
	CcState		state;
	CcOutcome	outcome;
	int			i;

	cc_state_init(&state, TODAY);
	for (i = 0; i < n; i++)
		cc_fold(&env, policy, &state, &facts[i]);
	if (next)
		cc_finish(&env, policy, &state, 0, TODAY, NULL, &outcome);
	else
		cc_outcome_on(&env, policy, &state, 0, TODAY, &outcome);
	return outcome.state != CC_NOT_ENROLLED;
}

static void
measure(const CcPolicy *policy, int n, bool next)
{
	int			histories = n >= 1000 ? 8 : HISTORIES;
	CcFact	   *facts = malloc(sizeof(CcFact) * (size_t) n * histories);
	size_t		mark = arena_used;
	long		done = 0,
				rated = 0;
	double		start;
	int			i;

	for (i = 0; i < histories; i++)
		make_history(policy, facts + (size_t) i * n, n);
	start = now();
	do
	{
		for (i = 0; i < histories; i++)
		{
			rated += evaluate(policy, facts + (size_t) i * n, n, next);
			arena_used = mark;
		}
		done += histories;
	} while (now() - start < SECONDS);
	/* a benchmark of subjects that nobody rates would say nothing */
	if (rated == 0)
	{
		fputs("memory: no subject is enrolled\n", stderr);
		exit(3);
	}
	printf("%.0f\n", done / (now() - start));
	free(facts);
}

static char *
read_file(const char *path, size_t *len)
{
	FILE	   *file = fopen(path, "rb");
	char	   *text = malloc(CC_MAX_POLICY_BYTES + 1);

	if (file == NULL)
	{
		perror(path);
		exit(2);
	}
	*len = fread(text, 1, CC_MAX_POLICY_BYTES + 1, file);
	fclose(file);
	return text;
}

static CcPolicy *
compile(const char *text, size_t len)
{
	CcFindings	findings;
	CcReader   *reader = cc_reader_open(&env);
	CcPolicy   *policy;

	cc_findings_init(&findings, &env);
	policy = cc_policy_load(reader, &env, text, len, &findings);
	cc_reader_close(reader);
	return policy;
}

static void
measure_compile(const char *text, size_t len)
{
	double		start = now();
	double		whole;
	int			n = 0;

	do
	{
		arena_used = 0;
		compile(text, len);
		n++;
	} while (now() - start < SECONDS);
	whole = (now() - start) / n;
	start = now();
	n = 0;
	do
	{
		CcFindings	findings;
		CcReader   *reader = cc_reader_open(&env);

		arena_used = 0;
		cc_findings_init(&findings, &env);
		cc_reader_read(reader, text, len, &findings);
		cc_reader_close(reader);
		n++;
	} while (now() - start < SECONDS);
	printf("%.3f %.3f\n", whole * 1000, (now() - start) / n * 1000);
}

int
main(int argc, char **argv)
{
	CcPolicy   *policy;
	char	   *text;
	size_t		len;

	if (argc < 3)
	{
		fputs("usage: memory POLICY.yaml RECORDS|compile [next]\n", stderr);
		return 2;
	}
	arena = malloc(arena_room);
	text = read_file(argv[1], &len);
	policy = compile(text, len);
	if (policy == NULL)
	{
		fprintf(stderr, "memory: %s has findings\n", argv[1]);
		return 2;
	}
	if (strcmp(argv[2], "compile") == 0)
		measure_compile(text, len);
	else
		measure(policy, atoi(argv[2]), argc > 3);
	return 0;
}
