/*
 * constructs.h -- the constructs of the language, of which one at a time can be left out
 *
 * With --coverage every answer is worked out again without each construct that the policy uses, and the answers that come out otherwise
 * are counted: a construct that never changes one is not tested.  --without=NAME prints the answers that are wrong in this way, which a
 * comparison has to find.
 */
#ifndef CONSTRUCTS_H
#define CONSTRUCTS_H

#include <stdbool.h>

#define CONSTRUCTS \
	X(unknown) X(known) X(prefix) X(whose) X(link_days) X(result) X(rating) X(listing) \
	X(delay) X(window_unit) X(window_cycle) X(back) X(window_term) X(else) X(not_before) X(ends_on) X(from_list) \
	X(corresponding_day) X(repaired) X(revoked) X(unverified) \
	X(cases) X(awarded) X(per_unit) X(surcharges) X(record_limits) X(item_limits) \
	X(latest) X(earliest) X(highest) X(lowest) X(mean) X(once_per) X(after_first) X(tie) X(tie_refer) X(keep) X(factor) X(absent) \
	X(item_when) X(component_limits) X(component_when) X(weight) X(per_units) X(by_amount) X(by_quantity) X(per_calendar) X(empty) \
	X(weighted_mean) X(score_of) X(score_limits) X(round) \
	X(run) X(run_without) X(run_while) X(run_through) X(at_most) X(covered) X(covered_last) \
	X(counter) X(counter_points) X(counter_per) X(fires) X(reset) X(resets) X(smallest_first) X(largest_first) X(together) X(same_day_refer) \
	X(ratio) X(over_zero) X(value_sum) X(value_mean) X(least) X(greatest) X(linear) X(value_cases) X(value_unknown) \
	X(state) X(state_band) X(choose) X(gap) X(band_unknown) X(ceiling) X(floor) X(veto) X(veto_hold) X(veto_decides) X(overrides) X(list) \
	X(effect_order) X(effect_bar) X(bar_hold) X(due_step) X(due_item) X(due_cycle) \
	X(rank) X(among) X(not_ranked) X(best_lowest) X(percent) X(number) X(from_worst) X(ties_include) X(ties_exclude) \
	X(ties_refer) X(at_rating) X(facts_until) X(repairs_until)

typedef enum Construct
{
#define X(name) C_##name,
	CONSTRUCTS
#undef X
	NCONSTRUCTS
} Construct;

extern const char *const construct_names[];
extern bool used[NCONSTRUCTS];	/* by the policy */
extern int	left_out;			/* a construct, or -1 */

/* Tells whether a construct has its effect; on the way notes that it is used. */
static inline bool
has(Construct construct)
{
	used[construct] = true;
	return left_out != (int) construct;
}

#endif							/* CONSTRUCTS_H */
