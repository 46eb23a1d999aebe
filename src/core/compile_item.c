/*
 * compile_item.c -- items of a policy file: what a record must be, how many points it has
 *
 * rules/README.md, section 4.
 */
#include "policy_compile.h"

#include <string.h>

/* Points and limits: at most score.decimals places, at most a million. */
bool
cc_points_of(CcCompile *c, const CcNode *node, int64_t *value)
{
	if (!cc_value_decimal(c, node, c->policy->has_score ? c->policy->decimals : CC_DECIMALS, value))
		return false;
	if (*value >= -CC_MAX_POINTS && *value <= CC_MAX_POINTS)
		return true;
	cc_finding(c->findings, node, "bad_value", "Points are at most a million.", "\"%.40s\" is out of range", node->text);
	return false;
}

/* What divides or multiplies must say how it is rounded; without a score four places are kept and cut. */
void
cc_require_rounding(CcCompile *c, const CcNode *node, const char *what)
{
	if (c->policy->has_score && c->policy->rounding == CC_ROUND_UNSTATED)
		cc_finding(c->findings, node, "missing_key", "Add score.round: half_up, half_even, toward_zero or away_from_zero.",
				   "%s a stated rounding", what);
}

void
cc_limit_of(CcCompile *c, const CcNode *mapping, const char *key, int64_t *value)
{
	const CcNode *node = cc_get(mapping, key);

	if (node != NULL)
		cc_points_of(c, node, value);
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
		cc_points_of(c, value, &points->case_points[points->n_cases]);
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
		cc_points_of(c, value, &surcharge->points);
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
	if (from == NULL || to == NULL || !cc_points_of(c, from, &points->awarded_from) || !cc_points_of(c, to, &points->awarded_to))
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
		cc_points_of(c, node, &points->each);
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
		cc_points_of(c, each, &points->each);
	}
	else if (cases != NULL)
	{
		points->kind = CC_POINTS_CASES;
		compile_cases(c, cases, points);
		points->has_otherwise = otherwise != NULL;
		if (otherwise != NULL)
			cc_points_of(c, otherwise, &points->otherwise);
	}
	else if (awarded != NULL)
		compile_awarded(c, awarded, points);
	else if (per_unit != NULL)
	{
		points->kind = CC_POINTS_PER_UNIT;
		cc_points_of(c, per_unit, &points->each);
		cc_require_rounding(c, per_unit, "points per unit need");
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

static const char *const kept_words[] = {"latest", "earliest", "highest", "lowest", NULL};
static const CcTakeKind kept_kinds[] = {CC_TAKE_LATEST, CC_TAKE_EARLIEST, CC_TAKE_HIGHEST, CC_TAKE_LOWEST};

/* take: a word, or once_per with keep, or after_first. */
static void
compile_take(CcCompile *c, const CcNode *node, CcTake *take)
{
	static const char *const words[] = {"latest", "earliest", "highest", "lowest", "mean", NULL};
	static const char *const keys[] = {"once_per", "keep", "after_first", NULL};
	static const char *const terms[] = {"document", "unit", "behaviour", "field", "authority", "district", NULL};
	const CcNode *once_per = cc_get(node, "once_per");
	const CcNode *keep = cc_get(node, "keep");
	const CcNode *after_first = cc_get(node, "after_first");
	int			n;

	if (node->kind != CC_NODE_MAPPING)
	{
		if (cc_value_word(c, node, words, &n))
			take->kind = n == 4 ? CC_TAKE_MEAN : kept_kinds[n];
		if (take->kind == CC_TAKE_MEAN)
			cc_require_rounding(c, node, "a mean needs");
		return;
	}
	if (!cc_check_keys(c, node, keys))
		return;
	if ((once_per != NULL) + (after_first != NULL) != 1)
		cc_finding(c->findings, node, once_per ? "bad_value" : "missing_key", "Write {once_per: TERM, keep: highest} or {after_first: N}.",
				   "\"take\" must say one thing");
	if (once_per != NULL)
	{
		take->kind = CC_TAKE_ONCE_PER;
		take->keep = CC_TAKE_HIGHEST;
		if (cc_value_word(c, once_per, terms, &n))
			take->per = cc_term_find(terms[n]);
		if (keep == NULL)
			cc_require(c, node, "keep");
		else if (cc_value_word(c, keep, kept_words, &n))
			take->keep = kept_kinds[n];
		return;
	}
	if (keep != NULL)
		cc_finding(c->findings, keep, "unknown_key", "Use it with once_per.", "\"keep\" belongs to once_per");
	if (after_first != NULL)
	{
		take->kind = CC_TAKE_AFTER_FIRST;
		cc_value_integer(c, after_first, 1, 1000, &take->spared);
	}
}

static void
compile_tie(CcCompile *c, const CcNode *node, CcTake *take)
{
	static const char *const ties[] = {"refer", "highest", "lowest", NULL};
	int			n;

	if (take->kind != CC_TAKE_LATEST && take->kind != CC_TAKE_EARLIEST)
		cc_finding(c->findings, node, "unknown_key", "Use it with take: latest or earliest.", "\"tie\" has no sense here");
	else if (cc_value_word(c, node, ties, &n))
		take->tie = (CcTie) n;
}

/* An item about the outcome so far: a condition and one number. */
static void
compile_when_item(CcCompile *c, const CcNode *node, const CcNode *when, CcItem *item)
{
	static const char *const keys[] = {
		"id", "name", "component", "when", "points", "floor", "cap", "cite", "assumption", "documentation", NULL
	};
	const CcNode *points;

	cc_check_keys(c, node, keys);
	c->items_above = (int) (item - c->policy->items);
	item->when = cc_compile_condition(c, when, CC_SCOPE_COUNTS);
	c->items_above = CC_MAX_ITEMS;
	if ((points = cc_require(c, node, "points")) == NULL)
		return;
	item->points.kind = CC_POINTS_EACH;
	cc_points_of(c, points, &item->points.each);
}

static void
compile_match_item(CcCompile *c, const CcNode *node, CcItem *item)
{
	static const char *const keys[] = {
		"id", "name", "component", "match", "points", "take", "tie", "factor", "absent", "floor", "cap", "window", "repaired", "cite",
		"assumption", "documentation", NULL
	};
	static const char *const repaired[] = {"ends", "counts", NULL};
	const CcNode *window = cc_get(node, "window");
	const CcNode *value;
	int			n = 0;

	cc_check_keys(c, node, keys);
	if ((value = cc_require(c, node, "match")) != NULL)
	{
		item->match = cc_compile_condition(c, value, CC_SCOPE_RECORD);
		item->kinds = cc_kinds_of(item->match);
	}
	if ((value = cc_get(node, "points")) != NULL)
		compile_points(c, value, &item->points);
	if ((value = cc_get(node, "take")) != NULL)
		compile_take(c, value, &item->take);
	if ((value = cc_get(node, "tie")) != NULL)
		compile_tie(c, value, &item->take);
	if (item->match != NULL && cc_item_reads_results(c->policy, (int) (item - c->policy->items)))
	{
		/* a result counts as long as it stays what it is */
		if (window != NULL)
			cc_finding(c->findings, window, "unknown_key", "Leave it out: a result counts from valid_from through valid_until.",
					   "an item that matches results has a window");
		item->window.n_from = 1;
		item->window.from[0] = CC_TERM_VALID_FROM;
		item->window.span = CC_SPAN_TERM;
		item->window.term = CC_TERM_VALID_UNTIL;
		item->window.unlimited_else = true;
		item->window.not_before = CC_TERM_NONE;
	}
	else if ((window = cc_require(c, node, "window")) != NULL)
		cc_compile_window(c, window, &item->window);
	if ((value = cc_get(node, "repaired")) != NULL && cc_value_word(c, value, repaired, &n))
		item->repaired_counts = n == 1;
}

void
cc_compile_item(CcCompile *c, const CcNode *node, CcItem *item)
{
	const CcNode *when = cc_get(node, "when");
	const CcNode *value;

	item->component = -1;
	item->floor = CC_NUMBER_MIN;
	item->cap = CC_NUMBER_MAX;
	item->weight = CC_TERM_NONE;
	if (!cc_is_mapping(c, node))
		return;
	item->name = cc_text_of(c, cc_require(c, node, "name"), 300);
	if ((value = cc_get(node, "component")) != NULL)
		item->component = find_component(c, value);
	if (when != NULL)
		compile_when_item(c, node, when, item);
	else
		compile_match_item(c, node, item);
	if (!item->has_when && (value = cc_get(node, "factor")) != NULL && cc_value_decimal(c, value, CC_DECIMALS, &item->factor))
	{
		item->has_factor = true;
		if (item->factor < -1000 * CC_ONE || item->factor > 1000 * CC_ONE)
			cc_finding(c->findings, value, "bad_value", "A factor is at most a thousand.", "\"%.40s\" is out of range", value->text);
		cc_require_rounding(c, value, "a factor needs");
	}
	if (!item->has_when && (value = cc_get(node, "absent")) != NULL)
		item->has_absent = cc_points_of(c, value, &item->absent);
	cc_limits_of(c, node, "floor", "cap", &item->floor, &item->cap);
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
	cc_window_always(&item->window);
	item->window.from[0] = CC_TERM_VALID_FROM;
	item->window.from[1] = CC_TERM_DECIDED_ON;
	item->window.span = CC_SPAN_TERM;
	item->window.term = CC_TERM_VALID_UNTIL;
	item->window.unlimited_else = true;
	item->weight = CC_TERM_NONE;
	item->repaired_counts = true;	/* taking part is nothing to be repaired */
	item->window.not_before = CC_TERM_NONE;
	if (node == NULL || !cc_check_keys(c, node, keys))
		return;
	if ((match = cc_require(c, node, "enrolled_by")) != NULL)
	{
		item->match = cc_compile_condition(c, match, CC_SCOPE_RECORD);
		item->kinds = cc_kinds_of(item->match);
	}
	if ((kinds = cc_get(node, "subject_kinds")) == NULL || !cc_is_sequence(c, kinds))
		return;
	if (kinds->n == 0)
		cc_finding(c->findings, kinds, "bad_value", "Leave it out for all kinds.", "the list is empty");
	for (i = 0; i < kinds->n; i++)
		if (cc_value_word(c, kinds->items[i], cc_vocabulary[CC_TERM_SUBJECT_KIND].words, &n))
			c->policy->subject_kinds |= 1u << n;
}
