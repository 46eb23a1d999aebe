/*
 * read_policy.c -- reads the policy, block by block (README 3 to 7)
 */
#include "constructs.h"
#include "document.h"

Policy		policy;
bool		holds_matter;
bool		looks_back;

static Number
read_number(yaml_node_t *map, const char *key, Number missing)
{
	yaml_node_t *node = find(map, key);

	return node ? parse_number(text_of(node)) : missing;
}

static bool
says(yaml_node_t *map, const char *key, const char *word)
{
	yaml_node_t *node = find(map, key);

	return node != NULL && node->type == YAML_SCALAR_NODE && same(text_of(node), word);
}

static WhenPoints *
read_when_points(yaml_node_t *list, const char *points, bool of_record, int *n)
{
	WhenPoints *result;
	int			i;

	*n = length_of(list);
	result = zeroed(*n, sizeof(WhenPoints));
	for (i = 0; i < *n; i++)
	{
		result[i].when = read_cond(need(element(list, i), "when"), of_record);
		result[i].points = parse_number(text_of(need(element(list, i), points)));
	}
	return result;
}

static void
read_points(Points *points, yaml_node_t *node)
{
	yaml_node_t *value;

	points->kind = POINTS_NONE;
	if (node == NULL)
		return;
	points->kind = POINTS_EACH;
	if (node->type == YAML_SCALAR_NODE)
	{
		points->each = parse_number(text_of(node));
		return;
	}
	if ((value = find(node, "each")) != NULL)
		points->each = parse_number(text_of(value));
	else if ((value = find(node, "cases")) != NULL)
	{
		points->kind = POINTS_CASES;
		points->cases = read_when_points(value, "points", true, &points->ncases);
		points->has_otherwise = find(node, "otherwise") != NULL;
		points->otherwise = read_number(node, "otherwise", 0);
	}
	else if ((value = find(node, "awarded")) != NULL)
	{
		points->kind = POINTS_AWARDED;
		points->from = parse_number(text_of(need(value, "from")));
		points->to = parse_number(text_of(need(value, "to")));
	}
	else
	{
		points->kind = POINTS_PER_UNIT;
		points->each = parse_number(text_of(need(node, "per_unit")));
	}
	points->surcharges = read_when_points(find(node, "surcharges"), "points", true, &points->nsurcharges);
	points->record = read_limits(node, "record_floor", "record_cap");
}

/* Reads year, half, quarter, month, cycle or always. */
static Per
read_per(yaml_node_t *node)
{
	static const char *const units[] = {"year", "half", "quarter", "month", NULL};
	static const int months[] = {12, 6, 3, 1};
	Per			per = {PER_CALENDAR, 0};

	if (same(text_of(node), "cycle"))
		per.kind = PER_CYCLE;
	else if (same(text_of(node), "always"))
		per.kind = PER_ALWAYS;
	else
		per.months = months[position(text_of(node), units)];
	return per;
}

/* Reads this, last or {back: N}: how many units back. */
static int
read_back(yaml_node_t *node)
{
	if (node != NULL && node->type == YAML_MAPPING_NODE)
		return atoi(text_of(need(node, "back")));
	return node != NULL && same(text_of(node), "last") ? 1 : 0;
}

