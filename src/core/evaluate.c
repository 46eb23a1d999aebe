/*
 * evaluate.c -- which outcome follows from what the records add up to, and when it changes next
 *
 * Reads like rules/README.md, section 5: states, bands, ceilings and floors, vetoes, lists, effects. What is unknown,
 * because nobody has been ranked yet, does not hold; only of a band it can leave the outcome undecided.
 */
#include "tally.h"

#include <string.h>

/* One run through time: how long what held goes on being held. */
typedef struct Sweep
{
	CcEnv	   *env;
	const CcPolicy *policy;
	const CcState *state;
	CcTally    *tally;
	CcDay		vetoes_until[CC_MAX_RULES];
	CcDay		effects_until[CC_MAX_RULES];
	CcDay		horizon;		/* past it no unit that begins changes anything */
	CcDay		unit_next[CC_MAX_CLOCKS];	/* by clock: when the next unit begins */
} Sweep;

/* ---- bands ---- */

/* The best or worst of the bands that hold; with one more that is taken to hold. -1: undecided. */
static int
choice_with(const CcPolicy *policy, uint32_t holding)
{
	int			i;

	if (holding == 0)
		return policy->gap;
	if (policy->choose == CC_CHOOSE_REFER && (holding & (holding - 1)) != 0)
		return -1;
	if (policy->choose != CC_CHOOSE_WORST)
		return __builtin_ctz(holding);
	for (i = CC_MAX_BANDS - 1; !(holding >> i & 1); i--)
		;
	return i;
}

/*
 * What the bands say. One that is unknown leaves the outcome undecided, unless the choice is the same whether it holds
 * or not.
 */
static int
choose_band(const CcPolicy *policy, const CcTally *tally)
{
	uint32_t	holding = 0;
	uint32_t	unknown = 0;
	int			chosen;
	int			i;

	for (i = 0; i < policy->n_bands; i++)
	{
		CcTruth		truth = cc_holds(policy->bands[i].when, NULL, tally);

		if (truth == CC_TRUE)
			holding |= 1u << i;
		else if (truth == CC_UNKNOWN)
			unknown |= 1u << i;
	}
	chosen = choice_with(policy, holding);
	for (i = 0; i < policy->n_bands && chosen >= 0; i++)
		if ((unknown >> i & 1) && choice_with(policy, holding | 1u << i) != chosen)
			chosen = -1;
	return chosen;
}

/* ---- ceilings, floors, vetoes ---- */

/* A rule that is overridden when its turn comes neither holds nor overrides. */
static bool
stands(const CcRule *rule, int kind, int i, CcTally *tally)
{
	int			k;

	if (tally->overridden[kind] >> i & 1)
		return false;
	for (k = 0; k < 3; k++)
		tally->overridden[k] |= rule->overrides[k];
	return true;
}

static bool
held(const Sweep *sweep, const CcDay *until, int i)
{
	return until[i] != CC_DAY_FIRST && sweep->tally->day <= until[i];
}

/* Marks what holds, in the order ceilings, floors, vetoes. */
static void
find_limits(Sweep *sweep, CcOutcome *outcome)
{
	const CcPolicy *policy = sweep->policy;
	CcTally    *tally = sweep->tally;
	int			i;

	tally->ceilings = tally->floors = 0;
	memset(tally->overridden, 0, sizeof(tally->overridden));
	for (i = 0; i < policy->n_ceilings; i++)
		if (cc_holds(policy->ceilings[i].when, NULL, tally) == CC_TRUE && stands(&policy->ceilings[i], CC_OVERRIDES_CEILINGS, i, tally))
			tally->ceilings |= UINT64_C(1) << i;
	for (i = 0; i < policy->n_floors; i++)
		if (cc_holds(policy->floors[i].when, NULL, tally) == CC_TRUE && stands(&policy->floors[i], CC_OVERRIDES_FLOORS, i, tally))
			tally->floors |= UINT64_C(1) << i;
	for (i = 0; i < policy->n_vetoes; i++)
		if ((held(sweep, sweep->vetoes_until, i) || cc_holds(policy->vetoes[i].when, NULL, tally) == CC_TRUE) &&
			stands(&policy->vetoes[i], CC_OVERRIDES_VETOES, i, tally))
			outcome->vetoes |= 1u << i;
	/* what is overridden later than its turn does not hold either */
	tally->ceilings &= ~tally->overridden[CC_OVERRIDES_CEILINGS];
	tally->floors &= ~tally->overridden[CC_OVERRIDES_FLOORS];
	outcome->vetoes &= ~(uint32_t) tally->overridden[CC_OVERRIDES_VETOES];
}

