/*
 * record_identity.c -- who writes a record, and the identifier it gets
 */
#include "postgres.h"

#include "common/cryptohash.h"
#include "common/sha2.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/uuid.h"

PG_FUNCTION_INFO_V1(actor);
PG_FUNCTION_INFO_V1(record_digest);

/* actor() -> text: the role in effect at the client, SET ROLE included and SECURITY DEFINER looked through. */
Datum
actor(PG_FUNCTION_ARGS)
{
	PG_RETURN_TEXT_P(cstring_to_text(GetUserNameFromId(GetOuterUserId(), false)));
}

static void
update(pg_cryptohash_ctx *context, const void *data, size_t len)
{
	if (pg_cryptohash_update(context, data, len) < 0)
		elog(ERROR, "could not compute SHA-256 hash");
}

/* Each part goes in with its length before it, so that no two lists of parts look alike. */
static void
update_part(pg_cryptohash_ctx *context, const char *data, uint32 len)
{
	unsigned char prefix[4];

	prefix[0] = (unsigned char) (len >> 24);
	prefix[1] = (unsigned char) (len >> 16);
	prefix[2] = (unsigned char) (len >> 8);
	prefix[3] = (unsigned char) len;
	update(context, prefix, sizeof(prefix));
	update(context, data, len);
}

/*
 * record_digest(kind, authority, document text, subject subject_code, part smallint) -> uuid: the first 16 bytes of
 * SHA-256 over a domain separator and the parts. Released: never to be changed. The database is UTF8, so that the bytes
 * are the same everywhere.
 */
Datum
record_digest(PG_FUNCTION_ARGS)
{
	static const char domain[] = "citycredit-record-v1";
	pg_cryptohash_ctx *context = pg_cryptohash_create(PG_SHA256);
	uint8		hash[PG_SHA256_DIGEST_LENGTH];
	pg_uuid_t  *result = palloc(sizeof(pg_uuid_t));
	int16		part = PG_GETARG_INT16(4);
	char		part_bytes[2];
	int			i;

	if (context == NULL || pg_cryptohash_init(context) < 0)
		elog(ERROR, "could not compute SHA-256 hash");
	update(context, domain, sizeof(domain));
	for (i = 0; i < 3; i++)
	{
		text	   *arg = PG_GETARG_TEXT_PP(i);

		update_part(context, VARDATA_ANY(arg), VARSIZE_ANY_EXHDR(arg));
	}
	update_part(context, (char *) PG_GETARG_UUID_P(3)->data, UUID_LEN);
	part_bytes[0] = (char) (part >> 8);
	part_bytes[1] = (char) part;
	update_part(context, part_bytes, 2);
	if (pg_cryptohash_final(context, hash, sizeof(hash)) < 0)
		elog(ERROR, "could not compute SHA-256 hash");
	pg_cryptohash_free(context);
	memcpy(result->data, hash, UUID_LEN);
	PG_RETURN_UUID_P(result);
}
