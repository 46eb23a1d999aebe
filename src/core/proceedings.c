/*
 * proceedings.c -- kinds of proceedings: their states, and the steps between them
 *
 * The tables are the one source of the order of steps: the types commitment_state and repair_status, advance_proceeding(),
 * proceeding_table() and doc/proceedings.md read them. How long a period is, is in no table: policies say it, or the
 * department that opens the proceeding. A department's silence never harms: what happens by itself is favourable, the end
 * of a term, or what the subject itself let pass.
 */
#include "proceedings.h"

#include <string.h>

#define COUNT(array) ((int) (sizeof(array) / sizeof(array[0])))
#define STATES(name, labels) {name, COUNT(labels), labels}
#define BIT(state) (UINT32_C(1) << (state))

#define APPLICANT	CC_BY_APPLICANT
#define SUBJECT		CC_BY_SUBJECT
#define OFFICER		CC_BY_DEPARTMENT
#define DECIDER		CC_BY_DECIDER
#define ANYONE		CC_BY_ANYONE
#define SYSTEM		CC_BY_SYSTEM

/* how most decisions are taken: by a second person; an adverse one with reasons and served */
#define DECISION	(CC_DECIDES | CC_SECOND_PERSON)
#define ADVERSE		(CC_DECIDES | CC_SECOND_PERSON | CC_REASONS | CC_SERVICE)
#define APPEAL		(CC_DECIDES | CC_SECOND_PERSON | CC_OTHER_DECIDER | CC_REASONS | CC_ON_APPEAL)

/* the authority let its term pass: the state stays, the superior is told */
#define REFERRED(state, period) \
	{state, state, "refer", "移送上级", SYSTEM, .after = period, .overdue = CC_OVERDUE_REFER}

/*
 * Commitment (渝信用承诺试点工作方案, 四): told the conditions, signed, decided, public, verified within a term. A mismatch leads
 * to an order to rectify first; only who does not, or refuses to, is in breach, and only then is the decision revoked.
 * Commitments that replace no proof (self-discipline, repair, voluntary) have no decision. The subject may withdraw until
 * the decision.
 */
