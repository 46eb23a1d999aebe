/*
 * compile_window.c -- lengths of time, calendar units and windows of a policy file: on which days a record counts
 *
 * rules/README.md, section 4.
 */
#include "policy_compile.h"

#include <string.h>

static const char *const period_keys[] = {"days", "months", "years", NULL};

/* A bare number where a length of time is wanted. */
static bool
is_bare_number(CcCompile *c, const CcNode *node, const char *hint)
{
	int64_t		number;

	if (node->kind != CC_NODE_SCALAR || cc_decimal_parse(node->text, node->len, CC_DECIMALS, &number) != CC_PARSE_OK)
		return false;
	cc_finding(c->findings, node, "unit_missing", hint, "\"%.40s\" has no unit", node->text);
	return true;
}

/* Exactly one of days, months, years; other keys are the caller's. False if there is none. */
static bool
period_in(CcCompile *c, const CcNode *mapping, CcPeriod *period)
{
	bool		found = false;
	int			i,
				n = 0;

	for (i = 0; i < 3; i++)
	{
		const CcNode *node = cc_get(mapping, period_keys[i]);

		if (node == NULL)
			continue;
		if (found)
			cc_finding(c->findings, node, "bad_value", "Keep one of them.", "more than one length of time");
		found = true;
		cc_value_integer(c, node, 0, i == 0 ? 36600 : i == 1 ? 1200 : 100, &n);
		period->unit = i == 0 ? CC_UNIT_DAYS : CC_UNIT_MONTHS;
		period->n = i == 2 ? n * 12 : n;
	}
	return found;
}

CcPeriod
cc_compile_period(CcCompile *c, const CcNode *node)
{
	CcPeriod	period = {CC_UNIT_NONE, 0};

	if (is_bare_number(c, node, "Write {days: N}, {months: N} or {years: N}."))
		return period;
	if (cc_check_keys(c, node, period_keys) && !period_in(c, node, &period))
		cc_finding(c->findings, node, "missing_key", "Write {days: N}, {months: N} or {years: N}.", "no length of time");
	return period;
}

/* A time within which something is due: a period, or working days. */
CcPeriod
cc_compile_due(CcCompile *c, const CcNode *node)
{
	static const char *const keys[] = {"days", "months", "years", "working_days", NULL};
	const CcNode *working = cc_get(node, "working_days");
	CcPeriod	period = {CC_UNIT_NONE, 0};

	if (is_bare_number(c, node, "Write {days: N}, {months: N}, {years: N} or {working_days: N}.") || !cc_check_keys(c, node, keys))
		return period;
	if (period_in(c, node, &period) + (working != NULL) != 1)
		cc_finding(c->findings, node, working ? "bad_value" : "missing_key", "Write {days: N}, {months: N}, {years: N} or {working_days: N}.",
				   working ? "more than one length of time" : "no length of time");
	else if (working && cc_value_integer(c, working, 0, 3660, &period.n))
		period.unit = CC_UNIT_WORKING_DAYS;
	return period;
}

/* year, half, quarter, month, cycle, and, where it has a sense, always (months = 0). */
void
cc_compile_calendar(CcCompile *c, const CcNode *node, bool always, CcDay *origin, int *months)
{
	static const char *const words[] = {"month", "quarter", "half", "year", "cycle", "always", NULL};
	static const char *const without_always[] = {"month", "quarter", "half", "year", "cycle", NULL};
	static const int lengths[] = {1, 3, 6, 12};
	int			n;

	*origin = 0;				/* 2000-01-01 begins a year */
	*months = 12;
	if (!cc_value_word(c, node, always ? words : without_always, &n))
		return;
	if (n < 4)
		*months = lengths[n];
	else if (n == 5)
		*months = 0;
	else if (!c->policy->has_cycle)
		cc_finding(c->findings, node, "cycle_missing", "Add cycle: {from: DAY, months: N} at the top.", "the policy has no cycle");
	else
	{
		*origin = c->policy->cycle_from;
		*months = c->policy->cycle_months;
	}
}

static CcTerm
day_term_of(CcCompile *c, const CcNode *node)
{
	CcTerm		term;

	if (!cc_is_scalar(c, node))
		return CC_TERM_DECIDED_ON;
	term = cc_term_find(node->text);
	if (term != CC_TERM_NONE && CC_IS_DAY(term))
		return term;
	cc_finding(c->findings, node, "unknown_term", "Name a day of the record, like decided_on; see rules/README.md, section 2.",
			   "\"%.80s\" is not a day of a record", node->text);
	return CC_TERM_DECIDED_ON;
}

static int
day_terms_of(CcCompile *c, const CcNode *node, CcTerm *terms)
{
	int			n = node->kind == CC_NODE_SEQUENCE ? node->n : 1;
	int			i;

	if (n < 1 || n > CC_DAY_TERMS)
	{
		cc_finding(c->findings, node, "bad_value", "Name one or a few days of the record.", "%d terms", n);
		return 0;
	}
	for (i = 0; i < n; i++)
		terms[i] = day_term_of(c, node->kind == CC_NODE_SEQUENCE ? node->items[i] : node);
	return n;
}

void
cc_window_always(CcWindow *window)
{
	window->span = CC_SPAN_ALWAYS;
	window->n_from = 3;
	window->from[0] = CC_TERM_DECIDED_ON;
	window->from[1] = CC_TERM_VALID_FROM;
	window->from[2] = CC_TERM_RECORDED_ON;
}

