/*
 * compile_item.c -- items of a policy file: what a record must be, how many points it has, on which days it counts
 *
 * rules/README.md, section 4.
 */
#include "policy_compile.h"

#include <string.h>

static const char *const period_keys[] = {"days", "months", "years", NULL};

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

	if (cc_check_keys(c, node, period_keys) && !period_in(c, node, &period))
		cc_finding(c->findings, node, "missing_key", "Write {days: N}, {months: N} or {years: N}.", "no length of time");
	return period;
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

static void
window_always(CcWindow *window)
{
	window->span = CC_SPAN_ALWAYS;
	window->n_from = 3;
	window->from[0] = CC_TERM_DECIDED_ON;
	window->from[1] = CC_TERM_VALID_FROM;
	window->from[2] = CC_TERM_RECORDED_ON;
}

static void
compile_unit(CcCompile *c, const CcNode *node, CcWindow *window)
{
	static const char *const units[] = {"month", "quarter", "half", "year", NULL};
	static const char *const which[] = {"this", "last", NULL};
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
	n = 0;
	if (which_node)
		cc_value_word(c, which_node, which, &n);
	window->unit_last = n == 1;
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
		if (alternative)
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

static void
compile_window(CcCompile *c, const CcNode *node, CcWindow *window)
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
		window_always(window);
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

static bool
points_of(CcCompile *c, const CcNode *node, int64_t *value)
{
	if (!cc_value_decimal(c, node, c->policy->has_score ? c->policy->decimals : CC_DECIMALS, value))
		return false;
	if (*value >= -CC_MAX_POINTS && *value <= CC_MAX_POINTS)
		return true;
	cc_finding(c->findings, node, "bad_value", "Points are at most a million.", "\"%.40s\" is out of range", node->text);
	return false;
}

void
cc_limit_of(CcCompile *c, const CcNode *mapping, const char *key, int64_t *value)
{
	const CcNode *node = cc_get(mapping, key);

	if (node != NULL)
		points_of(c, node, value);
}

/* floor and cap, which must leave room between them. */
void
cc_limits_of(CcCompile *c, const CcNode *mapping, const char *floor_key, const char *cap_key, int64_t *floor, int64_t *cap)
{
	*floor = CC_NUMBER_MIN;
	*cap = CC_NUMBER_MAX;
	cc_limit_of(c, mapping, floor_key, floor);
	cc_limit_of(c, mapping, cap_key, cap);
	if (*floor > *cap)
		cc_finding(c->findings, cc_get(mapping, floor_key), "empty_interval", "The floor must not be above the cap.",
				   "\"%s\" is above \"%s\"", floor_key, cap_key);
}

static void
compile_cases(CcCompile *c, const CcNode *node, CcPoints *points)
{
	static const char *const keys[] = {"when", "points", NULL};
	int			i;

	if (!cc_is_sequence(c, node))
		return;
	points->case_when = c->env->alloc(c->env, sizeof(CcCondition *) * (node->n + 1));
	points->case_points = c->env->alloc(c->env, sizeof(int64_t) * (node->n + 1));
	if (node->n == 0)
		cc_finding(c->findings, node, "bad_value", "Write at least one case.", "the list is empty");
	for (i = 0; i < node->n; i++)
	{
		const CcNode *when,
				   *value;

		if (!cc_check_keys(c, node->items[i], keys))
			continue;
		when = cc_require(c, node->items[i], "when");
		value = cc_require(c, node->items[i], "points");
		if (when == NULL || value == NULL)
			continue;
		points->case_when[points->n_cases] = cc_compile_condition(c, when, CC_SCOPE_RECORD);
		points_of(c, value, &points->case_points[points->n_cases]);
		points->n_cases++;
	}
}

static void
compile_surcharges(CcCompile *c, const CcNode *node, CcPoints *points)
{
	static const char *const keys[] = {"id", "when", "points", "cite", "assumption", "documentation", NULL};
	int			i;

	if (!cc_is_sequence(c, node))
		return;
	points->surcharges = c->env->alloc(c->env, sizeof(CcSurcharge) * (node->n + 1));
	for (i = 0; i < node->n; i++)
	{
		CcSurcharge *surcharge = &points->surcharges[points->n_surcharges];
		const CcNode *when,
				   *value;

		if (!cc_check_keys(c, node->items[i], keys))
			continue;
		surcharge->id = cc_rule_id(c, node->items[i]);
		when = cc_require(c, node->items[i], "when");
		value = cc_require(c, node->items[i], "points");
		surcharge->cite = cc_compile_cite(c, node->items[i]);
		if (when == NULL || value == NULL)
			continue;
		surcharge->when = cc_compile_condition(c, when, CC_SCOPE_RECORD);
		points_of(c, value, &surcharge->points);
		points->n_surcharges++;
	}
}

static void
compile_awarded(CcCompile *c, const CcNode *node, CcPoints *points)
{
	static const char *const keys[] = {"from", "to", NULL};
	const CcNode *from,
			   *to;
	int			i;

	points->kind = CC_POINTS_AWARDED;
	points->awarded_step = 1;
	for (i = c->policy->has_score ? c->policy->decimals : CC_DECIMALS; i < CC_DECIMALS; i++)
		points->awarded_step *= 10;
	if (!cc_check_keys(c, node, keys))
		return;
	from = cc_require(c, node, "from");
	to = cc_require(c, node, "to");
	if (from == NULL || to == NULL || !points_of(c, from, &points->awarded_from) || !points_of(c, to, &points->awarded_to))
		return;
	if (points->awarded_from > points->awarded_to)
		cc_finding(c->findings, node, "empty_interval", "\"from\" is the smaller number.", "no points lie in the range");
}

static void
compile_points(CcCompile *c, const CcNode *node, CcPoints *points)
{
	static const char *const keys[] = {
		"each", "cases", "otherwise", "awarded", "per_unit", "surcharges", "record_floor", "record_cap", NULL
	};
	const CcNode *each,
			   *cases,
			   *awarded,
			   *per_unit,
			   *otherwise;
	int			ways;

	points->record_floor = CC_NUMBER_MIN;
	points->record_cap = CC_NUMBER_MAX;
	if (node->kind == CC_NODE_SCALAR)
	{
		points->kind = CC_POINTS_EACH;
		points_of(c, node, &points->each);
		return;
	}
	if (!cc_check_keys(c, node, keys))
		return;
	each = cc_get(node, "each");
	cases = cc_get(node, "cases");
	awarded = cc_get(node, "awarded");
	per_unit = cc_get(node, "per_unit");
	otherwise = cc_get(node, "otherwise");
	ways = (each != NULL) + (cases != NULL) + (awarded != NULL) + (per_unit != NULL);
	if (ways != 1)
		cc_finding(c->findings, node, ways ? "bad_value" : "missing_key", "Write exactly one of each, cases, awarded, per_unit.",
				   "%d ways to find the points", ways);
	if (otherwise != NULL && cases == NULL)
		cc_finding(c->findings, otherwise, "unknown_key", "Use it with cases.", "\"otherwise\" belongs to cases");
	if (each != NULL)
	{
		points->kind = CC_POINTS_EACH;
		points_of(c, each, &points->each);
	}
	else if (cases != NULL)
	{
		points->kind = CC_POINTS_CASES;
		compile_cases(c, cases, points);
		points->has_otherwise = otherwise != NULL;
		if (otherwise != NULL)
			points_of(c, otherwise, &points->otherwise);
	}
	else if (awarded != NULL)
		compile_awarded(c, awarded, points);
	else if (per_unit != NULL)
	{
		points->kind = CC_POINTS_PER_UNIT;
		points_of(c, per_unit, &points->each);
		if (c->policy->has_score && c->policy->rounding == CC_ROUND_UNSTATED)
			cc_finding(c->findings, per_unit, "missing_key", "Add score.round: half_up, half_even, toward_zero or away_from_zero.",
					   "points per unit need a stated rounding");
	}
	if (cc_get(node, "surcharges") != NULL)
		compile_surcharges(c, cc_get(node, "surcharges"), points);
	cc_limits_of(c, node, "record_floor", "record_cap", &points->record_floor, &points->record_cap);
}

static int
find_component(CcCompile *c, const CcNode *node)
{
	int			i;

	if (!cc_is_scalar(c, node))
		return -1;
	for (i = 0; i < c->policy->n_components; i++)
		if (strcmp(c->policy->components[i].id, node->text) == 0)
			return i;
	cc_finding(c->findings, node, "unknown_reference", "Name the id of a component.", "there is no component \"%.80s\"", node->text);
	return -1;
}

void
cc_compile_item(CcCompile *c, const CcNode *node, CcItem *item)
{
	static const char *const keys[] = {
		"id", "name", "component", "match", "points", "floor", "cap", "window", "repaired", "cite", "assumption", "documentation", NULL
	};
	static const char *const repaired[] = {"ends", "counts", NULL};
	const CcNode *value;
	int			n = 0;

	item->component = -1;
	if (!cc_check_keys(c, node, keys))
		return;
	item->name = cc_text_of(c, cc_require(c, node, "name"), 300);
	if ((value = cc_get(node, "component")) != NULL)
		item->component = find_component(c, value);
	if ((value = cc_require(c, node, "match")) != NULL)
		item->match = cc_compile_condition(c, value, CC_SCOPE_RECORD);
	if ((value = cc_get(node, "points")) != NULL)
		compile_points(c, value, &item->points);
	cc_limits_of(c, node, "floor", "cap", &item->floor, &item->cap);
	if ((value = cc_require(c, node, "window")) != NULL)
		compile_window(c, value, &item->window);
	if ((value = cc_get(node, "repaired")) != NULL && cc_value_word(c, value, repaired, &n))
		item->repaired_counts = n == 1;
	item->cite = cc_compile_cite(c, node);
}

/* Item 0: the records that enrol the subject, from valid_from through valid_until. */
void
cc_compile_enrolment(CcCompile *c, const CcNode *node)
{
	static const char *const keys[] = {"subject_kinds", "enrolled_by", NULL};
	CcItem	   *item = &c->policy->items[0];
	const CcNode *kinds,
			   *match;
	int			i,
				n;

	item->component = -1;
	item->floor = CC_NUMBER_MIN;
	item->cap = CC_NUMBER_MAX;
	item->cite.source = item->cite.article = item->cite.rank = "";
	window_always(&item->window);
	item->window.from[0] = CC_TERM_VALID_FROM;
	item->window.from[1] = CC_TERM_DECIDED_ON;
	item->window.span = CC_SPAN_TERM;
	item->window.term = CC_TERM_VALID_UNTIL;
	item->window.unlimited_else = true;
	item->repaired_counts = true;	/* taking part is nothing to be repaired */
	item->window.not_before = CC_TERM_NONE;
	if (node == NULL || !cc_check_keys(c, node, keys))
		return;
	if ((match = cc_require(c, node, "enrolled_by")) != NULL)
		item->match = cc_compile_condition(c, match, CC_SCOPE_RECORD);
	if ((kinds = cc_get(node, "subject_kinds")) == NULL || !cc_is_sequence(c, kinds))
		return;
	if (kinds->n == 0)
		cc_finding(c->findings, kinds, "bad_value", "Leave it out for all kinds.", "the list is empty");
	for (i = 0; i < kinds->n; i++)
		if (cc_value_word(c, kinds->items[i], cc_vocabulary[CC_TERM_SUBJECT_KIND].words, &n))
			c->policy->subject_kinds |= 1u << n;
}
