/*
 * policy_sql.h -- a policy's text to a compiled policy
 */
#ifndef CC_POLICY_SQL_H
#define CC_POLICY_SQL_H

#include "core/policy.h"
#include "env.h"

extern CcPolicy *cc_require_policy(CcPgEnv *env, text *yaml);

#endif							/* CC_POLICY_SQL_H */
