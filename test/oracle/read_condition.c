/*
 * read_condition.c -- reads conditions and the terms they ask for (README 2)
 */
#include "document.h"

/* Gives the place of an id in an array of structs that begin with the id. */
int
index_of(const void *array, int n, size_t size, const char *id)
{
	int			i;

	for (i = 0; i < n; i++)
		if (same(*(const char *const *) ((const char *) array + (size_t) i * size), id))
			return i;
	return -1;
}

int
find_band(const char *id)
{
	int			i = FIND(policy.bands, policy.nbands, id);

	if (i < 0)
		die("unknown band \"%s\"", id);
	return i;
}

/* Gives an item's index; enrolment counts as one. */
static int
find_item(const char *id)
{
	return same(id, "enrolled") ? ENROLLED : FIND(policy.items, policy.nitems, id);
}

int
need_item(const char *id)
{
	int			i = find_item(id);

	if (i < 0)
		die("unknown item \"%s\"", id);
	return i;
}

/* Resolves the name of a term of an outcome. */
Term
outcome_term(const char *name)
{
	Term		term = {LOOK_CONSTANT, 0, TYPE_DECIMAL, 0};
	const char *point = strchr(name, '.');
	const char *id = point ? point + 1 : name;
	size_t		n = point ? (size_t) (point - name) : strlen(name);
	char		block[16] = "";

	if (n < sizeof(block))
		memcpy(block, name, n);
	if (name[0] == '-' || (name[0] >= '0' && name[0] <= '9'))
		term.constant = parse_number(name);
	else if (same(name, "score"))
		term.look = LOOK_SCORE;
	else if (same(name, "band") || same(name, "subject_kind"))
	{
		term.look = same(name, "band") ? LOOK_BAND : LOOK_SUBJECT_KIND;
		term.type = TYPE_TEXT;
	}
	else if (same(block, "count"))
	{
		term.look = LOOK_ITEM_COUNT;
		term.index = find_item(id);
	}
	else if (same(block, "sum"))
	{
		term.look = LOOK_ITEM_SUM;
		term.index = find_item(id);
		if (term.index < 0)
		{
			term.look = LOOK_COMPONENT_SUM;
			term.index = FIND(policy.components, policy.ncomponents, id);
		}
	}
	else if (same(block, "covered") || same(block, "covered_last"))
	{
		term.look = same(block, "covered") ? LOOK_COVERED : LOOK_COVERED_LAST;
		term.index = find_item(id);
		term.type = TYPE_TRUTH;
		looks_back = true;
	}
	else if (same(block, "run"))
	{
		term.look = LOOK_RUN;
		term.index = FIND(policy.runs, policy.nruns, id);
	}
	else if (same(block, "counter") || same(block, "resets"))
	{
		term.look = same(block, "counter") ? LOOK_COUNTER : LOOK_RESETS;
		term.index = FIND(policy.counters, policy.ncounters, id);
	}
	else if (same(block, "fired") || same(block, "fires"))
	{
		term.look = same(block, "fired") ? LOOK_FIRED : LOOK_FIRES;
		term.index = FIND(policy.steps, policy.nsteps, id);
	}
	else if (same(block, "value"))
	{
		term.look = LOOK_VALUE;
		term.index = FIND(policy.values, policy.nvalues, id);
	}
	else if (same(block, "rank"))
	{
		term.look = LOOK_RANK;
		term.index = FIND(policy.ranks, policy.nranks, id);
	}
	else if (same(block, "group"))
	{
		term.look = LOOK_GROUP;
		term.index = FIND(policy.groups, policy.ngroups, id);
		term.type = TYPE_TRUTH;
	}
	else
		term.index = -1;
	if (term.index < 0)
		die("unknown term \"%s\"", name);
	return term;
}