/* this, last, or {back: N}: how many units after the anchor's the record counts. */
static int
units_back(CcCompile *c, const CcNode *node)
{
	static const char *const keys[] = {"back", NULL};
	static const char *const which[] = {"this", "last", NULL};
	const CcNode *back;
	int			n = 0;

	if (node->kind != CC_NODE_MAPPING)
		return cc_value_word(c, node, which, &n) ? n : 0;
	if (cc_check_keys(c, node, keys) && (back = cc_require(c, node, "back")) != NULL)
		cc_value_integer(c, back, 1, 10, &n);
	return n;
}

static void
compile_unit(CcCompile *c, const CcNode *node, CcWindow *window)
{
	static const char *const units[] = {"month", "quarter", "half", "year", NULL};
	static const int months[] = {1, 3, 6, 12, 1};
	const CcNode *calendar = cc_get(node, "calendar");
	const CcNode *cycle = cc_get(node, "cycle");
	const CcNode *which_node = cycle ? cycle : cc_get(node, "which");
	int			n = 0;

	window->span = CC_SPAN_UNIT;
	window->unit_origin = 0;	/* 2000-01-01 begins a year */
	if (calendar)
	{
		cc_require(c, node, "which");
		cc_value_word(c, calendar, units, &n);
		window->unit_months = months[n];
	}
	else
	{
		if (!c->policy->has_cycle)
			cc_finding(c->findings, node, "cycle_missing", "Add cycle: {from: DAY, months: N} at the top.", "the policy has no cycle");
		if (cc_get(node, "which") != NULL)
			cc_finding(c->findings, cc_get(node, "which"), "unknown_key", "Write cycle: this or cycle: last.", "\"which\" belongs to calendar");
		window->unit_origin = c->policy->cycle_from;
		window->unit_months = c->policy->has_cycle ? c->policy->cycle_months : 12;
	}
	if (which_node)
		window->unit_back = units_back(c, which_node);
}

/* The window's span: exactly one way to say how long. */
static void
compile_span(CcCompile *c, const CcNode *node, CcWindow *window)
{
	bool		period = period_in(c, node, &window->period);
	const CcNode *term = cc_get(node, "term");
	const CcNode *always = cc_get(node, "always");
	const CcNode *alternative = cc_get(node, "else");
	bool		value = true;
	int			ways = period + (term != NULL) + (always != NULL) + (cc_get(node, "calendar") != NULL) + (cc_get(node, "cycle") != NULL);

	if (ways != 1)
		cc_finding(c->findings, node, ways ? "bad_value" : "missing_key",
				   "Write exactly one of days, months, years, calendar, cycle, term, always.", "%d ways to say how long the record counts", ways);
	if (cc_get(node, "which") && !cc_get(node, "calendar") && !cc_get(node, "cycle"))
		cc_finding(c->findings, cc_get(node, "which"), "unknown_key", "Use it with calendar.", "\"which\" belongs to calendar");
	if (alternative && !term)
		cc_finding(c->findings, alternative, "unknown_key", "Use it with term.", "\"else\" belongs to term");
	if (period)
		window->span = CC_SPAN_PERIOD;
	else if (term)
	{
		window->span = CC_SPAN_TERM;
		window->term = day_term_of(c, term);
		if (alternative && alternative->kind == CC_NODE_SCALAR && strcmp(alternative->text, "always") == 0)
			window->unlimited_else = true;
		else if (alternative)
			window->period = cc_compile_period(c, alternative);
	}
	else if (always)
	{
		window->span = CC_SPAN_ALWAYS;
		if (cc_value_bool(c, always, &value) && !value)
			cc_finding(c->findings, always, "bad_value", "Leave it out, or write true.", "\"always\" is false");
	}
	else if (ways > 0)
		compile_unit(c, node, window);
}

void
cc_compile_window(CcCompile *c, const CcNode *node, CcWindow *window)
{
	static const char *const keys[] = {
		"from", "delay", "days", "months", "years", "calendar", "which", "cycle", "term", "else", "always", "corresponding_day",
		"not_before", "ends_on", NULL
	};
	static const char *const corresponding[] = {"counted", "not_counted", NULL};
	const CcNode *value;
	int			n = 0;

	window->not_before = CC_TERM_NONE;
	if (node->kind == CC_NODE_SCALAR && strcmp(node->text, "always") == 0)
	{
		cc_window_always(window);
		return;
	}
	if (!cc_check_keys(c, node, keys))
		return;
	window->n_from = 1;
	window->from[0] = CC_TERM_DECIDED_ON;
	if ((value = cc_get(node, "from")) != NULL)
		window->n_from = day_terms_of(c, value, window->from);
	if ((value = cc_get(node, "delay")) != NULL)
		window->delay = cc_compile_period(c, value);
	compile_span(c, node, window);
	if ((value = cc_get(node, "corresponding_day")) != NULL && cc_value_word(c, value, corresponding, &n))
		window->corresponding_day_free = n == 1;
	if ((value = cc_get(node, "not_before")) != NULL)
		window->not_before = day_term_of(c, value);
	if ((value = cc_get(node, "ends_on")) != NULL)
		window->n_ends_on = day_terms_of(c, value, window->ends_on);
}