/* States, bands, ceilings, floors and vetoes, in this order. */
static void
decide(Sweep *sweep, CcOutcome *outcome)
{
	const CcPolicy *policy = sweep->policy;
	CcTally    *tally = sweep->tally;
	int			best = 0;		/* the best band that ceilings and vetoes leave */
	int			worst = policy->n_bands - 1;	/* the worst that floors leave */
	int			i;

	outcome->state = CC_RATED;
	for (i = 0; i < policy->n_states; i++)
	{
		if (cc_holds(policy->states[i].when, NULL, tally) == CC_TRUE)
		{
			outcome->state = CC_FIRST_STATE + i;
			outcome->band = policy->states[i].band;
			return;
		}
	}
	outcome->band = choose_band(policy, tally);
	find_limits(sweep, outcome);
	for (i = 0; i < policy->n_ceilings; i++)
		if ((tally->ceilings >> i & 1) && best < policy->ceilings[i].band)
			best = policy->ceilings[i].band;
	for (i = 0; i < policy->n_vetoes; i++)
		if ((outcome->vetoes >> i & 1) && best < policy->vetoes[i].band)
			best = policy->vetoes[i].band;
	for (i = 0; i < policy->n_floors; i++)
		if ((tally->floors >> i & 1) && worst > policy->floors[i].band)
			worst = policy->floors[i].band;
	/* A veto decides what the bands left undecided; a ceiling or a floor does not. */
	if (outcome->band < best && (outcome->band >= 0 || outcome->vetoes != 0))
		outcome->band = best;
	if (outcome->band > worst)
		outcome->band = worst;
	/* Not better than one band and not worse than a better one: nobody but people can tell. */
	if (tally->referred || best > worst)
		outcome->band = -1;
	outcome->undecided = outcome->band < 0;
}

/* ---- lists, effects, values ---- */

/* The day from which the due time of an order runs. */
static CcDay
due_after(const CcPolicy *policy, const CcRule *effect, const CcTally *tally)
{
	const CcPick *pick;
	CcDay		latest = CC_DAY_UNKNOWN;
	CcDay		last;
	int			i;

	switch (effect->after)
	{
		case CC_AFTER_STEP:
			return tally->fired_on[effect->after_index];
		case CC_AFTER_ITEM:
			pick = tally->scratch->picks + tally->scratch->begin[effect->after_index];
			for (i = 0; i < tally->scratch->n_picks[effect->after_index]; i++)
				if (pick[i].entry->anchor > latest)
					latest = pick[i].entry->anchor;
			return latest;
		case CC_AFTER_CYCLE:
			cc_unit_around(policy->cycle_table, tally->day, &latest, &last);
			return latest;
		default:
			return CC_DAY_UNKNOWN;
	}
}

