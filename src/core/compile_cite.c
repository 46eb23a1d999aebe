/*
 * compile_cite.c -- texts, ids, sources and citations of a policy file
 */
#include "policy_compile.h"

#include <string.h>

static const char *const rank_words[] = {
	"law", "regulation", "central_document", "departmental_rule", "local_regulation", "normative_document", "draft", "assumption", NULL
};

/* Text of a scalar, or "" after a finding. */
const char *
cc_text_of(CcCompile *c, const CcNode *node, int max)
{
	if (node == NULL || !cc_is_scalar(c, node))
		return "";
	if (node->len == 0 || node->len > max)
		cc_finding(c->findings, node, "bad_value", cc_printf(c->env, "Write 1 to %d bytes.", max), "text of %d bytes", node->len);
	return node->text;
}

/*
 * Reads an id of rules, items and components: [a-z][a-z0-9_]*; for bands [A-Za-z0-9+-]{1,8}; for policies
 * [a-z0-9-]{3,60}.
 */
const char *
cc_id_of(CcCompile *c, const CcNode *node, const char *more, bool upper, int min, int max)
{
	int			i;

	if (node == NULL || !cc_is_scalar(c, node))
		return "";
	for (i = 0; i < node->len; i++)
	{
		char		ch = node->text[i];

		if (!((ch >= 'a' && ch <= 'z') || (upper && ch >= 'A' && ch <= 'Z') ||
			  (((ch >= '0' && ch <= '9') || strchr(more, ch) != NULL) && (i > 0 || max != 40))))
			break;
	}
	if (i < node->len || node->len < min || node->len > max)
		cc_finding(c->findings, node, "bad_id",
				   cc_printf(c->env, "Write %d to %d of: lower-case letters%s, digits, %s.", min, max, upper ? ", upper-case letters" : "",
							 more), "\"%.80s\" is not a valid id", node->text);
	return node->text;
}

const char *
cc_rule_id(CcCompile *c, const CcNode *mapping)
{
	return cc_id_of(c, cc_require(c, mapping, "id"), "_", false, 1, 40);
}

/* A finding at the node if its id is the other one, too. */
void
cc_refuse_duplicate(CcCompile *c, const CcNode *node, const char *id, const char *other)
{
	if (id[0] != '\0' && strcmp(id, other) == 0)
		cc_finding(c->findings, node, "duplicate_id", "Rename one of them.", "id \"%.80s\" occurs twice", id);
}

/* A rule cannot rest on a document outside the days on which that is in force itself. */
static void
check_source_days(CcCompile *c, const CcNode *source, const CcNode *entry)
{
	const CcNode *from = cc_get(entry, "from");
	const CcNode *until = cc_get(entry, "until");
	CcDay		day;

	if (from != NULL && from->kind == CC_NODE_SCALAR && cc_day_parse(from->text, from->len, &day) && c->policy->in_force_from < day)
		cc_finding(c->findings, source, "date_outside_source", "Begin in_force later, or cite what was in force before.",
				   "the policy is in force before its source \"%.80s\"", source->text);
	if (until != NULL && until->kind == CC_NODE_SCALAR && cc_day_parse(until->text, until->len, &day) && c->policy->in_force_until > day)
		cc_finding(c->findings, source, "date_outside_source", "State in_force.until, or cite what is in force afterwards.",
				   "the policy is in force after its source \"%.80s\"", source->text);
}

CcCite
cc_compile_source(CcCompile *c, const CcNode *node)
{
	static const char *const keys[] = {"source", "article", NULL};
	CcCite		cite = {"", "", ""};
	const CcNode *source,
			   *entry;
	int			rank;

	if (!cc_check_keys(c, node, keys))
		return cite;
	cite.article = cc_text_of(c, cc_require(c, node, "article"), 200);
	source = cc_require(c, node, "source");
	if (source == NULL || !cc_is_scalar(c, source))
		return cite;
	entry = cc_get(c->sources, source->text);
	if (entry == NULL)
		cc_finding(c->findings, source, "unknown_source", "Add it to sources.", "there is no source \"%.80s\"", source->text);
	else if (entry->kind == CC_NODE_MAPPING)
	{
		const CcNode *title = cc_get(entry, "title");
		const CcNode *number = cc_get(entry, "number");
		const CcNode *rank_node = cc_get(entry, "rank");

		check_source_days(c, source, entry);
		cite.source = title && title->kind == CC_NODE_SCALAR ? title->text : "";
		if (number && number->kind == CC_NODE_SCALAR)
			cite.source = cc_printf(c->env, "%s（%s）", cite.source, number->text);
		for (rank = 0; rank_words[rank] != NULL; rank++)
			if (rank_node && rank_node->kind == CC_NODE_SCALAR && strcmp(rank_node->text, rank_words[rank]) == 0)
				cite.rank = rank_words[rank];
	}
	return cite;
}

/* cite and assumption where a citation may be missing: the source is NULL then. */
CcCite
cc_compile_optional_cite(CcCompile *c, const CcNode *rule)
{
	const CcNode *node = cc_get(rule, "cite");
	const CcNode *assumption = cc_get(rule, "assumption");
	CcCite		none = {NULL, NULL, NULL};

	if (assumption != NULL)
	{
		cc_text_of(c, assumption, 1000);
		if (!c->has_assumption)
			c->assumption = assumption;
		c->has_assumption = true;
	}
	return node != NULL ? cc_compile_source(c, node) : none;
}

/* cite and assumption of a rule. */
CcCite
cc_compile_cite(CcCompile *c, const CcNode *rule)
{
	CcCite		cite = cc_compile_optional_cite(c, rule);
	CcCite		none = {"", "", ""};

	if (cite.source != NULL)
		return cite;
	if (rule->kind == CC_NODE_MAPPING)
		cc_finding(c->findings, rule, "missing_citation", "Every rule needs cite.source and cite.article.", "the rule has no citation");
	return none;
}

/* at: rating: the rule exists only in a rating. */
bool
cc_compile_at(CcCompile *c, const CcNode *rule)
{
	static const char *const words[] = {"rating", NULL};
	const CcNode *at = cc_get(rule, "at");
	int			n;

	return at != NULL && cc_value_word(c, at, words, &n);
}

void
cc_compile_sources(CcCompile *c, const CcNode *node)
{
	static const char *const keys[] = {"title", "number", "rank", "from", "until", "documentation", NULL};
	const CcNode *value;
	CcDay		from,
				until;
	int			i,
				n;

	if (node == NULL || !cc_is_mapping(c, node))
		return;
	c->sources = node;
	for (i = 0; i < node->n; i++)
	{
		if (!cc_check_keys(c, node->items[i], keys))
			continue;
		cc_text_of(c, cc_require(c, node->items[i], "title"), 300);
		if ((value = cc_get(node->items[i], "number")) != NULL)
			cc_text_of(c, value, 100);
		if ((value = cc_require(c, node->items[i], "rank")) != NULL)
			cc_value_word(c, value, rank_words, &n);
		from = CC_DAY_FIRST;
		until = CC_DAY_LAST;
		if ((value = cc_get(node->items[i], "from")) != NULL)
			cc_value_day(c, value, &from);
		if ((value = cc_get(node->items[i], "until")) != NULL && cc_value_day(c, value, &until) && until < from)
			cc_finding(c->findings, value, "empty_interval", "\"until\" is the last day in force.", "in force until before from");
	}
}
