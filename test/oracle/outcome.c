/*
 * outcome.c -- state, band, vetoes, lists and effects of a day (README 5)
 */
#include "day.h"

/* Works out everything up to step 4 of README 2. */
static void
add_up(const Subject *subject, int on, const Place *place, Day *day)
{
	int			i;

	memset(&day->out, 0, sizeof(day->out));
	day->on = on;
	day->place = place;
	day->referred = false;
	day->out.state = STATE_RATED;
	day->out.band = -1;
	sum_items(subject, day);
	for (i = 0; i < policy.nruns; i++)
		day->runs[i] = length_of_run(subject, &policy.runs[i], on);
	for (i = 0; i < policy.nsteps; i++)
		day->fired[i] = day->fired_on[i] = day->fires[i] = 0;
	for (i = 0; i < policy.ncounters; i++)
		follow_counter(subject, i, day);
	sum_bonuses(subject, day);
	add_up_components(subject, day);
	derive_values(subject, day, 2);
	work_out_score(subject, day);
	derive_values(subject, day, 4);
}

/* Chooses among bands that hold; GAP_REFER when an officer has to. */
static int
choice_of(uint64_t bands)
{
	int			best = -1;
	int			worst = -1;
	int			n = 0;
	int			i;

	for (i = 0; i < policy.nbands; i++)
		if (bands & UINT64_C(1) << i)
		{
			if (n++ == 0)
				best = i;
			worst = i;
		}
	if (n == 0)
		return has(C_gap) ? policy.gap : 0;
	if (n > 1 && policy.choose == CHOOSE_REFER)
		return has(C_choose) ? GAP_REFER : best;
	return (policy.choose == CHOOSE_WORST) == has(C_choose) ? worst : best;
}

/*
 * Chooses a band.  One whose condition is unknown is tried both ways, with
 * every combination of the others: where the choice is not the same each time
 * the outcome is undecided.
 */
static int
choose_band(const Subject *subject, const Day *day)
{
	int			unknown[MAX_PARTS];
	int			n = 0;
	uint64_t	known = 0;
	uint64_t	combination;
	int			choice;
	int			i;

	for (i = 0; i < policy.nbands; i++)
	{
		Truth		truth = truth_of(policy.bands[i].when, subject, NULL, day);

		if (truth == YES)
			known |= UINT64_C(1) << i;
		if (truth == UNKNOWN && has(C_band_unknown))
			unknown[n++] = i;
	}
	if (n > 20)
		die("too many unknown bands");
	choice = choice_of(known);
	for (combination = 1; combination < UINT64_C(1) << n; combination++)
	{
		uint64_t	bands = known;

		for (i = 0; i < n; i++)
			if (combination & UINT64_C(1) << i)
				bands |= UINT64_C(1) << unknown[i];
		if (choice_of(bands) != choice)
			return GAP_REFER;
	}
	return choice;
}

/* Tells whether a rule with hold holds, its condition having held last on a day. */
static bool
held(const Part *part, int last, int on)
{
	return last != INT_MIN && on <= add_span(last, part->hold);
}

static bool
veto_holds(const Subject *subject, int v, const Day *day)
{
	if (policy.vetoes[v].hold.given && has(C_veto_hold))
		return held(&policy.vetoes[v], subject->held[v], day->on);
	return (day->veto_conditions & UINT64_C(1) << v) != 0;
}

/*
 * Lets ceilings, floors and vetoes limit the band.  They are taken one by one
 * in this order; one that is overridden when its turn comes overrides nothing.
 */
static void
limit_band(const Subject *subject, Day *day)
{
	int			n = policy.nceilings + policy.nfloors + policy.nvetoes;
	int			not_better = 0;
	int			not_worse = INT_MAX;
	uint64_t	effective = 0;
	uint64_t	overridden = 0;
	int			i;

	for (i = 0; i < n; i++)
	{
		int			f = i - policy.nceilings;
		int			v = f - policy.nfloors;
		const Part *part = f < 0 ? &policy.ceilings[i] : v < 0 ? &policy.floors[f] : &policy.vetoes[v];

		if (!(f < 0 ? has(C_ceiling) && holds(part->when, subject, day) :
			  v < 0 ? has(C_floor) && holds(part->when, subject, day) :
			  has(C_veto) && veto_holds(subject, v, day)))
			continue;
		if (overridden & UINT64_C(1) << i && has(C_overrides))
			continue;
		effective |= UINT64_C(1) << i;
		overridden |= part->overrides;
	}
	for (i = 0; i < n; i++)
	{
		int			f = i - policy.nceilings;
		int			v = f - policy.nfloors;
		int			band = f < 0 ? policy.ceilings[i].band : v < 0 ? policy.floors[f].band : policy.vetoes[v].band;

		/* one that was overridden after its turn does not hold either */
		if (!(effective & UINT64_C(1) << i) || (overridden & UINT64_C(1) << i && has(C_overrides)))
			continue;
		if (f >= 0 && v < 0)
			not_worse = band < not_worse ? band : not_worse;
		else
			not_better = band > not_better ? band : not_better;
		if (v >= 0)
			day->out.vetoes |= UINT64_C(1) << v;
	}
	/* a veto decides also what the bands left undecided; a ceiling alone does not */
	if (day->out.vetoes != 0 && has(C_veto_decides))
		day->out.undecided = false;
	if (day->referred || not_worse < not_better)
		day->out.undecided = true;
	if (day->out.undecided)
		day->out.band = -1;
	else
	{
		if (day->out.band < not_better)
			day->out.band = not_better;
		if (day->out.band > not_worse)
			day->out.band = not_worse;
	}
}

