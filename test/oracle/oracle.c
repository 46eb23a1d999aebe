/*
 * oracle.c -- independent twin of the policy evaluator: reads histories and has their questions answered
 *
 * Reads a policy (taken to be valid) and a file of histories and prints one line per question, or per subject of a cohort, in the form
 * the engine's command "eval" prints.  The twin is written from rules/README.md alone and shares nothing with the engine: a line on
 * which the two differ shows a bug in one of them or a sentence of the README that can be read in two ways.  Slow and plain on purpose:
 * every day is worked out from all facts, holds and the next change are found by walking day by day.  It checks nothing that a policy
 * check should check.
 *
 *   plain.c                    texts, days, exact decimals
 *   document.c, terms.c,
 *   read_condition.c,
 *   read_policy.c              the policy as it is written
 *   truth.c, records.c,
 *   sums.c, score.c,
 *   outcome.c                  a day: conditions, what counts, sums, score, outcome
 *   walk.c, rating.c           all days; a cohort
 *   answers.c, constructs.c    what is printed; what each construct changes
 *
 * "README n" in all of them is section n of rules/README.md.
 */
#include "day.h"

#define LINE_SIZE		65536

static bool coverage;			/* count what each construct changes */

/* Answers the questions about a subject. */
static void
answer(Subject *subject)
{
	int			i;

	begin_walk(subject);
	for (i = 0; i < subject->nqueries; i++)
	{
		int			next = next_change_on(subject, subject->queries[i]);

		print_answer(subject, &subject->days[i], next);
	}
	if (coverage)
		count_changes(subject, 1, 0);
}

/* Closes a rating of some subjects. */
static void
answer_rating(Subject *subjects, int n, int on)
{
	int			i;

	close_rating(subjects, n, on);
	for (i = 0; i < n; i++)
		print_answer(&subjects[i], subjects[i].days, 0);
	if (coverage)
		count_changes(subjects, n, on);
}

static void
forget_subject(Subject *subject)
{
	int			i;
	int			t;

	for (i = 0; i <= MAX_ITEMS; i++)
	{
		free(subject->items[i].list);
		free(subject->items[i].days);
	}
	for (i = 0; i < subject->nfacts; i++)
		for (t = 0; t < RECORD_TERMS; t++)
			free((char *) subject->facts[i].values[t].text);
	free(subject->facts);
	free(subject->rated);
	free(subject->queries);
	free(subject->outcomes);
	free(subject->days);
	free(subject->kind);
	memset(subject, 0, sizeof(*subject));
}

static Value
fact_value(int term, const char *text)
{
	Value		value = {true, 0, NULL};

	switch (record_terms[term].type)
	{
		case TYPE_TEXT:
			value.text = copy_text(text);
			break;
		case TYPE_ORDERED:
			value.number = position(text, record_terms[term].order);
			break;
		case TYPE_AMOUNT:
			value.number = parse_scaled(text, strlen(text), 0); /* fen */
			break;
		case TYPE_DECIMAL:
			value.number = parse_number(text);
			break;
		case TYPE_DAY:
			value.number = parse_day(text);
			break;
		case TYPE_TRUTH:
			break;
	}
	return value;
}

static Value
day_value(const char *text)
{
	Value		value = {true, 0, NULL};

	value.number = parse_day(text);
	return value;
}

static void
read_fact(Fact *fact, char *line)
{
	char	   *field;

	memset(fact, 0, sizeof(Fact));
	for (field = strtok(line, "\t"); field != NULL; field = strtok(NULL, "\t"))
	{
		char	   *value = strchr(field, '=');
		int			term;

		if (value == NULL)
			die("not key=value: \"%s\"", field);
		*value++ = '\0';
		if (same(field, "revoked_on"))
			fact->revoked = parse_day(value) > 0;
		else if (same(field, "verified"))
			fact->unverified = same(value, "f");
		else if (same(field, "linked_from"))
			fact->linked_from = day_value(value);
		else if (same(field, "linked_until"))
			fact->linked_until = day_value(value);
		else
		{
			term = record_term(field);
			fact->values[term] = fact_value(term, value);
		}
	}
	if (!fact->values[R_KIND].known)
		die("a fact without kind");
}

