/*
 * answers.c -- prints the line of a day, column by column
 */
#include "day.h"

static const char *between;		/* what separates the next from the one before */

static void
separate(const char *separator)
{
	fputs(between, stdout);
	between = separator;
}

/* Begins a column that may stay empty. */
static void
begin_column(void)
{
	putchar('\t');
	between = "";
}

static void
end_column(bool empty)
{
	if (empty)
		putchar('-');
}

static void
print_ids(const Part *parts, int n, uint64_t set)
{
	int			i;

	begin_column();
	for (i = 0; i < n; i++)
		if (set & UINT64_C(1) << i)
		{
			separate(",");
			fputs(parts[i].id, stdout);
		}
	end_column(set == 0);
}

static void
print_items(const Day *day)
{
	int			i;

	begin_column();
	for (i = 0; i < policy.nitems && day->enrolled > 0; i++)
	{
		separate(" ");
		printf("%s=", policy.items[i].id);
		print_number(day->sums[i], PLACES);
		printf("/%d", day->counts[i]);
	}
	for (i = 0; i < policy.ncomponents && day->enrolled > 0; i++)
	{
		separate(" ");
		printf("%s=", policy.components[i].id);
		print_number(day->components[i], PLACES);
	}
	end_column(day->enrolled == 0);
}

static void
print_due(const Outcome *outcome)
{
	bool		empty = true;
	int			i;

	begin_column();
	for (i = 0; i < policy.neffects; i++)
	{
		const Part *effect = &policy.effects[i];

		if (!(outcome->effects & UINT64_C(1) << i) || !effect->order)
			continue;
		empty = false;
		separate(",");
		printf("%s=", effect->id);
		if (outcome->due[i] == DUE_UNKNOWN)
		{
			fputs("unknown", stdout);
			continue;
		}
		if (effect->due.working)
			printf("%d working days after ", effect->due.days);
		print_day(outcome->due[i]);
	}
	end_column(empty);
}

static void
print_values(const Day *day)
{
	int			i;

	begin_column();
	for (i = 0; i < policy.nvalues && day->enrolled > 0; i++)
	{
		separate(" ");
		printf("%s=", policy.values[i].id);
		if (day->out.values[i].known)
			print_number(day->out.values[i].number, policy.values[i].decimals);
		else
			fputs("unknown", stdout);
	}
	end_column(policy.nvalues == 0 || day->enrolled == 0);
}

static void
print_counters(const Day *day)
{
	int			i;

	begin_column();
	for (i = 0; i < policy.nruns && day->enrolled > 0; i++)
	{
		separate(" ");
		printf("%s=%d", policy.runs[i].id, day->runs[i]);
	}
	for (i = 0; i < policy.ncounters && day->enrolled > 0; i++)
	{
		separate(" ");
		printf("%s=", policy.counters[i].id);
		print_number(day->counters[i], PLACES);
		printf("/%d", day->resets[i]);
	}
	for (i = 0; i < policy.nsteps && day->enrolled > 0; i++)
	{
		separate(" ");
		printf("%s=%d", policy.steps[i].id, day->fired[i]);
	}
	end_column(policy.nruns + policy.ncounters == 0 || day->enrolled == 0);
}

static void
print_ranks(const Day *day)
{
	bool		empty = day->place == NULL || policy.nranks == 0 || day->enrolled == 0;
	int			i;

	begin_column();
	for (i = 0; i < policy.nranks && !empty; i++)
	{
		separate(" ");
		printf("%s=", policy.ranks[i].id);
		if (day->place->ranks[i].known)
			printf("%" PRId64, day->place->ranks[i].number / ONE);
		else
			fputs("unknown", stdout);
	}
	for (i = 0; i < policy.ngroups && !empty; i++)
	{
		separate(" ");
		printf("%s=%s", policy.groups[i].id, day->place->groups[i] == YES ? "t" :
			   day->place->groups[i] == NO ? "f" : "unknown");
	}
	end_column(empty);
	putchar('\n');
}

/* Prints the line of a day; next is 0 in a rating, where nothing follows. */
void
print_answer(const Subject *subject, const Day *day, int next)
{
	const Outcome *out = &day->out;

	printf("%d\t", subject->number);
	print_day(day->on);
	printf("\t%s\t", out->state == STATE_NOT_ENROLLED ? "not_enrolled" :
		   out->state == STATE_RATED ? "rated" : policy.states[out->state].id);
	if (out->state == STATE_NOT_ENROLLED || !policy.has_score)
		putchar('-');
	else
		print_number(out->score, policy.decimals);
	printf("\t%s\t%s\t%s", out->band >= 0 ? policy.bands[out->band].id : "-",
		   grade_of(out->band), out->undecided ? "t" : "f");
	print_ids(policy.vetoes, policy.nvetoes, out->vetoes);
	print_ids(policy.lists, policy.nlists, out->lists);
	putchar('\t');
	if (next == 0)
		putchar('-');
	else if (next == NO_END)
		fputs("none", stdout);
	else
		print_day(next);
	print_items(day);
	print_ids(policy.effects, policy.neffects, out->effects);
	print_due(out);
	print_values(day);
	print_counters(day);
	print_ranks(day);
}