static const CcStep commitment_steps[] =
{
	{0, CC_COMMITMENT_INFORMED, "inform", "告知条件", OFFICER, .evidence = "conditions"},
	{CC_COMMITMENT_INFORMED, CC_COMMITMENT_SIGNED, "sign", "签署承诺", SUBJECT, .evidence = "content liability", .sets = "decide?"},
	{CC_COMMITMENT_INFORMED, CC_COMMITMENT_WITHDRAWN, "withdraw", "撤回", SUBJECT | APPLICANT},
	{CC_COMMITMENT_SIGNED, CC_COMMITMENT_DECIDED, "decide", "作出决定", DECIDER, DECISION, .sets = "verify?"},
	{CC_COMMITMENT_SIGNED, CC_COMMITMENT_DECIDED, "decide_by_silence", "逾期视为同意", SYSTEM, .sets = "verify?", .after = "decide",
	.overdue = CC_OVERDUE_GRANTED},
	REFERRED(CC_COMMITMENT_SIGNED, "decide"),
	{CC_COMMITMENT_SIGNED, CC_COMMITMENT_PUBLISHED, "publish_undecided", "公示（无须决定）", OFFICER, .sets = "verify?"},
	{CC_COMMITMENT_SIGNED, CC_COMMITMENT_VERIFYING, "verify_undecided", "核查（无须决定）", OFFICER, .sets = "verify?"},
	{CC_COMMITMENT_SIGNED, CC_COMMITMENT_WITHDRAWN, "withdraw", "撤回", SUBJECT | APPLICANT},
	{CC_COMMITMENT_DECIDED, CC_COMMITMENT_PUBLISHED, "publish", "公示", OFFICER},
	{CC_COMMITMENT_DECIDED, CC_COMMITMENT_VERIFYING, "verify", "核查", OFFICER},
	REFERRED(CC_COMMITMENT_DECIDED, "verify"),
	{CC_COMMITMENT_PUBLISHED, CC_COMMITMENT_VERIFYING, "verify", "核查", OFFICER},
	REFERRED(CC_COMMITMENT_PUBLISHED, "verify"),
	{CC_COMMITMENT_VERIFYING, CC_COMMITMENT_FULFILLED, "match", "相符", OFFICER, .evidence = "verification"},
	{CC_COMMITMENT_VERIFYING, CC_COMMITMENT_RECTIFYING, "mismatch", "不符，责令限期整改", OFFICER, CC_REASONS | CC_SERVICE | CC_PROPOSES,
	.evidence = "verification", .sets = "rectify"},
	REFERRED(CC_COMMITMENT_VERIFYING, "verify"),
	{CC_COMMITMENT_RECTIFYING, CC_COMMITMENT_FULFILLED, "rectified", "整改到位", OFFICER, .evidence = "verification"},
	{CC_COMMITMENT_RECTIFYING, CC_COMMITMENT_BREACHED, "breach", "整改不到位", DECIDER, ADVERSE, .evidence = "verification", .after = "rectify"},
	{CC_COMMITMENT_RECTIFYING, CC_COMMITMENT_BREACHED, "refusal", "拒绝整改", DECIDER, ADVERSE, .evidence = "refusal"},
	{CC_COMMITMENT_FULFILLED, CC_COMMITMENT_BREACHED, "fraud", "查实弄虚作假", DECIDER, ADVERSE | CC_OTHER_DECIDER, .evidence = "fraud"},
	{CC_COMMITMENT_BREACHED, CC_COMMITMENT_REVOKED, "revoke", "撤销决定", DECIDER, ADVERSE},
};

const CcProceeding cc_commitment_proceeding =
{"commitment", "信用承诺", "commitment", &cc_commitment_state,
	BIT(CC_COMMITMENT_FULFILLED) | BIT(CC_COMMITMENT_BREACHED) | BIT(CC_COMMITMENT_REVOKED) | BIT(CC_COMMITMENT_WITHDRAWN),
COUNT(commitment_steps), commitment_steps};

/*
 * Repair: applied for with proof of correction and a public commitment, accepted or not, publicised where the policy wants
 * it, when anyone may object, decided. Fraud found afterwards revokes it, after notice and by another decider. What was not
 * accepted, rejected or revoked can be appealed against; another try is another application.
 */
