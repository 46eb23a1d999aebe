/*
 * load.c -- text to policy, text to fact
 */
#include "load.h"

#include <string.h>

CcPolicy *
cc_policy_load(CcReader *reader, CcEnv *env, const char *text, size_t len, CcFindings *findings)
{
	const CcNode *root = cc_reader_read(reader, text, len, findings);
	CcPolicy   *policy = NULL;

	if (root != NULL)
		policy = cc_policy_compile(env, root, findings);
	return findings->n == 0 ? policy : NULL;
}

/* Texts are taken as they stand and must outlive the fact; amounts are money with its unit, or whole fen. */
bool
cc_fact_set(CcFact *fact, const char *name, const char *value, int len)
{
	CcTerm		term = cc_term_find(name);
	int64_t    *number;

	if (strcmp(name, "revoked_on") == 0)
		return cc_day_parse(value, len, &fact->revoked_on);
	if (strcmp(name, "linked_from") == 0)
		return cc_day_parse(value, len, &fact->linked_from);
	if (strcmp(name, "linked_until") == 0)
		return cc_day_parse(value, len, &fact->linked_until);
	if (strcmp(name, "verified") == 0)
	{
		fact->verified = !(len > 0 && value[0] == 'f');
		return true;
	}
	if (term == CC_TERM_NONE || term >= CC_TERM_SCORE)
		return false;
	if (CC_IS_TEXT(term))
	{
		fact->text[term].str = value;
		fact->text[term].len = len;
		cc_fact_resolve(fact);
		return cc_vocabulary[term].words == NULL || cc_word_rank(term, value, len) >= 0;
	}
	if (CC_IS_DAY(term))
		return cc_day_parse(value, len, &fact->day[term - CC_TERM_ACT_ON]);
	number = &fact->number[term - CC_TERM_AMOUNT];
	if (!CC_IS_MONEY(term))
		return cc_decimal_parse(value, len, CC_DECIMALS, number) == CC_PARSE_OK;
	return cc_money_parse(value, len, number) == CC_PARSE_OK || cc_decimal_parse(value, len, 0, number) == CC_PARSE_OK;
}
