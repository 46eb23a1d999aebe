/*
 * identity.c -- keyed hash under which a person's document is stored
 *
 * HMAC-SHA256 (RFC 2104) by PostgreSQL's own common/hmac.h, so that no second
 * extension is needed.  Which key, and what is hashed, is said in SQL.
 */
#include "postgres.h"

#include "common/hmac.h"
#include "common/sha2.h"
#include "fmgr.h"

#include "cc_compat.h"

PG_FUNCTION_INFO_V1(_hmac_sha256);

/*
 * _hmac_sha256(key bytea, data bytea) returns bytea -- the 32 bytes.
 */
Datum
_hmac_sha256(PG_FUNCTION_ARGS)
{
	bytea	   *key = PG_GETARG_BYTEA_PP(0);
	bytea	   *data = PG_GETARG_BYTEA_PP(1);
	bytea	   *result = (bytea *) palloc(VARHDRSZ + PG_SHA256_DIGEST_LENGTH);
	pg_hmac_ctx *context = pg_hmac_create(PG_SHA256);

	if (context == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_OUT_OF_MEMORY),
				 errmsg("out of memory")));

	SET_VARSIZE(result, VARHDRSZ + PG_SHA256_DIGEST_LENGTH);
	if (pg_hmac_init(context, (uint8 *) VARDATA_ANY(key), VARSIZE_ANY_EXHDR(key)) < 0 ||
		pg_hmac_update(context, (uint8 *) VARDATA_ANY(data), VARSIZE_ANY_EXHDR(data)) < 0 ||
		pg_hmac_final(context, (uint8 *) VARDATA(result), PG_SHA256_DIGEST_LENGTH) < 0)
	{
		char	   *reason = pstrdup(pg_hmac_error(context));

		pg_hmac_free(context);
		ereport(ERROR,
				(errcode(ERRCODE_INTERNAL_ERROR),
				 errmsg("could not compute the keyed hash: %s", reason)));
	}
	pg_hmac_free(context);
	PG_RETURN_BYTEA_P(result);
}
