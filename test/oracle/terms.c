/*
 * terms.c -- the terms of a record and the orders of their values (README 2)
 */
#include "policy.h"

static const char *const penalty_kinds[] = {
	"warning", "notice_of_criticism", "fine", "confiscation_of_gains",
	"confiscation_of_goods", "suspension_of_licence", "downgrading",
	"revocation_of_licence", "restriction_of_business",
	"suspension_of_business", "closure", "restriction_of_practice",
	"detention", NULL
};
static const char *const severities[] = {
	"minor", "light", "ordinary", "fairly_serious", "serious", "very_serious",
	NULL
};
static const char *const responsibilities[] = {
	"none", "secondary", "equal", "main", "full", NULL
};
static const char *const intents[] = {
	"unintentional", "deliberate", "malicious", NULL
};
static const char *const grades[] = {"E", "D", "C", "B", "A", NULL};

const RecordTerm record_terms[RECORD_TERMS] = {
	{"kind", TYPE_TEXT, NULL},
	{"behaviour", TYPE_TEXT, NULL},
	{"field", TYPE_TEXT, NULL},
	{"authority", TYPE_TEXT, NULL},
	{"district", TYPE_TEXT, NULL},
	{"source", TYPE_TEXT, NULL},
	{"state", TYPE_TEXT, NULL},
	{"document", TYPE_TEXT, NULL},
	{"unit", TYPE_TEXT, NULL},
	{"whose", TYPE_TEXT, NULL},
	{"policy", TYPE_TEXT, NULL},
	{"cycle", TYPE_TEXT, NULL},
	{"list", TYPE_TEXT, NULL},
	{"band", TYPE_TEXT, NULL},
	{"grade", TYPE_ORDERED, grades},
	{"procedure", TYPE_TEXT, NULL},
	{"penalty_kind", TYPE_ORDERED, penalty_kinds},
	{"severity", TYPE_ORDERED, severities},
	{"responsibility", TYPE_ORDERED, responsibilities},
	{"intent", TYPE_ORDERED, intents},
	{"amount", TYPE_AMOUNT, NULL},
	{"fine", TYPE_AMOUNT, NULL},
	{"points", TYPE_DECIMAL, NULL},
	{"quantity", TYPE_DECIMAL, NULL},
	{"act_on", TYPE_DAY, NULL},
	{"act_ended_on", TYPE_DAY, NULL},
	{"decided_on", TYPE_DAY, NULL},
	{"served_on", TYPE_DAY, NULL},
	{"valid_from", TYPE_DAY, NULL},
	{"valid_until", TYPE_DAY, NULL},
	{"publicity_until", TYPE_DAY, NULL},
	{"corrected_on", TYPE_DAY, NULL},
	{"repaired_on", TYPE_DAY, NULL},
	{"recorded_on", TYPE_DAY, NULL},
	{"subject_kind", TYPE_TEXT, NULL}
};

int
record_term(const char *name)
{
	int			i;

	for (i = 0; i < RECORD_TERMS; i++)
		if (same(name, record_terms[i].name))
			return i;
	die("unknown term \"%s\"", name);
	return -1;
}