static void
find_effects(Sweep *sweep, CcOutcome *outcome)
{
	const CcPolicy *policy = sweep->policy;
	int			i;

	for (i = 0; i < policy->n_effects; i++)
	{
		const CcRule *effect = &policy->effects[i];

		if ((effect->at_rating && sweep->tally->place == NULL) ||
			!(held(sweep, sweep->effects_until, i) || cc_holds(effect->when, NULL, sweep->tally) == CC_TRUE))
			continue;
		outcome->effects |= 1u << i;
		outcome->counted_from[i] = due_after(policy, effect, sweep->tally);
		outcome->due[i] = outcome->counted_from[i];
		if (effect->due.unit != CC_UNIT_WORKING_DAYS && outcome->due[i] != CC_DAY_UNKNOWN)
			outcome->due[i] = cc_day_add(outcome->due[i], effect->due);
	}
}

static void
outcome_empty(const CcPolicy *policy, CcOutcome *outcome)
{
	CcDay	   *due = outcome->due;
	CcDay	   *counted_from = outcome->counted_from;
	int64_t    *value = outcome->value;
	int			i;

	memset(outcome, 0, sizeof(*outcome));
	outcome->band = -1;
	if (policy->n_effects == 0 && policy->n_values == 0)
		return;
	outcome->n_effects = policy->n_effects;
	outcome->due = due;
	outcome->counted_from = counted_from;
	outcome->n_values = policy->n_values;
	outcome->value = value;
	for (i = 0; i < policy->n_effects; i++)
		outcome->due[i] = outcome->counted_from[i] = CC_DAY_UNKNOWN;
	for (i = 0; i < policy->n_values; i++)
		outcome->value[i] = CC_NUMBER_UNKNOWN;
}

static void
outcome_init(CcEnv *env, const CcPolicy *policy, CcOutcome *outcome)
{
	memset(outcome, 0, sizeof(*outcome));
	if (policy->n_effects > 0)
	{
		outcome->due = env->alloc(env, sizeof(CcDay) * policy->n_effects);
		outcome->counted_from = env->alloc(env, sizeof(CcDay) * policy->n_effects);
	}
	if (policy->n_values > 0)
		outcome->value = env->alloc(env, sizeof(int64_t) * policy->n_values);
}

static bool
enrolled(const CcPolicy *policy, const CcTally *tally)
{
	return tally->count[0] > 0 &&
		(policy->subject_kinds == 0 || (tally->subject_kind >= 0 && (policy->subject_kinds & (1u << tally->subject_kind))));
}

/* The outcome of one day, without next_change_on; its arrays are there already. */
static void
outcome_on(Sweep *sweep, CcDay day, CcOutcome *outcome)
{
	const CcPolicy *policy = sweep->policy;
	CcTally    *tally = sweep->tally;
	int			i;

	outcome_empty(policy, outcome);
	cc_tally(sweep->env, policy, day, tally);
	if (!enrolled(policy, tally))
		return;
	outcome->has_score = policy->has_score;
	outcome->score = policy->has_score ? tally->score : 0;
	cc_values(sweep->env, policy, tally, 3, 4);
	decide(sweep, outcome);
	outcome->grade = outcome->band >= 0 ? policy->bands[outcome->band].grade : 0;
	tally->band = outcome->band;
	cc_values(sweep->env, policy, tally, 5, 5);
	for (i = 0; i < policy->n_values; i++)
	{
		/* what rests on an undecided outcome is unknown */
		if (outcome->undecided && policy->values[i].step >= 4)
			tally->value[i] = CC_NUMBER_UNKNOWN;
		outcome->value[i] = tally->value[i];
	}
	if (outcome->undecided)
		return;
	for (i = 0; i < policy->n_lists; i++)
		if ((!policy->lists[i].at_rating || tally->place != NULL) && cc_holds(policy->lists[i].when, NULL, tally) == CC_TRUE)
			outcome->lists |= 1u << i;
	if (outcome->state == CC_RATED)
		find_effects(sweep, outcome);
}

/* The outcome where no version is in force: none, until the given day. */
void
cc_no_outcome(CcDay next_change_on, CcOutcome *outcome)
{
	memset(outcome, 0, sizeof(*outcome));
	outcome->band = -1;
	outcome->exact = true;
	outcome->next_change_on = next_change_on;
}