static void
read_window(Window *window, yaml_node_t *node)
{
	yaml_node_t *value;

	window->not_before = -1;
	window->from.n = 1;
	window->from.terms[0] = R_DECIDED_ON;
	if (node->type == YAML_SCALAR_NODE)
	{
		/* always: decided_on, then valid_from, then recorded_on */
		window->kind = WINDOW_ALWAYS;
		window->from.n = 3;
		window->from.terms[1] = R_VALID_FROM;
		window->from.terms[2] = R_RECORDED_ON;
		return;
	}
	if ((value = find(node, "from")) != NULL)
		window->from = read_terms(value);
	window->delay = read_span(find(node, "delay"));
	if ((value = find(node, "calendar")) != NULL)
	{
		window->kind = WINDOW_UNIT;
		window->unit = read_per(value);
		window->back = read_back(find(node, "which"));
	}
	else if ((value = find(node, "cycle")) != NULL)
	{
		window->kind = WINDOW_UNIT;
		window->unit.kind = PER_CYCLE;
		window->back = read_back(value);
	}
	else if ((value = find(node, "term")) != NULL)
	{
		window->kind = WINDOW_TERM;
		window->term = record_term(text_of(value));
		window->span = read_span(find(node, "else"));
	}
	else if (find(node, "always") != NULL)
		window->kind = WINDOW_ALWAYS;
	else
	{
		window->kind = WINDOW_SPAN;
		window->span = read_span(node);
		if (!window->span.given)
			die("no window at line %d", (int) node->start_mark.line + 1);
	}
	window->not_counted = says(node, "corresponding_day", "not_counted");
	if ((value = find(node, "not_before")) != NULL)
		window->not_before = record_term(text_of(value));
	if ((value = find(node, "ends_on")) != NULL)
		window->ends_on = read_terms(value);
}

static TakeKind
take_word(const char *text)
{
	static const char *const words[] = {"all", "latest", "earliest", "highest", "lowest", "mean", NULL};

	return (TakeKind) position(text, words);
}

static void
read_take(Take *take, yaml_node_t *item)
{
	yaml_node_t *node = find(item, "take");
	yaml_node_t *value;

	if (node == NULL)
		return;
	if (node->type == YAML_SCALAR_NODE)
		take->kind = take_word(text_of(node));
	else if ((value = find(node, "once_per")) != NULL)
	{
		take->kind = TAKE_ONCE_PER;
		take->term = record_term(text_of(value));
		take->keep = take_word(text_of(need(node, "keep")));
	}
	else
	{
		take->kind = TAKE_AFTER_FIRST;
		take->spared = atoi(text_of(need(node, "after_first")));
	}
	if ((value = find(item, "tie")) != NULL && !same(text_of(value), "refer"))
		take->tie = take_word(text_of(value));
}

/* Tells whether a condition asks for records of a kind. */
static bool
asks_for_kind(const Cond *cond, const char *kind)
{
	int			i;

	for (i = 0; i < cond->nparts; i++)
		if (asks_for_kind(cond->parts[i], kind))
			return true;
	if (cond->kind == COND_EQUAL && cond->term.index == R_KIND)
		for (i = 0; i < cond->nvalues; i++)
			if (same(cond->values[i].text, kind))
				return true;
	return false;
}

static void
read_item(Item *item, yaml_node_t *node)
{
	yaml_node_t *value;

	item->component = -1;
	if ((value = find(node, "component")) != NULL &&
		(item->component = FIND(policy.components, policy.ncomponents, text_of(value))) < 0)
		die("unknown component \"%s\"", text_of(value));
	item->when = read_when(node, "when");
	read_points(&item->points, find(node, "points"));
	item->limits = read_limits(node, "floor", "cap");
	if (item->when != NULL)
		return;
	item->match = read_cond(need(node, "match"), true);
	if ((value = find(node, "window")) != NULL)
		read_window(&item->window, value);
	else if (asks_for_kind(item->match, "result"))
		item->stretch = true;
	else
		die("item \"%s\" has no window", item->id);
	value = find(node, "repaired");
	item->repaired_ends = value == NULL || same(text_of(value), "ends");
	read_take(&item->take, node);
	item->has_factor = find(node, "factor") != NULL;
	item->factor = read_number(node, "factor", ONE);
	item->has_absent = find(node, "absent") != NULL;
	item->absent = read_number(node, "absent", 0);
}