static const CcStep repair_steps[] =
{
	{0, CC_REPAIR_APPLIED, "apply", "申请", SUBJECT, .evidence = "correction commitment", .sets = "accept?"},
	{CC_REPAIR_APPLIED, CC_REPAIR_SUPPLEMENT, "want_supplement", "要求补正", OFFICER, CC_REASONS | CC_SERVICE, .sets = "supplement"},
	{CC_REPAIR_APPLIED, CC_REPAIR_ACCEPTED, "accept", "受理", OFFICER, .sets = "decide?"},
	{CC_REPAIR_APPLIED, CC_REPAIR_REFUSED, "refuse", "不予受理", OFFICER, CC_REASONS | CC_SERVICE | CC_DECIDES, .sets = "appeal?"},
	{CC_REPAIR_APPLIED, CC_REPAIR_WITHDRAWN, "withdraw", "撤回", SUBJECT | APPLICANT},
	REFERRED(CC_REPAIR_APPLIED, "accept"),
	{CC_REPAIR_SUPPLEMENT, CC_REPAIR_ACCEPTED, "accept", "补正后受理", OFFICER, .evidence = "supplement", .sets = "decide?"},
	{CC_REPAIR_SUPPLEMENT, CC_REPAIR_REFUSED, "refuse", "逾期未补正，不予受理", OFFICER, CC_REASONS | CC_SERVICE | CC_DECIDES, .sets = "appeal?",
	.after = "supplement"},
	{CC_REPAIR_SUPPLEMENT, CC_REPAIR_WITHDRAWN, "withdraw", "撤回", SUBJECT | APPLICANT},
	{CC_REPAIR_ACCEPTED, CC_REPAIR_PUBLICISED, "publicise", "公示", OFFICER, .sets = "publicity"},
	{CC_REPAIR_ACCEPTED, CC_REPAIR_REPAIRED, "grant", "准予修复（无须公示）", DECIDER, DECISION},
	{CC_REPAIR_ACCEPTED, CC_REPAIR_REPAIRED, "grant_by_silence", "逾期视为准予", SYSTEM, .after = "decide", .overdue = CC_OVERDUE_GRANTED},
	{CC_REPAIR_ACCEPTED, CC_REPAIR_REJECTED, "reject", "不予修复", DECIDER, ADVERSE, .sets = "appeal?"},
	{CC_REPAIR_ACCEPTED, CC_REPAIR_WITHDRAWN, "withdraw", "撤回", SUBJECT | APPLICANT},
	REFERRED(CC_REPAIR_ACCEPTED, "decide"),
	{CC_REPAIR_PUBLICISED, CC_REPAIR_PUBLICISED, "object", "对修复提出异议", ANYONE, CC_REASONS, .within = "publicity"},
	{CC_REPAIR_PUBLICISED, CC_REPAIR_REPAIRED, "grant", "准予修复", DECIDER, DECISION, .after = "publicity"},
	{CC_REPAIR_PUBLICISED, CC_REPAIR_REPAIRED, "grant_by_silence", "逾期视为准予", SYSTEM, .after = "publicity decide",
	.overdue = CC_OVERDUE_GRANTED},
	{CC_REPAIR_PUBLICISED, CC_REPAIR_REJECTED, "reject", "不予修复", DECIDER, ADVERSE, .sets = "appeal?"},
	{CC_REPAIR_PUBLICISED, CC_REPAIR_WITHDRAWN, "withdraw", "撤回", SUBJECT | APPLICANT},
	REFERRED(CC_REPAIR_PUBLICISED, "publicity decide"),
	{CC_REPAIR_REPAIRED, CC_REPAIR_REVOKING, "notify_fraud", "告知拟撤销", OFFICER, CC_REASONS | CC_SERVICE | CC_PROPOSES,
	.evidence = "fraud", .sets = "objection"},
	{CC_REPAIR_REVOKING, CC_REPAIR_REVOKING, "object", "陈述申辩", SUBJECT, CC_REASONS, .within = "objection"},
	{CC_REPAIR_REVOKING, CC_REPAIR_REPAIRED, "keep", "维持修复", DECIDER, CC_REASONS},
	{CC_REPAIR_REVOKING, CC_REPAIR_REVOKED, "revoke", "撤销修复", DECIDER, ADVERSE | CC_OTHER_DECIDER, .sets = "appeal?", .after = "objection"},
	{CC_REPAIR_REFUSED, CC_REPAIR_APPEALED, "appeal", "申诉", SUBJECT | APPLICANT, CC_REASONS, .sets = "appeal_decision?", .within = "appeal"},
	{CC_REPAIR_REJECTED, CC_REPAIR_APPEALED, "appeal", "申诉", SUBJECT | APPLICANT, CC_REASONS, .sets = "appeal_decision?", .within = "appeal"},
	{CC_REPAIR_REVOKED, CC_REPAIR_APPEALED, "appeal", "申诉", SUBJECT | APPLICANT, CC_REASONS, .sets = "appeal_decision?", .within = "appeal"},
	{CC_REPAIR_APPEALED, CC_REPAIR_ACCEPTED, "remit", "申诉成立，重新办理", DECIDER, APPEAL, .sets = "decide?"},
	{CC_REPAIR_APPEALED, CC_REPAIR_REPAIRED, "uphold_appeal", "申诉成立，准予修复", DECIDER, APPEAL},
	{CC_REPAIR_APPEALED, CC_REPAIR_CONFIRMED, "reject_appeal", "驳回申诉", DECIDER, APPEAL | CC_SERVICE},
	REFERRED(CC_REPAIR_APPEALED, "appeal_decision"),
};