/* True if nothing that a person would be told differs. */
bool
cc_same_outcome(const CcOutcome *a, const CcOutcome *b)
{
	return a->state == b->state && a->has_score == b->has_score && a->score == b->score && a->band == b->band && a->grade == b->grade &&
		a->undecided == b->undecided && a->vetoes == b->vetoes && a->lists == b->lists && a->effects == b->effects &&
		a->n_effects == b->n_effects && a->n_values == b->n_values &&
		(a->n_effects == 0 || memcmp(a->due, b->due, sizeof(CcDay) * a->n_effects) == 0) &&
		(a->n_values == 0 || memcmp(a->value, b->value, sizeof(int64_t) * a->n_values) == 0);
}

/* ---- time ---- */

static CcDay
earlier(CcDay best, CcDay after, CcDay candidate)
{
	return candidate > after && candidate < best ? candidate : best;
}

/*
 * The first day after the given one, which is the tally's, on which an entry begins or has ended, or a unit begins.
 * Between two such days nothing changes but by the end of a hold. CC_DAY_LAST if none.
 */
static CcDay
next_boundary(Sweep *sweep, CcDay after)
{
	const CcPolicy *policy = sweep->policy;
	CcDay		best = cc_timeline_next(sweep->tally);
	CcDay		first,
				last;
	int			i;

	if (policy->fires && sweep->tally->scratch->kept_began == after)
		best = earlier(best, after, cc_day_shift(after, 1));
	for (i = 0; i < policy->n_clocks && after < sweep->horizon; i++)
	{
		if (sweep->unit_next[i] <= after)
		{
			cc_unit_around(policy->clocks[i].table, after, &first, &last);
			sweep->unit_next[i] = cc_day_shift(last, 1);
		}
		best = earlier(best, after, sweep->unit_next[i]);
	}
	return best;
}

/* The last day on which an entry begins or ends, and then as long as units that have passed can matter. */
static CcDay
find_horizon(const CcPolicy *policy, const CcState *state, CcDay as_of)
{
	CcDay		horizon = as_of;
	int			months = 0;
	int			i;

	if (policy->n_clocks == 0)
		return CC_DAY_FIRST;
	for (i = 0; i < state->n; i++)
	{
		if (state->entries[i].first != CC_DAY_LAST && state->entries[i].first > horizon)
			horizon = state->entries[i].first;
		if (state->entries[i].last != CC_DAY_LAST && state->entries[i].last > horizon)
			horizon = state->entries[i].last;
	}
	for (i = 0; i < policy->n_clocks; i++)
		months += (policy->clocks[i].units + 1) * policy->clocks[i].months;
	return cc_day_add(horizon, (CcPeriod) {CC_UNIT_MONTHS, months});
}

/* Holds run from each day on which the subject is enrolled and the condition holds: so from the last day of the stretch. */
static void
note_holds(Sweep *sweep, CcDay last)
{
	const CcPolicy *policy = sweep->policy;
	int			i;

	if (!enrolled(policy, sweep->tally))
		return;
	for (i = 0; i < policy->n_vetoes; i++)
		if (policy->vetoes[i].hold.unit != CC_UNIT_NONE && cc_holds(policy->vetoes[i].when, NULL, sweep->tally) == CC_TRUE)
			sweep->vetoes_until[i] = cc_day_add(last, policy->vetoes[i].hold);
	for (i = 0; i < policy->n_effects; i++)
		if (policy->effects[i].hold.unit != CC_UNIT_NONE && cc_holds(policy->effects[i].when, NULL, sweep->tally) == CC_TRUE)
			sweep->effects_until[i] = cc_day_add(last, policy->effects[i].hold);
}