static void
read_component(Component *component, yaml_node_t *node)
{
	yaml_node_t *per = find(node, "per");

	component->base = read_number(node, "base", 0);
	component->limits = read_limits(node, "floor", "cap");
	component->weight = read_number(node, "weight", ONE);
	component->when = read_when(node, "when");
	component->empty = read_number(node, "empty", component->base);
	if (per == NULL)
		return;
	/* the place of "empty" is not said by the README: beside base or in per */
	component->empty = read_number(per, "empty", component->empty);
	if (find(per, "calendar") != NULL)
	{
		component->per_calendar = looks_back = true;
		component->per = read_per(find(per, "calendar"));
		return;
	}
	component->per_units = true;
	component->per_item = need_item(text_of(need(per, "unit")));
	if (says(per, "mean", "weighted"))
		component->weigh = says(per, "by", "amount") ? WEIGH_AMOUNT : WEIGH_QUANTITY;
}

static void
read_run(Run *run, yaml_node_t *node)
{
	yaml_node_t *during = find(node, "while");

	looks_back = true;
	run->of = need_item(text_of(need(node, "of")));
	run->without = says(node, "without", "true");
	run->has_while = during != NULL;
	if (during != NULL)
		run->during = need_item(text_of(during));
	run->per = read_per(need(node, "per"));
	run->at_most = atoi(text_of(need(node, "at_most")));
	run->through_this = says(node, "through", "this");
}

static void
read_counter(int c, yaml_node_t *node)
{
	static const char *const ofs[] = {"count", "points", "minus_points", NULL};
	static const char *const days[] = {"together", "smallest_first", "largest_first", "refer", NULL};
	Counter    *counter = &policy.counters[c];
	yaml_node_t *list = need(node, "items");
	yaml_node_t *same_day = find(node, "same_day");
	yaml_node_t *steps = find(node, "steps");
	int			i;

	counter->of = (CounterOf) position(text_of(need(node, "of")), ofs);
	for (i = 0; i < length_of(list); i++)
		counter->items[need_item(text_of(element(list, i)))] = true;
	counter->per = read_per(need(node, "per"));
	if (same_day != NULL)
		counter->same_day = (SameDay) position(text_of(same_day), days);
	for (i = 0; i < length_of(steps); i++)
	{
		yaml_node_t *mapping = element(steps, i);
		Step	   *step = &policy.steps[FIND(policy.steps, policy.nsteps, text_of(need(mapping, "id")))];
		Term		decimal = {LOOK_CONSTANT, 0, TYPE_DECIMAL, 0};
		yaml_node_t *resets = find(mapping, "resets");

		step->counter = c;
		step->at_least = parse_number(text_of(need(mapping, "at_least")));
		step->reset = says(mapping, "reset", "true");
		step->resets = resets ? read_test(decimal, resets) : NULL;
	}
}

static Rounding
read_round(yaml_node_t *map, Rounding missing)
{
	static const char *const rounds[] = {
		"half_up", "half_even", "toward_zero", "away_from_zero", NULL
	};
	yaml_node_t *node = find(map, "round");

	return node ? (Rounding) (1 + position(text_of(node), rounds)) : missing;
}

static int
step_of_term(const Term *term)
{
	switch (term->look)
	{
		case LOOK_BAND:
			return 5;
		case LOOK_SCORE:
		case LOOK_RANK:
		case LOOK_GROUP:
			return 4;
		case LOOK_VALUE:
			return policy.values[term->index].step;
		default:
			return 2;
	}
}

static int
step_of_cond(const Cond *cond)
{
	int			step = cond->nparts > 0 ? 2 : step_of_term(&cond->term);
	int			i;

	for (i = 0; i < cond->nparts; i++)
		if (step_of_cond(cond->parts[i]) > step)
			step = step_of_cond(cond->parts[i]);
	return step;
}

