/*
 * records.c -- on which days and with how many points a record counts in an item (README 4)
 */
#include "day.h"
#include "document.h"

/* Gives the policy's cycle that contains a day (README 3, cycle). */
Interval
cycle_unit(int number)
{
	Interval	unit;
	int			k;
	int			year;
	int			month;
	int			day;
	int			first_year;
	int			first_month;

	day_parts(policy.cycle_from, &first_year, &first_month, &day);
	day_parts(number, &year, &month, &day);
	k = ((year - first_year) * 12 + month - first_month) / policy.cycle_months;
	while (add_months(policy.cycle_from, (k + 1) * policy.cycle_months) <= number)
		k++;
	while (add_months(policy.cycle_from, k * policy.cycle_months) > number)
		k--;
	unit.first = add_months(policy.cycle_from, k * policy.cycle_months);
	unit.last = add_months(policy.cycle_from, (k + 1) * policy.cycle_months) - 1;
	return unit;
}

/* Gives the unit that contains a day. */
Interval
unit_of(Per per, int number)
{
	Interval	always = {0, NO_END};

	switch (per.kind)
	{
		case PER_CALENDAR:
			return calendar_unit(number, per.months);
		case PER_CYCLE:
			return cycle_unit(number);
		case PER_ALWAYS:
			break;
	}
	return always;
}

/* The same to score.decimals by score.round. */
Number
divide_score(__int128 number, __int128 by)
{
	return divide(number, by, policy.decimals, policy.round);
}

static Value
first_known(const Fact *fact, TermList list)
{
	Value		nothing = {false, 0, NULL};
	int			i;

	for (i = 0; i < list.n; i++)
	{
		if (fact->values[list.terms[i]].known)
			return fact->values[list.terms[i]];
		if (list.n > 1 && !has(C_from_list))
			break;
	}
	return nothing;
}

/* Gives the N-th unit after the one that contains a day. */
static Interval
later_unit(Per per, int number, int n)
{
	Interval	unit = unit_of(per, number);

	for (; n > 0; n--)
		unit = unit_of(per, unit.last + 1);
	return unit;
}

static int
end_of_span(const Window *window, int first)
{
	if (window->span.always)
		return NO_END;
	return add_span(first, window->span) - (window->not_counted && has(C_corresponding_day) ? 1 : 0);
}

static void
end_before(int *last, Value day)
{
	if (day.known && *last >= day.number)
		*last = (int) day.number - 1;
}

/* Gives the days on which a record counts; false when undetermined or never. */
static bool
window_of(const Window *window, const Fact *fact, Contribution *result)
{
	Value		anchor = first_known(fact, window->from);
	Value		value;
	Interval	unit;
	int			back = window->back;
	int			first;
	int			last = NO_END;
	int			i;

	if (!anchor.known)
		return false;
	first = (int) anchor.number;
	if (window->delay.given && has(C_delay))
		first = add_span(first, window->delay);

	switch (window->kind)
	{
		case WINDOW_SPAN:
			last = end_of_span(window, first);
			break;
		case WINDOW_UNIT:
			if (!(window->unit.kind == PER_CYCLE ? has(C_window_cycle) : has(C_window_unit)))
				break;
			if (back > 0 && !has(C_back))
				back--;
			unit = later_unit(window->unit, (int) anchor.number, back);
			if (back > 0 && first < unit.first)
				first = unit.first;
			last = unit.last;
			break;
		case WINDOW_TERM:
			value = fact->values[window->term];
			if (value.known)
				last = has(C_window_term) ? (int) value.number : NO_END;
			else if (window->span.given && has(C_else))
				last = end_of_span(window, first);
			else
				return false;
			break;
		case WINDOW_ALWAYS:
			break;
	}

	if (window->not_before >= 0)
	{
		value = fact->values[window->not_before];
		if (value.known && last < value.number && has(C_not_before))
			last = (int) value.number;
	}
	/* does not count on or after any of these days */
	for (i = 0; i < window->ends_on.n; i++)
		if (has(C_ends_on))
			end_before(&last, fact->values[window->ends_on.terms[i]]);
	result->anchor = (int) anchor.number;
	result->first = first;
	result->last = last;
	return true;
}