const CcProceeding cc_repair_proceeding =
{"repair", "信用修复", "repair", &cc_repair_status,
	BIT(CC_REPAIR_REFUSED) | BIT(CC_REPAIR_REPAIRED) | BIT(CC_REPAIR_REJECTED) | BIT(CC_REPAIR_WITHDRAWN) | BIT(CC_REPAIR_REVOKED) |
	BIT(CC_REPAIR_CONFIRMED),
COUNT(repair_steps), repair_steps};

/*
 * Listing (国办发〔2020〕49号): proposed, noticed, heard, recognised by another person; left by itself when its term has run,
 * early, through repair, on appeal, or when its basis falls, which is at any time and at once. Fraud in a repair revives it.
 * While a record about it is in doubt an entry that praises is suspended, and it resumes by itself.
 */
enum
{
	LIST_CANDIDATE = 1, LIST_PROPOSED, LIST_NOTICED, LIST_LISTED, LIST_SUSPENDED, LIST_APPEALED, LIST_EXPIRED, LIST_REMOVED, LIST_DROPPED
};

static const CcLabel listing_labels[] =
{
	{LIST_CANDIDATE, "candidate", "候选", "found to qualify"},
	{LIST_PROPOSED, "proposed", "已提出", "proposed"},
	{LIST_NOTICED, "noticed", "已告知", "notice served, may be objected to"},
	{LIST_LISTED, "listed", "在列", "on the list"},
	{LIST_SUSPENDED, "suspended", "暂停", "suspended from the list"},
	{LIST_APPEALED, "appealed", "在列，申诉中", "on the list, appealed against"},
	{LIST_EXPIRED, "expired", "期满退出", "left when the term had run"},
	{LIST_REMOVED, "removed", "移出", "removed"},
	{LIST_DROPPED, "dropped", "不予列入", "not listed"},
};

