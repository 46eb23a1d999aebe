/*
 * folded.c -- a state as standings and aggregates keep it: the core's bytes as bytea
 */
#include "postgres.h"

#include "folded.h"

#include "cc_compat.h"

/* The state as bytea, in the current memory context. */
bytea *
cc_folded(const CcState *state)
{
	bytea	   *folded = palloc(VARHDRSZ + cc_state_size(state));

	SET_VARSIZE(folded, VARHDRSZ + cc_state_write(state, (unsigned char *) VARDATA(folded)));
	return folded;
}

/* Reads a detoasted state. False if it is of another form or policy: then it comes from the records. */
bool
cc_folded_read(CcEnv *env, const CcPolicy *policy, const bytea *folded, CcState *state)
{
	return cc_state_read(env, policy, (const unsigned char *) VARDATA_ANY(folded), VARSIZE_ANY_EXHDR(folded), state);
}