static void
read_derived(Derived *value, yaml_node_t *node)
{
	static const char *const kinds[] = {"ratio", "sum", "mean", "least", "greatest", "linear", "cases", NULL};
	yaml_node_t *what = NULL;
	yaml_node_t *decimals = find(node, "decimals");
	int			i;

	for (i = 0; what == NULL; i++)
	{
		if (kinds[i] == NULL)
			die("value \"%s\" is made of nothing", value->id);
		what = find(node, kinds[i]);
		value->kind = (ValueKind) i;
	}
	value->decimals = decimals ? atoi(text_of(decimals)) : policy.decimals;
	value->round = read_round(node, policy.round);
	value->at_rating = says(node, "at", "rating");
	value->times = ONE;
	value->step = 2;
	if (value->kind == VALUE_CASES)
	{
		value->cases = read_when_points(what, "is", false, &value->ncases);
		value->otherwise = parse_number(text_of(need(node, "otherwise")));
		for (i = 0; i < value->ncases; i++)
			if (step_of_cond(value->cases[i].when) > value->step)
				value->step = step_of_cond(value->cases[i].when);
		return;
	}
	if (value->kind == VALUE_RATIO || value->kind == VALUE_LINEAR)
	{
		value->terms[value->nterms++] = outcome_term(text_of(need(what, "of")));
		if (value->kind == VALUE_RATIO)
			value->terms[value->nterms++] = outcome_term(text_of(need(what, "over")));
		value->times = read_number(what, "times", ONE);
		value->plus = read_number(what, "plus", 0);
		value->has_otherwise = find(what, "otherwise") != NULL;
		value->otherwise = read_number(what, "otherwise", 0);
	}
	else
		for (i = 0; i < length_of(what); i++)
			value->terms[value->nterms++] = outcome_term(text_of(element(what, i)));
	for (i = 0; i < value->nterms; i++)
		if (step_of_term(&value->terms[i]) > value->step)
			value->step = step_of_term(&value->terms[i]);
}

/* Gives the bits of the rules that a rule overrides. */
static uint64_t
read_overrides(yaml_node_t *list)
{
	uint64_t	bits = 0;
	int			i;

	for (i = 0; i < length_of(list); i++)
	{
		const char *id = text_of(element(list, i));
		int			at = 0;
		int			found = -1;
		int			j;

		/* one row of bits: ceilings, floors, vetoes */
		if ((j = FIND(policy.ceilings, policy.nceilings, id)) >= 0)
			found = at + j;
		at += policy.nceilings;
		if (found < 0 && (j = FIND(policy.floors, policy.nfloors, id)) >= 0)
			found = at + j;
		at += policy.nfloors;
		if (found < 0 && (j = FIND(policy.vetoes, policy.nvetoes, id)) >= 0)
			found = at + j;
		if (found < 0)
			die("unknown rule \"%s\"", id);
		bits |= UINT64_C(1) << found;
	}
	return bits;
}

static void
read_after(Part *part, yaml_node_t *node)
{
	const char *id;

	if ((node = find(node, "after")) == NULL)
		return;
	id = text_of(node);
	if (same(id, "cycle"))
		part->after = AFTER_CYCLE;
	else if ((part->after_index = FIND(policy.steps, policy.nsteps, id)) >= 0)
		part->after = AFTER_STEP;
	else
	{
		part->after = AFTER_ITEM;
		part->after_index = need_item(id);
	}
}

/* Reads a list of states, ceilings, floors, vetoes, lists or effects. */
static void
read_parts(Part *parts, int n, yaml_node_t *list)
{
	int			i;

	for (i = 0; i < n; i++)
	{
		yaml_node_t *node = element(list, i);
		yaml_node_t *band = find(node, "band");

		parts[i].when = read_cond(need(node, "when"), false);
		parts[i].band = band ? find_band(text_of(band)) : -1;
		parts[i].hold = read_span(find(node, "hold"));
		parts[i].overrides = read_overrides(find(node, "overrides"));
		if (parts[i].hold.given)
			holds_matter = true;
		parts[i].at_rating = says(node, "at", "rating");
		if (says(node, "effect", "order"))
		{
			parts[i].order = true;
			parts[i].due = read_span(find(node, "due"));
			read_after(&parts[i], node);
		}
	}
}