static const CcStep listing_steps[] =
{
	{0, LIST_CANDIDATE, "find", "发现", OFFICER | SYSTEM},
	{0, LIST_PROPOSED, "propose", "提出", OFFICER, CC_REASONS | CC_PROPOSES},
	{LIST_CANDIDATE, LIST_PROPOSED, "propose", "提出", OFFICER, CC_REASONS | CC_PROPOSES},
	{LIST_CANDIDATE, LIST_DROPPED, "drop", "不予列入", OFFICER | DECIDER | SYSTEM, CC_REASONS},
	{LIST_PROPOSED, LIST_NOTICED, "notify", "告知", OFFICER, CC_SERVICE, .sets = "objection"},
	{LIST_PROPOSED, LIST_DROPPED, "drop", "不予列入", OFFICER | DECIDER | SYSTEM, CC_REASONS},
	{LIST_NOTICED, LIST_NOTICED, "object", "陈述申辩", SUBJECT, CC_REASONS, .within = "objection"},
	{LIST_NOTICED, LIST_LISTED, "recognise", "认定", DECIDER, DECISION | CC_REASONS, .sets = "term minimum? appeal?", .after = "objection"},
	{LIST_NOTICED, LIST_DROPPED, "drop", "不予列入", OFFICER | DECIDER | SYSTEM, CC_REASONS},
	{LIST_LISTED, LIST_SUSPENDED, "suspend", "暂停", DECIDER | SYSTEM, ADVERSE},
	{LIST_LISTED, LIST_APPEALED, "appeal", "申诉", SUBJECT, CC_REASONS, .sets = "appeal_decision?", .within = "appeal"},
	{LIST_LISTED, LIST_REMOVED, "exit_early", "提前退出", DECIDER, DECISION | CC_REASONS, .evidence = "correction commitment", .after = "minimum"},
	{LIST_LISTED, LIST_REMOVED, "exit_by_repair", "修复退出", DECIDER | SYSTEM, .evidence = "repair"},
	{LIST_LISTED, LIST_REMOVED, "basis_fallen", "依据消失", OFFICER | DECIDER | SYSTEM, CC_REASONS},
	{LIST_LISTED, LIST_EXPIRED, "expire", "期满", SYSTEM, .after = "term", .overdue = CC_OVERDUE_LAPSE},
	{LIST_SUSPENDED, LIST_LISTED, "resume", "恢复", DECIDER | SYSTEM, CC_DECIDES | CC_REASONS},
	{LIST_SUSPENDED, LIST_REMOVED, "exit_by_repair", "修复退出", DECIDER | SYSTEM, .evidence = "repair"},
	{LIST_SUSPENDED, LIST_REMOVED, "remove", "移出", DECIDER, ADVERSE},
	{LIST_SUSPENDED, LIST_REMOVED, "basis_fallen", "依据消失", OFFICER | DECIDER | SYSTEM, CC_REASONS},
	{LIST_SUSPENDED, LIST_EXPIRED, "expire", "期满", SYSTEM, .after = "term", .overdue = CC_OVERDUE_LAPSE},
	{LIST_APPEALED, LIST_REMOVED, "uphold_appeal", "申诉成立", DECIDER, APPEAL},
	{LIST_APPEALED, LIST_LISTED, "reject_appeal", "驳回申诉", DECIDER, APPEAL | CC_SERVICE},
	{LIST_APPEALED, LIST_REMOVED, "exit_early", "提前退出", DECIDER, DECISION | CC_REASONS, .evidence = "correction commitment", .after = "minimum"},
	{LIST_APPEALED, LIST_REMOVED, "exit_by_repair", "修复退出", DECIDER | SYSTEM, .evidence = "repair"},
	{LIST_APPEALED, LIST_REMOVED, "basis_fallen", "依据消失", OFFICER | DECIDER | SYSTEM, CC_REASONS},
	{LIST_APPEALED, LIST_EXPIRED, "expire", "期满", SYSTEM, .after = "term", .overdue = CC_OVERDUE_LAPSE},
	REFERRED(LIST_APPEALED, "appeal_decision"),
	{LIST_REMOVED, LIST_LISTED, "revive", "恢复列入", DECIDER | SYSTEM, CC_DECIDES | CC_REASONS},
};

static const CcLabelType listing_states = STATES("listing state", listing_labels);
static const CcProceeding listing =
{"listing", "名单认定", "listing", &listing_states, BIT(LIST_EXPIRED) | BIT(LIST_REMOVED) | BIT(LIST_DROPPED), COUNT(listing_steps), listing_steps};

/*
 * Objection of a subject, and complaint of anyone: accepted or not, decided with reasons, appealed to another decider, final.
 * Without a term for appeals an appeal stays open.
 */
enum
{
	DISPUTE_RAISED = 1, DISPUTE_ACCEPTED, DISPUTE_REFUSED, DISPUTE_UPHELD, DISPUTE_REJECTED, DISPUTE_APPEALED, DISPUTE_OVERTURNED,
	DISPUTE_CONFIRMED, DISPUTE_FINAL, DISPUTE_WITHDRAWN
};