/* The first later day on which a hold is over. */
static CcDay
next_hold_end(const Sweep *sweep, CcDay after)
{
	CcDay		best = CC_DAY_LAST;
	int			i;

	for (i = 0; i < sweep->policy->n_vetoes; i++)
		best = earlier(best, after, cc_day_shift(sweep->vetoes_until[i], 1));
	for (i = 0; i < sweep->policy->n_effects; i++)
		best = earlier(best, after, cc_day_shift(sweep->effects_until[i], 1));
	return best;
}

/* The next day to look at; and, for holds, the stretch through the day before it is taken note of. */
static CcDay
step_on(Sweep *sweep, CcDay day)
{
	CcDay		next = next_boundary(sweep, day);

	if (sweep->env->breathe != NULL)
		sweep->env->breathe(sweep->env);
	if (sweep->policy->hold_days == 0)
		return next;
	note_holds(sweep, cc_day_shift(next, -1));
	return earlier(next, day, next_hold_end(sweep, day));
}

/*
 * True if what is held can depend on the band: an effect's condition, or a value that is unknown while the outcome is
 * undecided. Else the tally of a day that is over tells all that matters of it.
 */
static bool
holds_need_band(const CcPolicy *policy)
{
	int			i;

	for (i = 0; i < policy->n_effects; i++)
		if (policy->effects[i].hold.unit != CC_UNIT_NONE)
			return true;
	for (i = 0; i < policy->n_values; i++)
		if (policy->values[i].step >= 4)
			return true;
	return false;
}

/* Begins so long before the day that every hold that reaches it is known. */
static void
begin_sweep(Sweep *sweep, CcDay as_of, CcOutcome *outcome)
{
	const CcPolicy *policy = sweep->policy;
	bool		need_band;
	CcDay		day = cc_day_shift(as_of, -policy->hold_days);
	int			i;

	for (i = 0; i < CC_MAX_RULES; i++)
		sweep->vetoes_until[i] = sweep->effects_until[i] = CC_DAY_FIRST;
	for (i = 0; i < policy->n_clocks; i++)
		sweep->unit_next[i] = CC_DAY_FIRST;
	sweep->horizon = find_horizon(policy, sweep->state, as_of);
	need_band = policy->hold_days > 0 && holds_need_band(policy);
	while (policy->hold_days > 0 && day < as_of)
	{
		CcDay		next;

		if (need_band)
			outcome_on(sweep, day, outcome);
		else
			cc_tally(sweep->env, policy, day, sweep->tally);
		next = step_on(sweep, day);
		if (next > as_of)
			break;
		day = next;
	}
}

/* The outcome on a day, without its next change; the sweep can go on from there. */
static void
stand_on(CcEnv *env, const CcPolicy *policy, const CcState *state, int subject_kind, CcDay as_of, const CcPlace *place, CcTally *tally,
		 Sweep *sweep, CcOutcome *outcome)
{
	cc_tally_init(env, policy, state, cc_day_shift(as_of, -policy->hold_days), tally);
	tally->subject_kind = subject_kind;
	tally->place = place;
	sweep->env = env;
	sweep->policy = policy;
	sweep->state = state;
	sweep->tally = tally;
	outcome_init(env, policy, outcome);
	begin_sweep(sweep, as_of, outcome);
	outcome_on(sweep, as_of, outcome);
	outcome->exact = true;
	outcome->next_change_on = CC_DAY_LAST;
}

/*
 * The first later day on which the outcome differs. Between two boundaries nothing can change, so that only boundaries
 * are tried, in order. The day after the policy's last day in force is always a change.
 */
