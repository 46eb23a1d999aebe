/*
 * compile_value.c -- keys and single values of a policy file: what may stand where, and what it says
 */
#include "policy_compile.h"

#include <string.h>

/* The words of a vocabulary, for a hint. */
const char *
cc_join_words(CcEnv *env, const char *before, const char *const *words)
{
	const char *result = before;
	int			i;

	for (i = 0; words[i] != NULL; i++)
		result = cc_printf(env, "%s%s%s", result, i ? ", " : "", words[i]);
	return cc_printf(env, "%s.", result);
}

bool
cc_is_mapping(CcCompile *c, const CcNode *node)
{
	if (node->kind == CC_NODE_MAPPING)
		return true;
	cc_finding(c->findings, node, "wrong_type", "Write key: value pairs, indented, or in {braces}.", "expected a mapping");
	return false;
}

bool
cc_is_sequence(CcCompile *c, const CcNode *node)
{
	if (node->kind == CC_NODE_SEQUENCE)
		return true;
	cc_finding(c->findings, node, "wrong_type", "Write a list: lines that begin with \"- \", or [brackets].", "expected a list");
	return false;
}

bool
cc_is_scalar(CcCompile *c, const CcNode *node)
{
	if (node->kind == CC_NODE_SCALAR && (node->len > 0 || node->quoted))
		return true;
	cc_finding(c->findings, node, "wrong_type", "Write one value after the colon.", "expected a value");
	return false;
}

bool
cc_refuse_full_width(CcCompile *c, const CcNode *key)
{
	if (strstr(key->text, "：") == NULL)
		return false;
	cc_finding(c->findings, key, "full_width_punctuation", "Type the half-width colon followed by a space.",
			   "\"%.80s\" contains a full-width colon", key->text);
	return true;
}

/* Every key of the mapping must be one of the allowed ones. False if the node is no mapping. */
bool
cc_check_keys(CcCompile *c, const CcNode *node, const char *const *allowed)
{
	int			i,
				k;

	if (!cc_is_mapping(c, node))
		return false;
	for (i = 0; i < node->n; i++)
	{
		if (cc_refuse_full_width(c, node->keys[i]))
			continue;
		for (k = 0; allowed[k] != NULL; k++)
			if (strcmp(allowed[k], node->keys[i]->text) == 0)
				break;
		if (allowed[k] == NULL)
			cc_finding(c->findings, node->keys[i], "unknown_key", cc_join_words(c->env, "Known here: ", allowed),
					   "unknown key \"%.80s\"", node->keys[i]->text);
	}
	return true;
}

const CcNode *
cc_require(CcCompile *c, const CcNode *mapping, const char *key)
{
	const CcNode *node = cc_get(mapping, key);

	if (node == NULL && mapping->kind == CC_NODE_MAPPING)
		cc_finding(c->findings, mapping, "missing_key", "See rules/README.md.", "key \"%s\" is missing", key);
	return node;
}

bool
cc_decimal_result(CcCompile *c, const CcNode *node, CcParse result, int places, const char *what)
{
	if (result == CC_PARSE_TOO_FINE)
		cc_finding(c->findings, node, "too_many_decimals", "State score.decimals, at most 4, or round the value in the file.",
				   "\"%.40s\" has more than %d decimal places", node->text, places);
	else if (result != CC_PARSE_OK)
		cc_finding(c->findings, node, "bad_value", result == CC_PARSE_TOO_LARGE ? "The value is too large." : what,
				   "\"%.80s\" cannot be read", node->text);
	return result == CC_PARSE_OK;
}

bool
cc_value_decimal(CcCompile *c, const CcNode *node, int places, int64_t *value)
{
	int			i;

	if (!cc_is_scalar(c, node) ||
		!cc_decimal_result(c, node, cc_decimal_parse(node->text, node->len, places, value), places, "Write a decimal like -10 or 2.5."))
		return false;
	for (i = places; i < CC_DECIMALS; i++)
	{
		if (__builtin_mul_overflow(*value, 10, value))
		{
			cc_finding(c->findings, node, "bad_value", "The value is too large.", "\"%.80s\" cannot be read", node->text);
			return false;
		}
	}
	return true;
}

bool
cc_value_integer(CcCompile *c, const CcNode *node, int low, int high, int *value)
{
	int64_t		n;

	if (!cc_is_scalar(c, node))
		return false;
	if (cc_decimal_parse(node->text, node->len, 0, &n) != CC_PARSE_OK || n < low || n > high)
	{
		cc_finding(c->findings, node, "bad_value", cc_printf(c->env, "Write a whole number from %d to %d.", low, high),
				   "\"%.80s\" cannot be read", node->text);
		return false;
	}
	*value = (int) n;
	return true;
}

bool
cc_value_day(CcCompile *c, const CcNode *node, CcDay *day)
{
	if (!cc_is_scalar(c, node))
		return false;
	if (cc_day_parse(node->text, node->len, day))
		return true;
	cc_finding(c->findings, node, "bad_value", "Write a day that exists as YYYY-MM-DD.", "\"%.80s\" is not a day", node->text);
	return false;
}

bool
cc_value_bool(CcCompile *c, const CcNode *node, bool *value)
{
	if (!cc_is_scalar(c, node))
		return false;
	*value = strcmp(node->text, "true") == 0;
	if (!node->quoted && (*value || strcmp(node->text, "false") == 0))
		return true;
	cc_finding(c->findings, node, "bad_value", "Write true or false.", "\"%.80s\" is neither true nor false", node->text);
	return false;
}

bool
cc_value_word(CcCompile *c, const CcNode *node, const char *const *words, int *which)
{
	if (!cc_is_scalar(c, node))
		return false;
	for (*which = 0; words[*which] != NULL; (*which)++)
		if (strcmp(words[*which], node->text) == 0)
			return true;
	cc_finding(c->findings, node, "bad_value", cc_join_words(c->env, "Known here: ", words), "unknown value \"%.80s\"", node->text);
	return false;
}