/* Gives the points of a record; false when undetermined or none apply. */
static bool
points_of(const Points *points, const Subject *subject, const Fact *fact, Number *result)
{
	Number		sum = 0;
	Value		value;
	Truth		truth;
	int			i;

	switch (points->kind)
	{
		case POINTS_NONE:
			*result = 0;
			return true;
		case POINTS_EACH:
			sum = points->each;
			break;
		case POINTS_CASES:
			for (i = 0; i < points->ncases; i++)
			{
				truth = truth_of(points->cases[i].when, subject, fact, NULL);
				if (truth == UNKNOWN)
					return false;
				if (truth == YES && has(C_cases))
					break;
			}
			if (i == points->ncases && !points->has_otherwise)
				return false;
			sum = i < points->ncases ? points->cases[i].points : points->otherwise;
			break;
		case POINTS_AWARDED:
			value = fact->values[R_POINTS];
			if (!value.known)
				return false;
			if ((value.number < points->from || value.number > points->to ||
				 (policy.has_score && value.number % step_of(policy.decimals) != 0)) && has(C_awarded))
				return false;
			sum = value.number;
			break;
		case POINTS_PER_UNIT:
			value = fact->values[R_QUANTITY];
			if (!value.known)
				return false;
			/* the product has eight places */
			sum = divide_score((__int128) points->each * (has(C_per_unit) ? value.number : ONE), ONE);
			break;
	}
	for (i = 0; i < points->nsurcharges; i++)
		if (truth_of(points->surcharges[i].when, subject, fact, NULL) == YES && has(C_surcharges))
			sum += points->surcharges[i].points;
	*result = sum;
	if ((points->record.has_floor || points->record.has_cap) && has(C_record_limits))
		*result = keep(points->record, sum);
	return true;
}

/* Tells whether a block of reads names a word; "self" is this policy. */
static bool
reads(const char *block, Value word)
{
	yaml_node_t *list = policy.reads ? find(policy.reads, block) : NULL;
	int			i;

	if (!word.known)
		return false;
	for (i = 0; i < length_of(list); i++)
	{
		const char *name = text_of(element(list, i));

		if (same(name, word.text) || (same(name, "self") && same(word.text, policy.id)))
			return true;
	}
	return false;
}

static bool
is_linked(const Fact *fact)
{
	return fact->values[R_WHOSE].known && !same(fact->values[R_WHOSE].text, "own");
}

/* Tells whether a record or reading reaches the policy at all (README 1, 6). */
static bool
offered(const Fact *fact)
{
	const char *kind = fact->values[R_KIND].text;
	int			i;

	if (same(kind, "result"))
		return reads("results", fact->values[R_POLICY]) && has(C_result);
	if (same(kind, "rating"))
		return reads("ratings", fact->values[R_POLICY]) && has(C_rating);
	if (same(kind, "listing"))
		return reads("listings", fact->values[R_LIST]) && has(C_listing);
	if ((fact->revoked && has(C_revoked)) || (fact->unverified && has(C_unverified)))
		return false;
	if (is_linked(fact) && !reads("linked", fact->values[R_WHOSE]))
		return false;
	for (i = 0; i < policy.ninputs; i++)
		if (same(policy.inputs[i], kind))
			return true;
	return false;
}

/* Gives the days through which a record enrols (README 3, applies_to). */
static bool
enrolment_of(const Subject *subject, const Fact *fact, Contribution *result)
{
	TermList	from = {3, {R_VALID_FROM, R_DECIDED_ON, R_RECORDED_ON}};
	Value		first = first_known(fact, from);
	Value		until = fact->values[R_VALID_UNTIL];
	bool		kind_fits = policy.nsubject_kinds == 0;
	int			i;

	for (i = 0; i < policy.nsubject_kinds; i++)
		if (same(policy.subject_kinds[i], subject->kind))
			kind_fits = true;
	if (!kind_fits || !first.known || is_linked(fact) ||
		truth_of(policy.enrolled_by, subject, fact, NULL) != YES)
		return false;
	result->first = result->anchor = (int) first.number;
	result->last = until.known ? (int) until.number : NO_END;
	return true;
}

