/*
 * result.c -- outcomes of one policy as facts for another
 *
 * rules/README.md, section 6, kind result: one fact for each stretch of days on which state, score, band and grade stay
 * the same. Other policies are not looked back at, so that stretches begin with the day that is asked for.
 */
#include "tally.h"

#include <string.h>

#define MAX_STRETCHES 1000		/* past these the outer policy's state is good no longer */

static CcText
text_of(const char *str)
{
	CcText		text;

	text.str = str;
	text.len = str ? (int) strlen(str) : 0;
	return text;
}

static bool
same_result(const CcOutcome *a, const CcOutcome *b)
{
	return a->state == b->state && a->has_score == b->has_score && a->score == b->score && a->band == b->band && a->grade == b->grade;
}

static void
fill_fact(const CcPolicy *policy, const CcOutcome *outcome, CcDay first, CcDay last, CcFact *fact)
{
	cc_fact_init(fact);
	fact->text[CC_TERM_KIND] = text_of("result");
	fact->text[CC_TERM_POLICY] = text_of(policy->id);
	fact->text[CC_TERM_STATE] = text_of(cc_state_name(policy, outcome->state));
	if (outcome->band >= 0)
		fact->text[CC_TERM_READ_BAND] = text_of(policy->bands[outcome->band].id);
	if (outcome->grade > 0)
		fact->text[CC_TERM_GRADE] = text_of(cc_vocabulary[CC_TERM_GRADE].words[outcome->grade - 1]);
	if (outcome->has_score)
		fact->number[CC_TERM_POINTS - CC_TERM_AMOUNT] = outcome->score;
	fact->day[CC_TERM_VALID_FROM - CC_TERM_ACT_ON] = first;
	if (last != CC_DAY_LAST)
		fact->day[CC_TERM_VALID_UNTIL - CC_TERM_ACT_ON] = last;
	cc_fact_resolve(fact);
}

int
cc_result_facts(CcEnv *env, const CcPolicy *inner, const CcState *state, int subject_kind, CcDay from, CcDay until, CcFact **facts,
				CcDay *known_until)
{
	int			room = 8;
	int			n = 0;
	CcDay		begin = from;
	CcOutcome	now,
				next;

	*facts = env->alloc(env, sizeof(CcFact) * room);
	*known_until = CC_DAY_LAST;
	if (until > inner->in_force_until)
		until = inner->in_force_until;
	if (from > until)
		return 0;
	cc_finish(env, inner, state, subject_kind, from, NULL, &now);
	for (;;)
	{
		CcDay		change = now.next_change_on;
		bool		over = change > until || change == CC_DAY_LAST;

		/* past what the state can tell, nobody knows */
		if (!over && (!cc_good_on(state, change) || n == MAX_STRETCHES))
		{
			*known_until = cc_day_shift(change, -1);
			over = true;
		}
		if (!over)
			cc_finish(env, inner, state, subject_kind, change, NULL, &next);
		if (over || !same_result(&now, &next))
		{
			if (n == room)
			{
				CcFact	   *more = env->alloc(env, sizeof(CcFact) * room * 2);

				memcpy(more, *facts, sizeof(CcFact) * n);
				*facts = more;
				room *= 2;
			}
			if (now.state != CC_NOT_ENROLLED)
				fill_fact(inner, &now, begin, over ? (*known_until != CC_DAY_LAST ? *known_until : until) : cc_day_shift(change, -1),
						  &(*facts)[n++]);
			begin = change;
		}
		if (over)
			return n;
		now = next;
	}
}