static const CcLabel dispute_labels[] =
{
	{DISPUTE_RAISED, "raised", "已提出", "raised"},
	{DISPUTE_ACCEPTED, "accepted", "已受理", "accepted for decision"},
	{DISPUTE_REFUSED, "refused", "不予受理", "not accepted for decision"},
	{DISPUTE_UPHELD, "upheld", "成立", "upheld"},
	{DISPUTE_REJECTED, "rejected", "不成立", "rejected"},
	{DISPUTE_APPEALED, "appealed", "申诉中", "appealed to another decider"},
	{DISPUTE_OVERTURNED, "overturned", "申诉成立", "upheld on appeal"},
	{DISPUTE_CONFIRMED, "confirmed", "驳回申诉", "rejected on appeal, final"},
	{DISPUTE_FINAL, "final", "已终结", "not appealed in time, final"},
	{DISPUTE_WITHDRAWN, "withdrawn", "已撤回", "withdrawn"},
};

#define DISPUTE_STEPS(raiser) \
	{0, DISPUTE_RAISED, "raise", "提出", raiser, CC_REASONS, .sets = "accept?"}, \
	{DISPUTE_RAISED, DISPUTE_ACCEPTED, "accept", "受理", OFFICER, .sets = "decide?"}, \
	{DISPUTE_RAISED, DISPUTE_REFUSED, "refuse", "不予受理", OFFICER, CC_REASONS | CC_SERVICE | CC_DECIDES, .sets = "appeal?"}, \
	{DISPUTE_RAISED, DISPUTE_WITHDRAWN, "withdraw", "撤回", raiser == ANYONE ? APPLICANT : SUBJECT | APPLICANT}, \
	REFERRED(DISPUTE_RAISED, "accept"), \
	{DISPUTE_ACCEPTED, DISPUTE_UPHELD, "uphold", "认定成立", DECIDER, DECISION | CC_REASONS}, \
	{DISPUTE_ACCEPTED, DISPUTE_REJECTED, "reject", "认定不成立", DECIDER, ADVERSE, .sets = "appeal?"}, \
	{DISPUTE_ACCEPTED, DISPUTE_WITHDRAWN, "withdraw", "撤回", raiser == ANYONE ? APPLICANT : SUBJECT | APPLICANT}, \
	{DISPUTE_ACCEPTED, DISPUTE_UPHELD, "uphold_by_silence", "逾期视为成立", SYSTEM, .after = "decide", .overdue = CC_OVERDUE_GRANTED}, \
	REFERRED(DISPUTE_ACCEPTED, "decide"), \
	{DISPUTE_REFUSED, DISPUTE_APPEALED, "appeal", "申诉", raiser == ANYONE ? APPLICANT : SUBJECT | APPLICANT, CC_REASONS, \
		.sets = "appeal_decision?", .within = "appeal"}, \
	{DISPUTE_REFUSED, DISPUTE_FINAL, "lapse", "逾期未申诉", SYSTEM, .after = "appeal", .overdue = CC_OVERDUE_LAPSE}, \
	{DISPUTE_REJECTED, DISPUTE_APPEALED, "appeal", "申诉", raiser == ANYONE ? APPLICANT : SUBJECT | APPLICANT, CC_REASONS, \
		.sets = "appeal_decision?", .within = "appeal"}, \
	{DISPUTE_REJECTED, DISPUTE_FINAL, "lapse", "逾期未申诉", SYSTEM, .after = "appeal", .overdue = CC_OVERDUE_LAPSE}, \
	{DISPUTE_APPEALED, DISPUTE_OVERTURNED, "uphold_appeal", "申诉成立", DECIDER, APPEAL}, \
	{DISPUTE_APPEALED, DISPUTE_CONFIRMED, "reject_appeal", "驳回申诉", DECIDER, APPEAL | CC_SERVICE}, \
	REFERRED(DISPUTE_APPEALED, "appeal_decision")

static const CcStep objection_steps[] = {DISPUTE_STEPS(SUBJECT)};
static const CcStep complaint_steps[] = {DISPUTE_STEPS(ANYONE)};

#define DISPUTE_CLOSED (BIT(DISPUTE_REFUSED) | BIT(DISPUTE_UPHELD) | BIT(DISPUTE_REJECTED) | BIT(DISPUTE_OVERTURNED) | \
	BIT(DISPUTE_CONFIRMED) | BIT(DISPUTE_FINAL) | BIT(DISPUTE_WITHDRAWN))

