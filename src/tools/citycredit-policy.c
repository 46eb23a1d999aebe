/*
 * citycredit-policy -- check, test and try a policy file without a server
 *
 * citycredit-policy check POLICY.yaml...            all findings; exit 1 if there are any
 * citycredit-policy test POLICY.yaml TESTS.yaml     the tests beside it; exit 1 if one fails
 * citycredit-policy eval POLICY.yaml HISTORY        outcomes of subjects in a text file (test/oracle/README.md)
 *
 * The same objects as in the backend.
 */
#include "../core/load.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *
allocate(CcEnv *env, size_t size)
{
	void	   *memory = calloc(1, size ? size : 1);

	(void) env;
	if (memory == NULL)
	{
		fputs("out of memory\n", stderr);
		exit(3);
	}
	return memory;
}

static void
fail(CcEnv *env, CcFailure code, const char *message)
{
	(void) env;
	(void) code;
	fprintf(stderr, "citycredit-policy: %s\n", message);
	exit(3);
}

static CcEnv env = {allocate, fail};

static char *
read_file(const char *path, size_t *len)
{
	FILE	   *file = fopen(path, "rb");
	char	   *text;
	long		size;

	if (file == NULL || fseek(file, 0, SEEK_END) != 0 || (size = ftell(file)) < 0 || fseek(file, 0, SEEK_SET) != 0)
	{
		perror(path);
		exit(2);
	}
	text = allocate(&env, (size_t) size + 1);
	*len = fread(text, 1, (size_t) size, file);
	fclose(file);
	return text;
}

static void
print_findings(const char *path, const CcFindings *findings)
{
	const CcFinding *finding;

	for (finding = findings->first; finding != NULL; finding = finding->next)
		printf("%s:%d:%d: %s: %s%s%s\n    %s\n", path, finding->line, finding->column, finding->code, finding->path,
			   finding->path[0] ? ": " : "", finding->message, finding->hint ? finding->hint : "");
}

static CcPolicy *
load(const char *path, CcFindings *findings)
{
	CcReader   *reader = cc_reader_open(&env);
	size_t		len;
	char	   *text = read_file(path, &len);
	CcPolicy   *policy;

	cc_findings_init(findings, &env);
	policy = cc_policy_load(reader, &env, text, len, findings);
	cc_reader_close(reader);
	print_findings(path, findings);
	return policy;
}

static int
check(int n, char **paths)
{
	CcFindings	findings;
	int			bad = 0;
	int			i;

	for (i = 0; i < n; i++)
	{
		if (load(paths[i], &findings) == NULL)
			bad++;
		else
			printf("%s: no findings\n", paths[i]);
	}
	return bad > 0;
}

static int
run_tests(const char *policy_path, const char *tests_path)
{
	CcFindings	findings;
	CcReader   *reader;
	const CcPolicy *policy = load(policy_path, &findings);
	const CcNode *root;
	CcTestResult *result;
	size_t		len;
	char	   *text;
	int			passed = 0,
				failed = 0;

	if (policy == NULL)
		return 1;
	text = read_file(tests_path, &len);
	reader = cc_reader_open(&env);
	cc_findings_init(&findings, &env);
	root = cc_reader_read(reader, text, len, &findings);
	cc_reader_close(reader);
	result = root ? cc_policy_test(&env, policy, root, &findings) : NULL;
	print_findings(tests_path, &findings);
	for (; result != NULL; result = result->next)
	{
		*(result->ok ? &passed : &failed) += 1;
		if (!result->ok)
			printf("not ok: %s\n    expected: %s\n    actual:   %s\n    fired:    %s\n", result->name, result->expected, result->actual,
				   result->fired);
	}
	failed += findings.n;
	printf("%s: %d passed, %d failed\n", tests_path, passed, failed);
	return failed > 0 || passed == 0;
}

static void
print_rules(const CcRule *rules, int n, uint32_t bits)
{
	bool		any = false;
	int			i;

	for (i = 0; i < n; i++)
	{
		if (!(bits >> i & 1))
			continue;
		printf("%s%s", any ? "," : "", rules[i].id);
		any = true;
	}
	fputs(any ? "\t" : "-\t", stdout);
}

static void
print_outcome(int number, const CcPolicy *policy, const CcState *state, int subject_kind, CcDay day, const CcOutcome *outcome)
{
	static const char grades[] = "-EDCBA";
	CcTally		tally;
	char		text[32];
	int			i;

	cc_day_format(day, text);
	printf("%d\t%s\t%s\t", number, text, cc_state_name(policy, outcome->state));
	cc_decimal_format(outcome->score, policy->decimals, text);
	printf("%s\t%s\t%c\t%c\t", outcome->has_score ? text : "-", outcome->band >= 0 ? policy->bands[outcome->band].id : "-",
		   grades[outcome->grade], outcome->undecided ? 't' : 'f');
	print_rules(policy->vetoes, policy->n_vetoes, outcome->vetoes);
	print_rules(policy->lists, policy->n_lists, outcome->lists);
	cc_day_format(outcome->next_change_on, text);
	printf("%s\t", text);
	if (outcome->state == CC_NOT_ENROLLED)
	{
		puts("-");
		return;
	}
	cc_tally_init(&env, policy, &tally);
	tally.subject_kind = subject_kind;
	cc_tally(&env, policy, state, day, &tally);
	for (i = 1; i < policy->n_items; i++)
	{
		cc_decimal_format(tally.sum[i], CC_DECIMALS, text);
		printf("%s%s=%s/%d", i > 1 ? " " : "", policy->items[i].id, text, tally.count[i]);
	}
	for (i = 0; i < policy->n_components; i++)
	{
		cc_decimal_format(tally.component[i], CC_DECIMALS, text);
		printf(" %s=%s", policy->components[i].id, text);
	}
	putchar('\n');
}

