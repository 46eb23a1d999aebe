/*
 * take.c -- which of the records that count are taken
 *
 * rules/README.md, section 4, take. The order in which records arrived never matters: where the file leaves two records
 * equal, the ones with fewer points stand first, or the outcome is left to people.
 */
#include "tally.h"

#include <stdlib.h>

static int
compare_numbers(int64_t a, int64_t b)
{
	return a < b ? -1 : a > b;
}

/* Fewest points first; of the same points in an order that is always the same, for the units that go with them. */
static int
by_points(const void *a, const void *b)
{
	const CcEntry *x = ((const CcPick *) a)->entry;
	const CcEntry *y = ((const CcPick *) b)->entry;

	if (x->points != y->points)
		return compare_numbers(x->points, y->points);
	if (x->weight != y->weight)
		return compare_numbers(x->weight, y->weight);
	return x->unit < y->unit ? -1 : x->unit > y->unit;
}

/* Earliest first; of one day the fewest points first. */
static int
by_anchor(const void *a, const void *b)
{
	int			order = compare_numbers(((const CcPick *) a)->entry->anchor, ((const CcPick *) b)->entry->anchor);

	return order != 0 ? order : by_points(a, b);
}

static int
by_group(const void *a, const void *b)
{
	uint64_t	x = ((const CcPick *) a)->entry->group;
	uint64_t	y = ((const CcPick *) b)->entry->group;

	return x != y ? (x < y ? -1 : 1) : by_anchor(a, b);
}

/* The pick with the most or fewest points. */
static CcPick *
extreme(CcPick *picks, int n, bool highest)
{
	CcPick	   *best = picks;
	int			i;

	for (i = 1; i < n; i++)
		if (highest ? by_points(&picks[i], best) > 0 : by_points(&picks[i], best) < 0)
			best = &picks[i];
	return best;
}

/* Of the picks with the latest or earliest anchor, the one with the fewest (or most) points; tie: they differ. */
static CcPick *
last_or_first(CcPick *picks, int n, bool latest, bool highest, bool *tie)
{
	CcPick	   *best = picks;
	int			i;

	*tie = false;
	for (i = 1; i < n; i++)
	{
		int			order = compare_numbers(picks[i].entry->anchor, best->entry->anchor);

		if (latest ? order > 0 : order < 0)
		{
			best = &picks[i];
			*tie = false;
		}
		else if (order == 0 && picks[i].entry->points != best->entry->points)
		{
			*tie = true;
			if ((picks[i].entry->points > best->entry->points) == highest)
				best = &picks[i];
		}
		else if (order == 0 && by_points(&picks[i], best) < 0)
			best = &picks[i];
	}
	return best;
}

static CcPick *
kept_of_group(CcTakeKind keep, CcPick *picks, int n)
{
	bool		tie;

	if (keep == CC_TAKE_HIGHEST || keep == CC_TAKE_LOWEST)
		return extreme(picks, n, keep == CC_TAKE_HIGHEST);
	return last_or_first(picks, n, keep == CC_TAKE_LATEST, false, &tie);
}

/* One of each group; records without the value stand alone. */
static void
take_once_per(const CcItem *item, CcPick *picks, int n)
{
	int			i,
				end;

	qsort(picks, n, sizeof(CcPick), by_group);
	for (i = 0; i < n; i = end)
	{
		for (end = i + 1; end < n && picks[end].entry->group == picks[i].entry->group; end++)
			;
		if (picks[i].entry->group != 0)
			kept_of_group(item->take.keep, &picks[i], end - i)->taken = 1;
		else
			for (; i < end; i++)
				picks[i].taken = picks[i].entry->count;
	}
}

static void
take_after_first(const CcItem *item, CcPick *picks, int n)
{
	int			spare = item->take.spared;
	int			i;

	qsort(picks, n, sizeof(CcPick), by_anchor);
	for (i = 0; i < n; i++)
	{
		picks[i].taken = picks[i].entry->count > spare ? picks[i].entry->count - spare : 0;
		spare -= picks[i].entry->count - picks[i].taken;
	}
}

/* Marks the records that are taken and adds them up. The picks may change their order. */
void
cc_take(CcEnv *env, const CcItem *item, CcPick *picks, int n, CcTaken *taken)
{
	int			i;

	taken->sum = 0;
	taken->count = 0;
	taken->tie = false;
	for (i = 0; i < n; i++)
		picks[i].taken = 0;
	if (n == 0)
		return;
	switch (item->take.kind)
	{
		case CC_TAKE_LATEST:
		case CC_TAKE_EARLIEST:
			last_or_first(picks, n, item->take.kind == CC_TAKE_LATEST, item->take.tie == CC_TIE_HIGHEST, &taken->tie)->taken = 1;
			if (item->take.tie != CC_TIE_REFER)
				taken->tie = false;
			break;
		case CC_TAKE_HIGHEST:
		case CC_TAKE_LOWEST:
			extreme(picks, n, item->take.kind == CC_TAKE_HIGHEST)->taken = 1;
			break;
		case CC_TAKE_ONCE_PER:
			take_once_per(item, picks, n);
			break;
		case CC_TAKE_AFTER_FIRST:
			take_after_first(item, picks, n);
			break;
		case CC_TAKE_ALL:
		case CC_TAKE_MEAN:
			for (i = 0; i < n; i++)
				picks[i].taken = picks[i].entry->count;
			break;
	}
	for (i = 0; i < n; i++)
	{
		if (picks[i].taken == 0)
			continue;
		taken->sum = cc_add(env, taken->sum, cc_times(env, picks[i].entry->points, picks[i].taken));
		taken->count += picks[i].taken;
	}
}