/* Reads a value written in a policy. */
static Value
read_value(Term term, const char *text)
{
	Value		value = {true, 0, text};

	switch (term.type)
	{
		case TYPE_TEXT:
			if (term.look == LOOK_RECORD && term.index == R_POLICY && same(text, "self"))
				value.text = policy.id;
			break;
		case TYPE_ORDERED:
			value.number = position(text, record_terms[term.index].order);
			break;
		case TYPE_AMOUNT:
			value.number = parse_amount(text);
			break;
		case TYPE_DECIMAL:
			value.number = parse_number(text);
			break;
		case TYPE_DAY:
			value.number = parse_day(text);
			break;
		case TYPE_TRUTH:
			value.number = same(text, "true");
			break;
	}
	return value;
}

static bool
read_bound(Term term, yaml_node_t *test, const char *key, int64_t *bound)
{
	yaml_node_t *node = find(test, key);

	if (node == NULL)
		return false;
	*bound = read_value(term, text_of(node)).number;
	return true;
}

Cond *
read_test(Term term, yaml_node_t *test)
{
	Cond	   *cond = zeroed(1, sizeof(Cond));
	int			i;

	cond->term = term;
	if (test->type == YAML_MAPPING_NODE && find(test, "known") != NULL)
	{
		cond->kind = COND_KNOWN;
		cond->want_known = same(text_of(find(test, "known")), "true");
	}
	else if (test->type == YAML_MAPPING_NODE)
	{
		cond->kind = COND_RANGE;
		cond->has_at_least = read_bound(term, test, "at_least", &cond->at_least);
		cond->has_at_most = read_bound(term, test, "at_most", &cond->at_most);
		cond->has_above = read_bound(term, test, "above", &cond->above);
		cond->has_below = read_bound(term, test, "below", &cond->below);
	}
	else
	{
		cond->kind = COND_EQUAL;
		cond->nvalues = length_of(test);
		cond->values = zeroed(cond->nvalues, sizeof(Value));
		cond->prefix = zeroed(cond->nvalues, sizeof(bool));
		for (i = 0; i < cond->nvalues; i++)
		{
			const char *text = text_of(element(test, i));
			size_t		n = strlen(text);

			cond->values[i] = read_value(term, text);
			cond->prefix[i] = term.type == TYPE_TEXT && n > 0 && text[n - 1] == '*';
		}
	}
	return cond;
}

static Cond *
read_cond_list(CondKind kind, yaml_node_t *list, bool of_record)
{
	Cond	   *cond = zeroed(1, sizeof(Cond));
	int			i;

	cond->kind = kind;
	cond->nparts = length_of(list);
	cond->parts = zeroed(cond->nparts, sizeof(Cond *));
	for (i = 0; i < cond->nparts; i++)
		cond->parts[i] = read_cond(element(list, i), of_record);
	return cond;
}

static Term
record_term_of(const char *name)
{
	Term		term = {LOOK_RECORD, 0, TYPE_TEXT, 0};

	term.index = record_term(name);
	term.type = record_terms[term.index].type;
	return term;
}

/* Reads a mapping: everything in it must hold. */
Cond *
read_cond(yaml_node_t *map, bool of_record)
{
	Cond	   *cond = zeroed(1, sizeof(Cond));
	yaml_node_pair_t *pair;

	if (map->type != YAML_MAPPING_NODE)
		die("expected a condition at line %d", (int) map->start_mark.line + 1);
	cond->kind = COND_ALL;
	cond->parts = zeroed(map->data.mapping.pairs.top - map->data.mapping.pairs.start, sizeof(Cond *));
	for (pair = map->data.mapping.pairs.start; pair < map->data.mapping.pairs.top; pair++)
	{
		const char *key = text_of(node_of(pair->key));
		yaml_node_t *value = node_of(pair->value);
		Cond	   *part;

		if (same(key, "all"))
			part = read_cond_list(COND_ALL, value, of_record);
		else if (same(key, "any"))
			part = read_cond_list(COND_ANY, value, of_record);
		else if (same(key, "not"))
			part = read_cond_list(COND_NOT, value, of_record);
		else
			part = read_test(of_record ? record_term_of(key) : outcome_term(key), value);
		cond->parts[cond->nparts++] = part;
	}
	return cond;
}

Cond *
read_when(yaml_node_t *map, const char *key)
{
	yaml_node_t *node = find(map, key);

	return node ? read_cond(node, false) : NULL;
}