static const CcLabelType dispute_states = STATES("dispute state", dispute_labels);
static const CcProceeding objection =
{"objection", "异议", "objection", &dispute_states, DISPUTE_CLOSED, COUNT(objection_steps), objection_steps};
static const CcProceeding complaint =
{"complaint", "投诉举报", "complaint", &dispute_states, DISPUTE_CLOSED, COUNT(complaint_steps), complaint_steps};

/*
 * Review of a gap: evaluations of one subject two or more grades apart are reported, reviewed and explained
 * (渝信用分级分类监管工作方案).
 */
enum
{
	GAP_OPENED = 1, GAP_NOTICED, GAP_DECIDED, GAP_CORRECTED, GAP_VANISHED
};

static const CcLabel gap_labels[] =
{
	{GAP_OPENED, "opened", "已发现", "found"},
	{GAP_NOTICED, "noticed", "已通报", "departments told, to explain"},
	{GAP_DECIDED, "decided", "已说明，维持", "explained and kept"},
	{GAP_CORRECTED, "corrected", "已更正", "corrected"},
	{GAP_VANISHED, "vanished", "差距已消除", "closed, as the gap has gone"},
};

static const CcStep gap_steps[] =
{
	{0, GAP_OPENED, "open", "发现", OFFICER | SYSTEM},
	{GAP_OPENED, GAP_NOTICED, "notify", "通报", OFFICER, CC_SERVICE, .sets = "explain? decide?"},
	{GAP_OPENED, GAP_VANISHED, "vanish", "差距消除", OFFICER | SYSTEM},
	{GAP_NOTICED, GAP_NOTICED, "explain", "说明", SUBJECT | OFFICER, CC_REASONS},
	{GAP_NOTICED, GAP_DECIDED, "keep", "维持", DECIDER, DECISION | CC_REASONS},
	{GAP_NOTICED, GAP_CORRECTED, "correct", "更正", DECIDER, DECISION | CC_REASONS},
	{GAP_NOTICED, GAP_VANISHED, "vanish", "差距消除", OFFICER | SYSTEM},
	REFERRED(GAP_NOTICED, "decide"),
};

static const CcLabelType gap_states = STATES("gap review state", gap_labels);
static const CcProceeding gap_review =
{"gap_review", "等级差距复核", "review of a gap between grades", &gap_states, BIT(GAP_DECIDED) | BIT(GAP_CORRECTED) | BIT(GAP_VANISHED),
COUNT(gap_steps), gap_steps};

/*
 * Rectification by a day, also of a government body in breach, which explains in writing. That the day has passed is a fact
 * about the subject, not about the authority; it has no effect of its own.
 */
enum
{
	RECTIFY_ORDERED = 1, RECTIFY_EXPLAINED, RECTIFY_OVERDUE, RECTIFY_DONE, RECTIFY_CANCELLED
};

static const CcLabel rectification_labels[] =
{
	{RECTIFY_ORDERED, "ordered", "已责令", "ordered"},
	{RECTIFY_EXPLAINED, "explained", "已说明", "explained in writing"},
	{RECTIFY_OVERDUE, "overdue", "逾期", "overdue"},
	{RECTIFY_DONE, "done", "已整改", "done"},
	{RECTIFY_CANCELLED, "cancelled", "已撤销", "order withdrawn"},
};

