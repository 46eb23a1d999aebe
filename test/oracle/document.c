/*
 * document.c -- the YAML document of the policy: nodes, keys, limits and spans
 */
#include "document.h"

static yaml_document_t document;

yaml_node_t *
node_of(int id)
{
	yaml_node_t *node = yaml_document_get_node(&document, id);

	if (node == NULL)
		die("missing node");
	return node;
}

/* Finds a key of a mapping; NULL when it is not there. */
yaml_node_t *
find(yaml_node_t *map, const char *key)
{
	yaml_node_pair_t *pair;

	if (map->type != YAML_MAPPING_NODE)
		die("expected a mapping at line %d", (int) map->start_mark.line + 1);
	for (pair = map->data.mapping.pairs.start; pair < map->data.mapping.pairs.top; pair++)
		if (same((char *) node_of(pair->key)->data.scalar.value, key))
			return node_of(pair->value);
	return NULL;
}

yaml_node_t *
need(yaml_node_t *map, const char *key)
{
	yaml_node_t *node = find(map, key);

	if (node == NULL)
		die("key \"%s\" missing in the mapping at line %d", key, (int) map->start_mark.line + 1);
	return node;
}

const char *
text_of(yaml_node_t *node)
{
	if (node->type != YAML_SCALAR_NODE)
		die("expected a scalar at line %d", (int) node->start_mark.line + 1);
	return (char *) node->data.scalar.value;
}

static bool
is_list(yaml_node_t *node)
{
	return node->type == YAML_SEQUENCE_NODE;
}

/* Gives the length of a list; a node that is no list counts as a list of one. */
int
length_of(yaml_node_t *node)
{
	if (node == NULL)
		return 0;
	if (!is_list(node))
		return 1;
	return (int) (node->data.sequence.items.top - node->data.sequence.items.start);
}

yaml_node_t *
element(yaml_node_t *node, int i)
{
	return is_list(node) ? node_of(node->data.sequence.items.start[i]) : node;
}

Limits
read_limits(yaml_node_t *map, const char *floor, const char *cap)
{
	Limits		limits = {false, false, 0, 0};
	yaml_node_t *node;

	if ((node = find(map, floor)) != NULL)
	{
		limits.has_floor = true;
		limits.floor = parse_number(text_of(node));
	}
	if ((node = find(map, cap)) != NULL)
	{
		limits.has_cap = true;
		limits.cap = parse_number(text_of(node));
	}
	return limits;
}

/* Reads days, months or years standing in a mapping. */
Span
read_span(yaml_node_t *map)
{
	Span		span = {false, 0, 0, false, false};
	yaml_node_t *node;

	if (map == NULL)
		return span;
	if (map->type == YAML_SCALAR_NODE)
	{
		span.always = span.given = same(text_of(map), "always");
		return span;
	}
	if ((node = find(map, "days")) != NULL)
		span.days = atoi(text_of(node));
	else if ((node = find(map, "working_days")) != NULL)
	{
		span.days = atoi(text_of(node));
		span.working = true;
	}
	else if ((node = find(map, "months")) != NULL)
		span.months = atoi(text_of(node));
	else if ((node = find(map, "years")) != NULL)
		span.months = 12 * atoi(text_of(node));
	span.given = node != NULL;
	return span;
}

TermList
read_terms(yaml_node_t *node)
{
	TermList	list = {0, {0}};
	int			i;

	for (i = 0; i < length_of(node); i++)
		list.terms[list.n++] = record_term(text_of(element(node, i)));
	return list;
}

yaml_node_t *
open_document(const char *path)
{
	FILE	   *file = fopen(path, "rb");
	yaml_parser_t parser;

	if (file == NULL)
		die("cannot open \"%s\"", path);
	if (!yaml_parser_initialize(&parser))
		die("out of memory");
	yaml_parser_set_input_file(&parser, file);
	if (!yaml_parser_load(&parser, &document))
		die("%s: %s at line %d", path, parser.problem, (int) parser.problem_mark.line + 1);
	yaml_parser_delete(&parser);
	fclose(file);
	if (yaml_document_get_root_node(&document) == NULL)
		die("%s: empty", path);
	return yaml_document_get_root_node(&document);
}
