/*
 * dispatch.c -- which items a record can count in
 *
 * Most items ask for a kind of record and for behaviours by their codes. Which of them a kind or a code leaves is worked
 * out once for a policy, so that a record is tried against these items only. Whoever explains a record tries them all.
 */
#include "evaluate.h"
#include "policy_compile.h"

#include <string.h>

#define MOST_BEHAVIOURS	1000	/* a policy that names more is hostile: its items are tried for every behaviour */

static void
add_item(CcItemSet *set, int item)
{
	set->bits[item / 64] |= UINT64_C(1) << item % 64;
}

/* The test of the behaviour without which a condition is not true; NULL if there is none. */
static const CcCondition *
needed_behaviour(const CcCondition *condition)
{
	int			i;

	if (condition->kind == CC_COND_TEXT && condition->term == CC_TERM_BEHAVIOUR)
		return condition;
	for (i = 0; condition->kind == CC_COND_ALL && i < condition->n; i++)
		if (condition->parts[i]->kind == CC_COND_TEXT && condition->parts[i]->term == CC_TERM_BEHAVIOUR)
			return condition->parts[i];
	return NULL;
}

/* The place of a behaviour in the table, or the free place where it would be. */
static CcBehaviour *
place_of(const CcPolicy *policy, CcText text)
{
	uint32_t	mask = (uint32_t) policy->n_behaviours - 1;
	uint32_t	place;

	for (place = (uint32_t) cc_group_key(text);; place++)
	{
		CcBehaviour *behaviour = &policy->behaviours[place & mask];

		if (behaviour->code.str == NULL ||
			(behaviour->code.len == text.len && memcmp(behaviour->code.str, text.str, text.len) == 0))
			return behaviour;
	}
}

/* Makes the table, less than half full, and puts every behaviour in that an item names in full. */
static void
collect_behaviours(CcEnv *env, CcPolicy *policy)
{
	const CcCondition *need;
	int			n = 0;
	int			i,
				k;

	for (i = 0; i < policy->n_items; i++)
		if (policy->items[i].match != NULL && (need = needed_behaviour(policy->items[i].match)) != NULL)
			n += need->n;
	if (n > MOST_BEHAVIOURS)
		n = 0;
	for (policy->n_behaviours = 2; policy->n_behaviours <= 2 * n; policy->n_behaviours *= 2)
		;
	policy->behaviours = env->alloc(env, sizeof(CcBehaviour) * policy->n_behaviours);
	if (n == 0)
		return;
	for (i = 0; i < policy->n_items; i++)
	{
		if (policy->items[i].match == NULL || (need = needed_behaviour(policy->items[i].match)) == NULL)
			continue;
		for (k = 0; k < need->n; k++)
			if (!need->prefix[k])
				place_of(policy, need->texts[k])->code = need->texts[k];
	}
}

/* An item can be true for the behaviours that it names, also by their beginning. */
static void
add_needing(CcPolicy *policy, int item, const CcCondition *need)
{
	int			i,
				k;

	for (k = 0; k < need->n; k++)
	{
		CcText		text = need->texts[k];

		if (!need->prefix[k] && place_of(policy, text)->code.str != NULL)
		{
			add_item(&place_of(policy, text)->items, item);
			continue;
		}
		add_item(&policy->other_behaviour, item);
		for (i = 0; i < policy->n_behaviours; i++)
		{
			CcBehaviour *behaviour = &policy->behaviours[i];

			if (behaviour->code.str != NULL && behaviour->code.len >= text.len && memcmp(behaviour->code.str, text.str, text.len) == 0)
				add_item(&behaviour->items, item);
		}
	}
}

/* Fills in which items the records of a kind, and those of a behaviour, can match. */
void
cc_plan_dispatch(CcEnv *env, CcPolicy *policy)
{
	int			i,
				k;

	collect_behaviours(env, policy);
	for (i = 0; i < policy->n_items; i++)
	{
		const CcCondition *need;

		if (policy->items[i].match == NULL)
			continue;
		for (k = 0; k < CC_KINDS; k++)
			if (policy->items[i].kinds & (1u << k))
				add_item(&policy->by_kind[k], i);
		if ((need = needed_behaviour(policy->items[i].match)) != NULL)
		{
			add_needing(policy, i, need);
			continue;
		}
		add_item(&policy->no_behaviour, i);
		add_item(&policy->other_behaviour, i);
		for (k = 0; k < policy->n_behaviours; k++)
			add_item(&policy->behaviours[k].items, i);
	}
}

/* The items whose match can be true for a record of the kind and behaviour, if it has one. */
CcItemSet
cc_candidates(const CcPolicy *policy, int kind, CcText behaviour)
{
	const CcItemSet *others = &policy->no_behaviour;
	CcItemSet	set = policy->by_kind[kind];
	int			i;

	if (behaviour.str != NULL)
	{
		const CcBehaviour *known = place_of(policy, behaviour);

		others = known->code.str != NULL ? &known->items : &policy->other_behaviour;
	}
	for (i = 0; i < CC_ITEM_WORDS; i++)
		set.bits[i] &= others->bits[i];
	return set;
}
