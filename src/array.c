/*
 * array.c -- arrays for queries and results, and those given as arguments
 */
#include "postgres.h"

#include "array.h"
#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

/* An array of n values without NULLs. */
Datum
cc_array(Datum *values, int n, Oid element)
{
	int16		length;
	bool		byval;
	char		align;

	get_typlenbyvalalign(element, &length, &byval, &align);
	return PointerGetDatum(construct_array(values, n, element, length, byval, align));
}

/* The names of those of the rules whose bits are set, as text[]. */
Datum
cc_rule_ids(const CcRule *rules, int n, uint32 bits)
{
	Datum		values[CC_MAX_RULES + 1];
	int			found = 0;
	int			i;

	for (i = 0; i < n; i++)
		if (bits >> i & 1)
			values[found++] = CStringGetTextDatum(rules[i].id);
	return PointerGetDatum(construct_array(values, found, TEXTOID, -1, false, TYPALIGN_INT));
}

/* The numbers of an integer[], where they lie, and how many they are; an error, with the message, if one is NULL. */
int
cc_numbers(ArrayType *array, const char *message, int32 **numbers)
{
	if (ARR_ELEMTYPE(array) != INT4OID)
		ereport(ERROR,
				(errcode(ERRCODE_DATATYPE_MISMATCH),
				 errmsg("numbers of policies and versions are given as %s[]", format_type_be(ARR_ELEMTYPE(array))),
				 errhint("Give an integer[].")));
	if (ARR_HASNULL(array))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("%s", message)));
	*numbers = (int32 *) ARR_DATA_PTR(array);
	return ArrayGetNItems(ARR_NDIM(array), ARR_DIMS(array));
}
