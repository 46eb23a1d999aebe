/*
 * states.c -- which state of a proceeding may follow which
 *
 * Knows no deadlines and no persons: who may take a step, and by when, is the
 * registry's business.  A state without a step that leaves it is final.
 */
#include "states.h"

#define PROCEEDING(type, noun, transitions) \
	{type, noun, (int) (sizeof(transitions) / sizeof(transitions[0])), transitions}

/*
 * Commitment: told the conditions, signed, decided, verified within a term.  A
 * mismatch leads to an order to rectify first; only then is it a breach, and
 * only after a breach is the decision revoked.  Commitments that replace no
 * proof (self-discipline, repair, voluntary) have no decision.  The subject may
 * withdraw until the decision.  A fulfilment got by fraud turns into a breach.
 */
static const CcTransition commitment_transitions[] =
{
	{CC_COMMITMENT_INFORMED, "sign", CC_COMMITMENT_SIGNED},
	{CC_COMMITMENT_INFORMED, "withdraw", CC_COMMITMENT_WITHDRAWN},
	{CC_COMMITMENT_SIGNED, "decide", CC_COMMITMENT_DECIDED},
	{CC_COMMITMENT_SIGNED, "verify without a decision", CC_COMMITMENT_VERIFYING},
	{CC_COMMITMENT_SIGNED, "withdraw", CC_COMMITMENT_WITHDRAWN},
	{CC_COMMITMENT_DECIDED, "verify", CC_COMMITMENT_VERIFYING},
	{CC_COMMITMENT_VERIFYING, "match", CC_COMMITMENT_FULFILLED},
	{CC_COMMITMENT_VERIFYING, "mismatch", CC_COMMITMENT_RECTIFYING},
	{CC_COMMITMENT_RECTIFYING, "rectified in time", CC_COMMITMENT_FULFILLED},
	{CC_COMMITMENT_RECTIFYING, "not rectified in time", CC_COMMITMENT_BREACHED},
	{CC_COMMITMENT_FULFILLED, "fraud found", CC_COMMITMENT_BREACHED},
	{CC_COMMITMENT_BREACHED, "revoke the decision", CC_COMMITMENT_REVOKED},
};

/*
 * Repair: applied for, accepted or not, publicised where the policy wants it,
 * decided.  Fraud found afterwards revokes it.  What was not accepted, rejected,
 * withdrawn or revoked is over; another try is another application.
 */
static const CcTransition repair_transitions[] =
{
	{CC_REPAIR_APPLIED, "ask for a supplement", CC_REPAIR_SUPPLEMENT},
	{CC_REPAIR_APPLIED, "accept", CC_REPAIR_ACCEPTED},
	{CC_REPAIR_APPLIED, "refuse", CC_REPAIR_REFUSED},
	{CC_REPAIR_APPLIED, "withdraw", CC_REPAIR_WITHDRAWN},
	{CC_REPAIR_SUPPLEMENT, "supplemented, accept", CC_REPAIR_ACCEPTED},
	{CC_REPAIR_SUPPLEMENT, "not supplemented, refuse", CC_REPAIR_REFUSED},
	{CC_REPAIR_SUPPLEMENT, "withdraw", CC_REPAIR_WITHDRAWN},
	{CC_REPAIR_ACCEPTED, "publicise", CC_REPAIR_PUBLICISED},
	{CC_REPAIR_ACCEPTED, "decide without publicity", CC_REPAIR_REPAIRED},
	{CC_REPAIR_ACCEPTED, "reject", CC_REPAIR_REJECTED},
	{CC_REPAIR_ACCEPTED, "withdraw", CC_REPAIR_WITHDRAWN},
	{CC_REPAIR_PUBLICISED, "decide", CC_REPAIR_REPAIRED},
	{CC_REPAIR_PUBLICISED, "objection upheld, reject", CC_REPAIR_REJECTED},
	{CC_REPAIR_PUBLICISED, "withdraw", CC_REPAIR_WITHDRAWN},
	{CC_REPAIR_REPAIRED, "fraud found, revoke", CC_REPAIR_REVOKED},
};

const CcProceeding cc_commitment_proceeding =
PROCEEDING(&cc_commitment_state, "commitment state", commitment_transitions);
const CcProceeding cc_repair_proceeding =
PROCEEDING(&cc_repair_status, "repair status", repair_transitions);

/*
 * Returns the step from one state to another, NULL if it is not legal.
 */
const CcTransition *
cc_find_transition(const CcProceeding *proceeding, int from, int to)
{
	int			i;

	for (i = 0; i < proceeding->count; i++)
	{
		const CcTransition *transition = &proceeding->transitions[i];

		if (transition->from == from && transition->to == to)
			return transition;
	}
	return NULL;
}