static bool
contribution_of(const Subject *subject, const Item *item, const Fact *fact, Contribution *result)
{
	Value		until = fact->values[R_VALID_UNTIL];

	if (item->match == NULL || truth_of(item->match, subject, fact, NULL) != YES ||
		!points_of(&item->points, subject, fact, &result->points))
		return false;
	if (item->stretch)
	{
		if (!fact->values[R_VALID_FROM].known)
			return false;
		result->first = result->anchor = (int) fact->values[R_VALID_FROM].number;
		result->last = until.known ? (int) until.number : NO_END;
		return true;
	}
	if (!window_of(&item->window, fact, result))
		return false;
	if (item->repaired_ends && fact->values[R_REPAIRED_ON].known && has(C_repaired))
		end_before(&result->last, fact->values[R_REPAIRED_ON]);
	if (is_linked(fact) && has(C_link_days))
	{
		/* only on the days of the link */
		if (fact->linked_from.known && result->first < fact->linked_from.number)
			result->first = (int) fact->linked_from.number;
		if (fact->linked_until.known && result->last > fact->linked_until.number)
			result->last = (int) fact->linked_until.number;
	}
	return true;
}

static void
add_contribution(Contributions *all, const Fact *fact, const Contribution *contribution)
{
	if (contribution->first > contribution->last)
		return;
	all->list = room(all->list, all->n, &all->allocated, sizeof(Contribution));
	all->list[all->n] = *contribution;
	all->list[all->n++].fact = fact;
}

/*
 * A fact as the rating being closed takes it (README 7): NULL for a record that
 * was recorded too late; a repair after the last day is of the last day or none.
 */
static const Fact *
as_rated(Subject *subject, int f)
{
	const char *kind = subject->facts[f].values[R_KIND].text;
	Fact	   *fact = &subject->rated[f];
	Value	   *recorded = &fact->values[R_RECORDED_ON];
	Value	   *repaired = &fact->values[R_REPAIRED_ON];

	*fact = subject->facts[f];
	if (same(kind, "result") || same(kind, "rating") || same(kind, "listing"))
		return fact;
	if (recorded->known && recorded->number > add_span(closing_on, closing->facts_until) && has(C_facts_until))
		return NULL;
	if (repaired->known && repaired->number > closing_on && has(C_repairs_until))
	{
		if (repaired->number > add_span(closing_on, closing->repairs_until))
			repaired->known = false;
		else
			repaired->number = closing_on;
	}
	return fact;
}

/* Puts every record of a subject to the enrolment and to every item. */
void
offer_records(Subject *subject)
{
	int			f;
	int			i;

	for (i = 0; i <= MAX_ITEMS; i++)
		subject->items[i].n = 0;
	for (f = 0; f < subject->nfacts; f++)
	{
		const Fact *fact = closing ? as_rated(subject, f) : &subject->facts[f];
		Contribution contribution;

		if (fact == NULL || !offered(fact))
			continue;
		memset(&contribution, 0, sizeof(contribution));
		if (enrolment_of(subject, fact, &contribution))
			add_contribution(&subject->items[ENROLLED], fact, &contribution);
		for (i = 0; i < policy.nitems; i++)
			if (contribution_of(subject, &policy.items[i], fact, &contribution))
				add_contribution(&subject->items[i], fact, &contribution);
	}
}

/* Numbers of days, for what looks back: README 5, runs, and covered. */
void
fill_days(Subject *subject)
{
	int			i;
	int			c;
	int			day;

	subject->days_begin = subject->begin;
	for (i = 0; i <= MAX_ITEMS; i++)
		for (c = 0; c < subject->items[i].n; c++)
			if (subject->items[i].list[c].first < subject->days_begin)
				subject->days_begin = subject->items[i].list[c].first;
	for (i = 0; i <= MAX_ITEMS; i++)
	{
		Contributions *all = &subject->items[i];
		int			n = subject->end - subject->days_begin + 1;

		free(all->days);
		all->days = NULL;
		if (all->n == 0 || !looks_back)
			continue;
		all->days = zeroed(n + 1, sizeof(int));
		for (c = 0; c < all->n; c++)
			for (day = all->list[c].first; day <= all->list[c].last && day <= subject->end; day++)
				all->days[day - subject->days_begin + 1] = 1;
		for (day = 0; day < n; day++)
			all->days[day + 1] += all->days[day];
	}
}

/* Tells on how many days of an interval something counts in an item. */
int
days_counting(const Subject *subject, int item, Interval days)
{
	const int  *n = subject->items[item].days;
	int			first = days.first;

	if (first < subject->days_begin)
		first = subject->days_begin;
	if (n == NULL || days.last < first)
		return 0;
	return n[days.last - subject->days_begin + 1] - n[first - subject->days_begin];
}

bool
counts_on_all(const Subject *subject, int item, Interval days)
{
	return days_counting(subject, item, days) == days.last - days.first + 1;
}