static void
read_score(yaml_node_t *node)
{
	yaml_node_t *value;

	if (node->type == YAML_SCALAR_NODE)
		return;					/* none */
	policy.has_score = true;
	policy.base = read_number(node, "base", 0);
	policy.limits = read_limits(node, "floor", "cap");
	if ((value = find(node, "decimals")) != NULL)
		policy.decimals = atoi(text_of(value));
	policy.round = read_round(node, ROUND_NOT);
	policy.weighted_mean = says(node, "combine", "weighted_mean");
	if ((value = find(node, "of")) != NULL)
	{
		policy.has_of = true;
		policy.of = outcome_term(text_of(value));
	}
}

static void
read_bands(yaml_node_t *root)
{
	static const char *const choices[] = {"refer", "best", "worst", NULL};
	yaml_node_t *bands = need(root, "bands");
	yaml_node_t *list = need(bands, "of");
	yaml_node_t *scale = find(root, "scale");
	yaml_node_t *value;
	int			i;

	for (i = 0; i < policy.nbands; i++)
	{
		policy.bands[i].when = read_cond(need(element(list, i), "when"), false);
		value = scale ? find(scale, policy.bands[i].id) : NULL;
		policy.grades[i] = value ? text_of(value) : NULL;
	}
	if ((value = find(bands, "choose")) != NULL)
		policy.choose = (Choice) position(text_of(value), choices);
	policy.gap = GAP_REFER;
	if ((value = find(bands, "gap")) != NULL && !same(text_of(value), "refer"))
		policy.gap = find_band(text_of(value));
}

static void
read_applies_to(yaml_node_t *node)
{
	yaml_node_t *kinds = find(node, "subject_kinds");

	for (; policy.nsubject_kinds < length_of(kinds); policy.nsubject_kinds++)
		policy.subject_kinds[policy.nsubject_kinds] =
			text_of(element(kinds, policy.nsubject_kinds));
	policy.enrolled_by = read_cond(need(node, "enrolled_by"), true);
}

static void
read_rank(int r, yaml_node_t *node)
{
	static const char *const roundings[] = {"half_up", "up", "down", NULL};
	static const char *const ties[] = {"include", "exclude", "refer", NULL};
	Rank	   *rank = &policy.ranks[r];
	yaml_node_t *groups = find(node, "groups");
	yaml_node_t *value = find(node, "ties");
	int			i;

	rank->by = outcome_term(text_of(need(node, "by")));
	rank->best_lowest = says(node, "best", "lowest");
	rank->among = read_when(node, "among");
	if (value != NULL)
		rank->ties = (Ties) position(text_of(value), ties);
	for (i = 0; i < length_of(groups); i++)
	{
		yaml_node_t *mapping = element(groups, i);
		Group	   *group = &policy.groups[FIND(policy.groups, policy.ngroups, text_of(need(mapping, "id")))];

		group->rank = r;
		group->from_worst = says(mapping, "from", "worst");
		group->has_percent = find(mapping, "percent") != NULL;
		group->percent = read_number(mapping, "percent", 0);
		if ((value = find(mapping, "number")) != NULL)
			group->number = atoi(text_of(value));
		if ((value = find(mapping, "round")) != NULL)
			group->round = position(text_of(value), roundings);
	}
}

static void
read_rating(Rating *rating, yaml_node_t *node)
{
	rating->period = read_per(need(node, "period"));
	rating->facts_until = read_span(find(node, "facts_until"));
	rating->repairs_until = read_span(find(node, "repairs_until"));
}

/* Notes the ids of a block first: rules may name what stands below them. */
static int
read_ids(void *array, int n, int most, size_t size, yaml_node_t *list)
{
	int			i;

	if (n + length_of(list) > most)
		die("too many rules");
	for (i = 0; i < length_of(list); i++)
		*(const char **) ((char *) array + (size_t) (n + i) * size) = text_of(need(element(list, i), "id"));
	return n + length_of(list);
}

#define READ_IDS(array, n, list) \
	((n) = read_ids(array, n, (int) (sizeof(array) / sizeof((array)[0])), sizeof((array)[0]), list))