/* Gives the due day of an order, or DUE_UNKNOWN. */
static int
due_of(const Subject *subject, const Part *effect, const Day *day)
{
	const Contributions *all;
	int			after = DUE_UNKNOWN;
	int			c;

	switch (effect->after)
	{
		case AFTER_NOTHING:
			break;
		case AFTER_STEP:
			if (day->fired[effect->after_index] > 0 && has(C_due_step))
				after = day->fired_on[effect->after_index];
			break;
		case AFTER_ITEM:
			all = &subject->items[effect->after_index];
			for (c = 0; c < all->n && has(C_due_item); c++)
				if (all->list[c].first <= day->on && day->on <= all->list[c].last && all->list[c].anchor > after)
					after = all->list[c].anchor;
			break;
		case AFTER_CYCLE:
			if (has(C_due_cycle))
				after = cycle_unit(day->on).first;
			break;
	}
	/* of working days the day is left to the calendar: "N working days after" */
	return after == DUE_UNKNOWN || effect->due.working ? after : add_span(after, effect->due);
}

static void
find_effects(Subject *subject, Day *day)
{
	int			i;

	for (i = 0; i < policy.neffects; i++)
	{
		const Part *effect = &policy.effects[i];
		bool		is = (day->effect_conditions & UINT64_C(1) << i) != 0;

		if (effect->at_rating && !in_rating && has(C_at_rating))
			continue;
		if (effect->hold.given && has(C_bar_hold))
			is = held(effect, subject->effect_held[i], day->on);
		if (!is || !(effect->order ? has(C_effect_order) : has(C_effect_bar)))
			continue;
		day->out.effects |= UINT64_C(1) << i;
		if (effect->order)
			day->out.due[i] = due_of(subject, effect, day);
	}
}

static void
find_lists(const Subject *subject, Day *day)
{
	int			i;

	for (i = 0; i < policy.nlists; i++)
		if ((!policy.lists[i].at_rating || in_rating || !has(C_at_rating)) && has(C_list) &&
			holds(policy.lists[i].when, subject, day))
			day->out.lists |= UINT64_C(1) << i;
}

/* Notes which conditions hold on the day itself, and since when others did. */
static uint64_t
note_conditions(const Subject *subject, const Part *parts, int n, int *last_held, const Day *day)
{
	uint64_t	conditions = 0;
	int			i;

	for (i = 0; i < n; i++)
		if (holds(parts[i].when, subject, day))
		{
			conditions |= UINT64_C(1) << i;
			last_held[i] = day->on;
		}
	return conditions;
}

static void
forget_values(Day *day)
{
	int			i;

	for (i = 0; i < policy.nvalues; i++)
		if (policy.values[i].step > 2)
		{
			day->out.values[i].known = false;
			day->out.values[i].number = 0;
		}
}

static void
find_state(const Subject *subject, Day *day)
{
	int			i;

	for (i = 0; i < policy.nstates; i++)
		if (has(C_state) && holds(policy.states[i].when, subject, day))
		{
			day->out.state = i;
			day->out.band = has(C_state_band) ? policy.states[i].band : -1;
			return;
		}
}

/* Decides a day; the days before must have been, where something holds on. */
void
decide(Subject *subject, int on, const Place *place, Day *day)
{
	add_up(subject, on, place, day);
	day->out.computed = true;
	day->veto_conditions = day->effect_conditions = 0;
	if (day->enrolled == 0)
	{
		memset(&day->out, 0, sizeof(day->out));
		day->out.computed = true;
		day->out.state = STATE_NOT_ENROLLED;
		day->out.band = -1;
		return;
	}
	day->veto_conditions = note_conditions(subject, policy.vetoes, policy.nvetoes, subject->held, day);
	find_state(subject, day);
	if (day->out.state == STATE_RATED)
	{
		day->out.band = choose_band(subject, day);
		day->out.undecided = day->out.band == GAP_REFER;
		limit_band(subject, day);
	}
	if (day->out.undecided)
		forget_values(day);
	else
		derive_values(subject, day, 5);
	day->effect_conditions = note_conditions(subject, policy.effects, policy.neffects, subject->effect_held, day);
	if (!day->out.undecided)
	{
		find_lists(subject, day);
		if (day->out.state == STATE_RATED)
			find_effects(subject, day);
	}
}