typedef struct Subject
{
	int			number;
	char	   *kind;
	CcFact	   *facts;
	int			n_facts;
	CcDay	   *days;
	int			n_days;
} Subject;

/* Evaluates every query of a subject: from a state of the earliest day, brought forward, and so tests that too. */
static void
answer(const CcPolicy *policy, const Subject *subject)
{
	int			kind = subject->kind ? cc_word_rank(CC_TERM_SUBJECT_KIND, subject->kind, (int) strlen(subject->kind)) : -1;
	int			i,
				k;

	for (i = 0; i < subject->n_days; i++)
	{
		CcState		state,
					copy;
		CcOutcome	outcome;
		unsigned char *buf;
		CcDay		begin = subject->days[i];

		/* A state made on an earlier query's day must tell this one too. */
		for (k = 0; k < i; k++)
			if (subject->days[k] < begin && begin - subject->days[k] < 400)
				begin = subject->days[k];
		cc_state_init(&state, begin);
		for (k = 0; k < subject->n_facts; k++)
		{
			if (k == subject->n_facts / 2)
			{
				cc_settle(&env, policy, &state, begin, true);
				buf = allocate(&env, cc_state_size(&state));
				if (!cc_state_read(&env, policy, buf, cc_state_write(&state, buf), &copy))
					env.fail(&env, CC_FAIL_CORRUPT, "a state cannot be read back");
				state = copy;
			}
			cc_fold(&env, policy, &state, &subject->facts[k]);
		}
		if (!cc_good_on(&state, subject->days[i]))
		{
			cc_state_init(&state, subject->days[i]);
			for (k = 0; k < subject->n_facts; k++)
				cc_fold(&env, policy, &state, &subject->facts[k]);
		}
		cc_finish(&env, policy, &state, kind, subject->days[i], NULL, &outcome);
		print_outcome(subject->number, policy, &state, kind, subject->days[i], &outcome);
	}
}

static void
parse_fact(CcFact *fact, const char *kind, char *line)
{
	char	   *field;

	cc_fact_init(fact);
	fact->text[CC_TERM_SUBJECT_KIND].str = kind;
	fact->text[CC_TERM_SUBJECT_KIND].len = (int) strlen(kind);
	for (field = strtok(line, "\t"); field != NULL; field = strtok(NULL, "\t"))
	{
		char	   *value = strchr(field, '=');

		if (value == NULL)
			continue;
		*value++ = '\0';
		if (!cc_fact_set(fact, field, value, (int) strlen(value)))
		{
			fprintf(stderr, "cannot read fact: %s=%s\n", field, value);
			exit(2);
		}
	}
}

static int
evaluate(const char *policy_path, const char *history_path)
{
	CcFindings	findings;
	const CcPolicy *policy = load(policy_path, &findings);
	Subject		subject = {0, NULL, NULL, 0, NULL, 0};
	size_t		len;
	char	   *line,
			   *next;

	if (policy == NULL)
		return 1;
	subject.facts = allocate(&env, sizeof(CcFact) * 200000);
	subject.days = allocate(&env, sizeof(CcDay) * 10000);
	for (line = read_file(history_path, &len); line != NULL && *line != '\0'; line = next)
	{
		if ((next = strchr(line, '\n')) != NULL)
			*next++ = '\0';
		if (line[0] == 'S')
		{
			answer(policy, &subject);
			subject.number++;
			subject.kind = line + 2;
			subject.n_facts = subject.n_days = 0;
		}
		else if (line[0] == 'F' && subject.n_facts < 200000)
			parse_fact(&subject.facts[subject.n_facts++], subject.kind, line + 2);
		else if (line[0] == 'Q' && subject.n_days < 10000 && !cc_day_parse(line + 2, 10, &subject.days[subject.n_days++]))
			fprintf(stderr, "cannot read day: %s\n", line);
	}
	answer(policy, &subject);
	return 0;
}

int
main(int argc, char **argv)
{
	if (argc >= 3 && strcmp(argv[1], "check") == 0)
		return check(argc - 2, argv + 2);
	if (argc == 4 && strcmp(argv[1], "test") == 0)
		return run_tests(argv[2], argv[3]);
	if (argc == 4 && strcmp(argv[1], "eval") == 0)
		return evaluate(argv[2], argv[3]);
	fputs("usage: citycredit-policy check POLICY...\n"
		  "       citycredit-policy test POLICY TESTS\n"
		  "       citycredit-policy eval POLICY HISTORY\n", stderr);
	return 2;
}