typedef struct Subjects
{
	int			n, allocated;
	Subject    *list;
	int			answered;		/* so many of them have their lines */
} Subjects;

/* Answers what is asked about the subjects read so far and forgets them. */
static void
finish_subjects(Subjects *subjects, int rating_on)
{
	int			first = subjects->answered;
	int			i;

	closing_on = rating_on;
	if (rating_on != 0)
		answer_rating(subjects->list + first, subjects->n - first, rating_on);
	closing = NULL;
	for (i = first; i < subjects->n; i++)
	{
		if (rating_on == 0)
			answer(&subjects->list[i]);
		forget_subject(&subjects->list[i]);
	}
	subjects->answered = subjects->n;
}

/* The rating that the line "R day [rating]" names. */
static const Rating *
named_rating(char *line)
{
	char	   *name = strchr(line + 2, '\t');
	int			i;

	if (name == NULL)
		return NULL;
	*name++ = '\0';
	for (i = 0; i < policy.nratings; i++)
		if (same(policy.ratings[i].id, name))
			return &policy.ratings[i];
	die("there is no rating \"%s\"", name);
	return NULL;
}

static void
read_line(Subjects *subjects, char *line)
{
	Subject    *last = subjects->n > subjects->answered ? &subjects->list[subjects->n - 1] : NULL;

	if (strlen(line) < 3 || line[1] != '\t' || (line[0] != 'S' && last == NULL))
		die("unexpected line \"%s\"", line);
	switch (line[0])
	{
		case 'S':
			/* one that is asked about is no part of a cohort */
			if (last != NULL && last->nqueries > 0)
				finish_subjects(subjects, 0);
			subjects->list = room(subjects->list, subjects->n, &subjects->allocated, sizeof(Subject));
			last = &subjects->list[subjects->n++];
			memset(last, 0, sizeof(*last));
			last->number = subjects->n;
			last->kind = copy_text(line + 2);
			break;
		case 'F':
			last->facts = room(last->facts, last->nfacts, &last->afacts, sizeof(Fact));
			read_fact(&last->facts[last->nfacts++], line + 2);
			break;
		case 'Q':
			last->queries = room(last->queries, last->nqueries, &last->aqueries, sizeof(int));
			last->queries[last->nqueries++] = parse_day(line + 2);
			break;
		case 'R':
			closing = named_rating(line);
			finish_subjects(subjects, parse_day(line + 2));
			break;
		default:
			die("unexpected line \"%s\"", line);
	}
}

static void
read_histories(const char *path)
{
	static char line[LINE_SIZE];
	FILE	   *file = fopen(path, "rb");
	Subjects	subjects = {0, 0, NULL, 0};

	if (file == NULL)
		die("cannot open \"%s\"", path);
	while (fgets(line, sizeof(line), file) != NULL)
	{
		size_t		length = strlen(line);

		if (length == 0 || line[length - 1] != '\n')
			die("line too long or without end");
		line[length - 1] = '\0';
		read_line(&subjects, line);
	}
	finish_subjects(&subjects, 0);
	free(subjects.list);
	fclose(file);
}

int
main(int argc, char **argv)
{
	int			c;

	if (argc == 2 && same(argv[1], "--constructs"))
	{
		for (c = 0; c < NCONSTRUCTS; c++)
			puts(construct_names[c]);
		return 0;
	}
	if (argc == 4 && same(argv[1], "--coverage"))
		coverage = true;
	else if (argc == 4 && strncmp(argv[1], "--without=", 10) == 0)
		left_out = position(argv[1] + 10, construct_names);
	else if (argc != 3)
	{
		fputs("usage: oracle [--coverage | --without=CONSTRUCT] POLICY.yaml HISTORY\n"
			  "       oracle --constructs\n", stderr);
		return 2;
	}
	load_policy(argv[argc - 2]);
	read_histories(argv[argc - 1]);
	if (fflush(stdout) != 0)
		die("could not write");
	if (coverage)
		print_changes();
	return 0;
}
