/*
 * explain.c -- the same evaluation, told line by line
 *
 * Every record that bears on an item gets a line (explain_record.c), then what floors and caps did to the sums
 * (explain_score.c), then runs, counters and values (explain_derived.c), the rules that decided (explain_decision.c), and
 * what nearly did (explain_why.c). The points of the lines with adds set add up exactly to the score: a record that
 * counts adds its points, and each limit, mean, factor and weight adds (or takes) the difference it made.
 */
#include "explain.h"

#include <string.h>

const char *
cc_points_words(const Telling *telling, int64_t points)
{
	char		buf[32];

	cc_decimal_format(points, telling->policy->has_score ? telling->policy->decimals : CC_DECIMALS, buf);
	return cc_copy(telling->env, buf, (int) strlen(buf));
}

const char *
cc_limit_words(const Telling *telling, const char *label, const char *name, int64_t before, int64_t after)
{
	const char *from = cc_points_words(telling, before);
	const char *to = cc_points_words(telling, after);

	return cc_printf(telling->env, "%s %s，限为 %s / %s %s kept at %s", label, from, to, name, from, to);
}

/* An outcome in a few words: its state or band, and its score. */
const char *
cc_outcome_words(CcEnv *env, const CcPolicy *policy, const CcOutcome *outcome, bool zh)
{
	char		score[32];
	const char *what;

	if (outcome->state == CC_NOT_ENROLLED)
		return zh ? "未参评" : "not enrolled";
	if (outcome->undecided)
		what = zh ? "待定" : "undecided";
	else if (outcome->band >= 0)
		what = zh ? cc_printf(env, "%s（%s）", policy->bands[outcome->band].id, policy->bands[outcome->band].name) : policy->bands[outcome->band].id;
	else
		what = zh ? policy->states[outcome->state - CC_FIRST_STATE].name : cc_state_name(policy, outcome->state);
	if (!outcome->has_score)
		return what;
	cc_decimal_format(outcome->score, policy->decimals, score);
	return cc_printf(env, zh ? "%s，%s分" : "%s, score %s", what, score);
}

const CcCite *
cc_cited(const CcCite *cite)
{
	return cite->source != NULL ? cite : NULL;
}

void
cc_line_init(CcLine *line, const char *part, const char *rule, const char *name, const char *status, const CcCite *cite)
{
	memset(line, 0, sizeof(*line));
	line->part = part;
	line->rule = rule;
	line->name = name;
	line->status = status;
	line->first = line->last = CC_DAY_UNKNOWN;
	line->cite = cite;
}

void
cc_tell_line(const Telling *telling, const char *part, const char *rule, const char *name, const char *status, const CcCite *cite,
			 const char *remark)
{
	CcLine		line;

	cc_line_init(&line, part, rule, name, status, cite);
	line.remark = remark;
	telling->emit(telling->sink, &line);
}

void
cc_explain(CcEnv *env, const CcPolicy *policy, const CcState *state, const CcFact *facts, int n, int subject_kind, CcDay as_of,
		   CcOutcome *outcome, CcLineSink emit, void *sink)
{
	CcTally		tally;
	CcState		folded;
	Telling		telling;
	int			i;

	if (state == NULL)
	{
		cc_state_init(&folded, as_of);
		for (i = 0; i < n; i++)
			cc_fold(env, policy, &folded, &facts[i]);
		state = &folded;
	}
	cc_tell(env, policy, state, subject_kind, as_of, NULL, &tally, outcome);
	memset(&telling, 0, sizeof(telling));
	telling.env = env;
	telling.policy = policy;
	telling.state = state;
	telling.subject_kind = subject_kind;
	telling.day = as_of;
	telling.has_score = outcome->has_score;
	telling.adds = policy->score_of < 0;
	telling.tally = &tally;
	telling.facts = facts;
	telling.n_facts = n;
	telling.span_item = -1;
	telling.emit = emit;
	telling.sink = sink;
	cc_tell_records(&telling);
	if (outcome->state == CC_NOT_ENROLLED)
	{
		cc_tell_line(&telling, "state", "not_enrolled", "未参评 / not enrolled", "holds", NULL, NULL);
		return;
	}
	if (policy->has_score)
		cc_tell_score(&telling, &tally);
	cc_tell_derived(&telling, outcome);
	cc_tell_decision(&telling, outcome);
}