static const CcStep rectification_steps[] =
{
	{0, RECTIFY_ORDERED, "order", "责令限期整改", OFFICER, CC_REASONS | CC_SERVICE | CC_PROPOSES, .sets = "rectify"},
	{RECTIFY_ORDERED, RECTIFY_EXPLAINED, "explain", "书面说明", SUBJECT, CC_REASONS},
	{RECTIFY_ORDERED, RECTIFY_ORDERED, "extend", "延期", DECIDER, CC_REASONS, .sets = "rectify"},
	{RECTIFY_ORDERED, RECTIFY_DONE, "confirm", "整改到位", OFFICER, .evidence = "rectification"},
	{RECTIFY_ORDERED, RECTIFY_CANCELLED, "cancel", "撤销责令", DECIDER, CC_REASONS},
	{RECTIFY_ORDERED, RECTIFY_OVERDUE, "lapse", "逾期", SYSTEM, .after = "rectify", .overdue = CC_OVERDUE_LAPSE},
	{RECTIFY_EXPLAINED, RECTIFY_EXPLAINED, "extend", "延期", DECIDER, CC_REASONS, .sets = "rectify"},
	{RECTIFY_EXPLAINED, RECTIFY_DONE, "confirm", "整改到位", OFFICER, .evidence = "rectification"},
	{RECTIFY_EXPLAINED, RECTIFY_CANCELLED, "cancel", "撤销责令", DECIDER, CC_REASONS},
	{RECTIFY_EXPLAINED, RECTIFY_OVERDUE, "lapse", "逾期", SYSTEM, .after = "rectify", .overdue = CC_OVERDUE_LAPSE},
	{RECTIFY_OVERDUE, RECTIFY_OVERDUE, "explain", "书面说明", SUBJECT, CC_REASONS},
	{RECTIFY_OVERDUE, RECTIFY_DONE, "confirm", "逾期后整改到位", OFFICER, .evidence = "rectification"},
	{RECTIFY_OVERDUE, RECTIFY_CANCELLED, "cancel", "撤销责令", DECIDER, CC_REASONS},
};

static const CcLabelType rectification_states = STATES("rectification state", rectification_labels);
static const CcProceeding rectification =
{"rectification", "限期整改", "rectification", &rectification_states, BIT(RECTIFY_DONE) | BIT(RECTIFY_CANCELLED),
COUNT(rectification_steps), rectification_steps};

const CcProceeding *const cc_proceedings[] =
{
	&cc_commitment_proceeding, &listing, &cc_repair_proceeding, &objection, &complaint, &gap_review, &rectification, NULL
};

const char *const cc_capacity_codes[CC_CAPACITIES] = {"applicant", "subject", "department", "decider", "anyone", "system"};

/*
 * Returns the code of what the end of a period does by itself, NULL if nothing.
 */
const char *
cc_overdue_code(CcOverdue overdue)
{
	static const char *const codes[] = {NULL, "lapse", "granted", "refer"};

	return codes[overdue];
}

/*
 * Returns the kind of this code, NULL if there is none.
 */
const CcProceeding *
cc_proceeding_of_code(const char *code)
{
	const CcProceeding *const *kind;

	for (kind = cc_proceedings; *kind != NULL; kind++)
	{
		if (strcmp((*kind)->code, code) == 0)
			return *kind;
	}
	return NULL;
}

/*
 * Says whether a state is an outcome.
 */
bool
cc_state_closed(const CcProceeding *kind, int state)
{
	return (kind->closed & BIT(state)) != 0;
}

/*
 * Returns the step that an event is in a state, or that opens where the state is 0; NULL if it is not legal. No table
 * has an event twice in one state.
 */
const CcStep *
cc_find_step(const CcProceeding *kind, int from, const char *event)
{
	int			i;

	for (i = 0; i < kind->count; i++)
	{
		if (kind->steps[i].from == from && strcmp(kind->steps[i].event, event) == 0)
			return &kind->steps[i];
	}
	return NULL;
}

/*
 * Returns the first step from one state to another one, NULL if there is none.
 */
const CcStep *
cc_find_move(const CcProceeding *kind, int from, int to)
{
	int			i;

	for (i = 0; i < kind->count; i++)
	{
		if (kind->steps[i].from == from && kind->steps[i].to == to && from != to)
			return &kind->steps[i];
	}
	return NULL;
}
