/*
 * labels.c -- types whose values are a few labels
 *
 * Which state may follow which is in proceedings.c.
 */
#include "labels.h"

#include <stdbool.h>
#include <string.h>

#include "fold.h"

#define LABEL_TYPE(name, labels) \
	{name, (int) (sizeof(labels) / sizeof(labels[0])), labels}

/* better is greater, so that >= 'B' says "B or better" */
static const CcLabel grades[] =
{
	{CC_GRADE_E, "E", "差", "bad"},
	{CC_GRADE_D, "D", "较差", "poor"},
	{CC_GRADE_C, "C", "中等", "fair"},
	{CC_GRADE_B, "B", "良好", "good"},
	{CC_GRADE_A, "A", "优秀", "excellent"},
};

static const CcLabel commitment_states[] =
{
	{CC_COMMITMENT_INFORMED, "informed", "已告知", "informed of the conditions"},
	{CC_COMMITMENT_SIGNED, "signed", "已承诺", "signed"},
	{CC_COMMITMENT_DECIDED, "decided", "已决定", "decided upon"},
	{CC_COMMITMENT_VERIFYING, "verifying", "核查中", "being verified"},
	{CC_COMMITMENT_FULFILLED, "fulfilled", "已履行", "fulfilled"},
	{CC_COMMITMENT_RECTIFYING, "rectifying", "限期整改", "ordered to rectify within a term"},
	{CC_COMMITMENT_BREACHED, "breached", "未履行", "breached"},
	{CC_COMMITMENT_REVOKED, "revoked", "已撤销", "breached, decision revoked"},
	{CC_COMMITMENT_WITHDRAWN, "withdrawn", "已撤回", "withdrawn by the subject"},
	{CC_COMMITMENT_PUBLISHED, "published", "已公示", "public, to be verified"},
};

static const CcLabel repair_statuses[] =
{
	{CC_REPAIR_APPLIED, "applied", "已申请", "applied for"},
	{CC_REPAIR_SUPPLEMENT, "supplement", "待补正", "to be supplemented"},
	{CC_REPAIR_ACCEPTED, "accepted", "已受理", "accepted for decision"},
	{CC_REPAIR_REFUSED, "refused", "不予受理", "not accepted for decision"},
	{CC_REPAIR_PUBLICISED, "publicised", "公示中", "publicised for objections"},
	{CC_REPAIR_REPAIRED, "repaired", "已修复", "repaired"},
	{CC_REPAIR_REJECTED, "rejected", "不予修复", "decided against"},
	{CC_REPAIR_WITHDRAWN, "withdrawn", "已撤回", "withdrawn by the subject"},
	{CC_REPAIR_REVOKED, "revoked", "已撤销", "repaired, then revoked"},
	{CC_REPAIR_REVOKING, "revoking", "拟撤销", "repaired, notice of revocation served"},
	{CC_REPAIR_APPEALED, "appealed", "申诉中", "appealed to another decider"},
	{CC_REPAIR_CONFIRMED, "confirmed", "驳回申诉", "decided against on appeal, final"},
};

const CcLabelType cc_credit_grade = LABEL_TYPE("credit_grade", grades);
const CcLabelType cc_commitment_state = LABEL_TYPE("commitment_state", commitment_states);
const CcLabelType cc_repair_status = LABEL_TYPE("repair_status", repair_statuses);

static bool same_code(const char *code, const char *text, const char *end);

/*
 * Returns the label of a stored value, NULL for a value the type does not have.
 */
const CcLabel *
cc_label_of_value(const CcLabelType *type, int value)
{
	if (value < 1 || value > type->count)
		return NULL;
	return &type->labels[value - 1];
}

/*
 * Returns the label whose code, in any case or in full width, or whose Chinese
 * label is the text; spaces around it do not matter.  NULL if there is none.
 */
const CcLabel *
cc_label_of_text(const CcLabelType *type, const char *text, size_t length)
{
	const char *end = text + length;
	int			i;

	cc_trim(&text, &end);
	for (i = 0; i < type->count; i++)
	{
		const CcLabel *label = &type->labels[i];

		if (same_code(label->code, text, end))
			return label;
		if ((size_t) (end - text) == strlen(label->zh) &&
			memcmp(text, label->zh, strlen(label->zh)) == 0)
			return label;
	}
	return NULL;
}

/*
 * Compares folded text with a code, whose letters may be of either case.
 */
static bool
same_code(const char *code, const char *text, const char *end)
{
	const char *code_end = code + strlen(code);

	while (text < end && code < code_end)
	{
		int			c = cc_next_folded(&text, end);

		if (c == CC_NOT_FOLDED || c != cc_next_folded(&code, code_end))
			return false;
	}
	return text == end && code == code_end;
}
