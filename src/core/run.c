/*
 * run.c -- looking back: on which days of a unit records counted
 *
 * rules/README.md, section 2 (covered) and section 5 (runs). A state remembers as far back as its policy looks.
 */
#include "tally.h"

/* True if on some day of the stretch a record counts in the item. */
bool
cc_any_day(const CcTally *tally, int item, CcDay first, CcDay last)
{
	const CcScratch *scratch = tally->scratch;
	int			i;

	for (i = scratch->of_begin[item]; i < scratch->of_begin[item + 1]; i++)
	{
		const CcEntry *entry = &tally->state->entries[scratch->of_item[i]];

		if (entry->first <= last && entry->last >= first)
			return true;
	}
	return false;
}

/* True if on every day of the stretch one does. */
static bool
every_day(const CcTally *tally, int item, CcDay first, CcDay last)
{
	const CcScratch *scratch = tally->scratch;
	CcDay		next = first;	/* the first day that is not known to be covered */
	bool		again = true;
	int			i;

	while (again && next <= last)
	{
		again = false;
		for (i = scratch->of_begin[item]; i < scratch->of_begin[item + 1]; i++)
		{
			const CcEntry *entry = &tally->state->entries[scratch->of_item[i]];

			if (entry->first > next || entry->last < next)
				continue;
			if (entry->last >= last)
				return true;
			next = entry->last + 1;
			again = true;
		}
	}
	return next > last;
}

/* covered.ID and covered_last.ID: of the current cycle through the day, of the whole cycle before. */
bool
cc_covered(const CcTally *tally, int item, bool last_cycle)
{
	const CcPolicy *policy = tally->policy;
	CcDay		first,
				last;

	cc_unit_around(policy->cycle_table, tally->day, &first, &last);
	if (!last_cycle)
		return every_day(tally, item, first, tally->day);
	cc_unit_around(policy->cycle_table, cc_day_shift(first, -1), &first, &last);
	return every_day(tally, item, first, last);
}

static bool
meets(const CcRun *run, const CcTally *tally, CcDay first, CcDay last)
{
	return cc_any_day(tally, run->of, first, last) != run->without &&
		(run->while_item < 0 || every_day(tally, run->while_item, first, last));
}

/*
 * The number of consecutive units before the day's that meet the condition of the run. What is past stays as it is: the
 * length is good through the unit's last day, or, where the unit itself counts so far, through the day.
 */
int
cc_run_length(const CcRun *run, const CcTally *tally, CcDay *good_until)
{
	CcDay		first,
				last;
	int			length = 0;

	cc_unit_around(run->table, tally->day, &first, &last);
	*good_until = last;
	if (run->through_this)
	{
		*good_until = tally->day;
		if (!meets(run, tally, first, tally->day))
			return 0;
		length = 1;
	}
	while (length < run->at_most)
	{
		cc_unit_around(run->table, cc_day_shift(first, -1), &first, &last);
		if (!meets(run, tally, first, last))
			break;
		length++;
	}
	return length;
}