static void
find_change(Sweep *sweep, CcOutcome *outcome)
{
	const CcPolicy *policy = sweep->policy;
	const CcState *state = sweep->state;
	CcOutcome	later;
	CcDay		end = policy->in_force_until == CC_DAY_LAST ? CC_DAY_LAST : cc_day_shift(policy->in_force_until, 1);
	CcDay		limit = state->good_until == CC_DAY_LAST ? CC_DAY_LAST : cc_day_shift(state->good_until, 1);
	CcDay		day = sweep->tally->day;

	if (end < limit)
		limit = end;
	if (!state->reduced)
	{
		if (policy->n_effects > 0 || policy->n_values > 0)
			outcome_init(sweep->env, policy, &later);
		do
		{
			day = step_on(sweep, day);
			if (day >= limit)
				break;
			outcome_on(sweep, day, &later);
		} while (cc_same_outcome(outcome, &later));
	}
	else
		day = next_boundary(sweep, day);
	outcome->next_change_on = day < limit ? day : limit;
	outcome->exact = (!state->reduced && limit == end) || outcome->next_change_on == CC_DAY_LAST || outcome->next_change_on < limit;
	if (state->reduced)
		outcome->exact = outcome->next_change_on == CC_DAY_LAST;
}

/* The outcome on a day from the state's own day on, for which cc_good_on() holds, and when it changes next. */
void
cc_finish(CcEnv *env, const CcPolicy *policy, const CcState *state, int subject_kind, CcDay as_of, const CcPlace *place, CcOutcome *outcome)
{
	CcTally		tally;
	Sweep		sweep;

	stand_on(env, policy, state, subject_kind, as_of, place, &tally, &sweep, outcome);
	if (place == NULL)
		find_change(&sweep, outcome);
}

void
cc_tell(CcEnv *env, const CcPolicy *policy, const CcState *state, int subject_kind, CcDay as_of, const CcPlace *place, CcTally *tally,
		CcOutcome *outcome)
{
	Sweep		sweep;
	CcOutcome	again;

	cc_finish(env, policy, state, subject_kind, as_of, place, outcome);
	/* a tally that stays on the day */
	stand_on(env, policy, state, subject_kind, as_of, place, tally, &sweep, &again);
}

/* The outcome of a day alone, for many subjects: next_change_on is not looked for. */
void
cc_outcome_on(CcEnv *env, const CcPolicy *policy, const CcState *state, int subject_kind, CcDay day, CcOutcome *outcome)
{
	Sweep		sweep;
	CcTally		tally;

	stand_on(env, policy, state, subject_kind, day, NULL, &tally, &sweep, outcome);
}

static bool
limits(const CcTally *tally, const CcOutcome *outcome, CcLimitKind kind, int i)
{
	switch (kind)
	{
		case CC_LIMIT_STATE:
			return outcome->state == CC_FIRST_STATE + i;
		case CC_LIMIT_CEILING:
			return outcome->state == CC_RATED && (tally->ceilings >> i & 1);
		case CC_LIMIT_FLOOR:
			return outcome->state == CC_RATED && (tally->floors >> i & 1);
		case CC_LIMIT_VETO:
			return (outcome->vetoes >> i & 1) != 0;
		default:
			return (outcome->effects >> i & 1) != 0;
	}
}

CcDay
cc_limit_ends(CcEnv *env, const CcPolicy *policy, const CcState *state, int subject_kind, CcDay as_of, CcLimitKind kind, int i)
{
	Sweep		sweep;
	CcTally		tally;
	CcOutcome	outcome;
	CcDay		end = policy->in_force_until < state->good_until ? policy->in_force_until : state->good_until;
	CcDay		day = as_of;

	stand_on(env, policy, state, subject_kind, as_of, NULL, &tally, &sweep, &outcome);
	while (limits(&tally, &outcome, kind, i))
	{
		day = step_on(&sweep, day);
		if (day > end || day == CC_DAY_LAST)
			return end == CC_DAY_LAST ? CC_DAY_LAST : CC_DAY_UNKNOWN;
		outcome_on(&sweep, day, &outcome);
	}
	return day;
}

/* The state as written in views: not_enrolled, rated, or the id of one of the policy's states. */
const char *
cc_state_name(const CcPolicy *policy, int state)
{
	if (state == CC_NOT_ENROLLED)
		return "not_enrolled";
	return state == CC_RATED ? "rated" : policy->states[state - CC_FIRST_STATE].id;
}