static void
read_all_ids(yaml_node_t *root)
{
	yaml_node_t *list;
	int			i;

	READ_IDS(policy.components, policy.ncomponents, find(root, "components"));
	READ_IDS(policy.items, policy.nitems, need(root, "items"));
	READ_IDS(policy.runs, policy.nruns, find(root, "runs"));
	READ_IDS(policy.counters, policy.ncounters, list = find(root, "counters"));
	for (i = 0; i < length_of(list); i++)
		READ_IDS(policy.steps, policy.nsteps, find(element(list, i), "steps"));
	READ_IDS(policy.values, policy.nvalues, find(root, "values"));
	READ_IDS(policy.states, policy.nstates, find(root, "states"));
	READ_IDS(policy.bands, policy.nbands, need(need(root, "bands"), "of"));
	READ_IDS(policy.ceilings, policy.nceilings, find(root, "ceilings"));
	READ_IDS(policy.floors, policy.nfloors, find(root, "floors"));
	READ_IDS(policy.vetoes, policy.nvetoes, find(root, "vetoes"));
	READ_IDS(policy.lists, policy.nlists, find(root, "lists"));
	READ_IDS(policy.effects, policy.neffects, find(root, "effects"));
	READ_IDS(policy.ranks, policy.nranks, list = find(root, "ranks"));
	for (i = 0; i < length_of(list); i++)
		READ_IDS(policy.groups, policy.ngroups, find(element(list, i), "groups"));
	READ_IDS(policy.ratings, policy.nratings, find(root, "ratings"));
	if (policy.nceilings + policy.nfloors + policy.nvetoes > 64)
		die("too many rules");
}

static void
read_policy(yaml_node_t *root)
{
	yaml_node_t *node = find(need(root, "in_force"), "until");
	int			i;

	policy.id = text_of(need(root, "policy"));
	policy.has_until = node != NULL;
	policy.until = node ? parse_day(text_of(node)) : 0;
	node = need(root, "inputs");
	for (; policy.ninputs < length_of(node); policy.ninputs++)
		policy.inputs[policy.ninputs] = text_of(element(node, policy.ninputs));
	policy.reads = find(root, "reads");
	read_all_ids(root);
	read_applies_to(need(root, "applies_to"));
	if ((node = find(root, "cycle")) != NULL)
	{
		policy.cycle_from = parse_day(text_of(need(node, "from")));
		policy.cycle_months = atoi(text_of(need(node, "months")));
	}
	read_score(need(root, "score"));

	for (i = 0; i < policy.ncomponents; i++)
		read_component(&policy.components[i], element(find(root, "components"), i));
	for (i = 0; i < policy.nitems; i++)
		read_item(&policy.items[i], element(need(root, "items"), i));
	for (i = 0; i < policy.nruns; i++)
		read_run(&policy.runs[i], element(find(root, "runs"), i));
	for (i = 0; i < policy.ncounters; i++)
		read_counter(i, element(find(root, "counters"), i));
	for (i = 0; i < policy.nvalues; i++)
		read_derived(&policy.values[i], element(find(root, "values"), i));
	read_bands(root);
	read_parts(policy.states, policy.nstates, find(root, "states"));
	read_parts(policy.ceilings, policy.nceilings, find(root, "ceilings"));
	read_parts(policy.floors, policy.nfloors, find(root, "floors"));
	read_parts(policy.vetoes, policy.nvetoes, find(root, "vetoes"));
	read_parts(policy.lists, policy.nlists, find(root, "lists"));
	read_parts(policy.effects, policy.neffects, find(root, "effects"));
	for (i = 0; i < policy.nranks; i++)
		read_rank(i, element(find(root, "ranks"), i));
	for (i = 0; i < policy.nratings; i++)
		read_rating(&policy.ratings[i], element(find(root, "ratings"), i));
}

void
load_policy(const char *path)
{
	read_policy(open_document(path));
}
