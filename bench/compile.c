/*
 * compile.c -- how long a policy's text takes to be read, checked and compiled, without a server
 *
 *   compile POLICY.yaml   milliseconds of it, and of reading the text alone
 */
#include "core/load.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define SECONDS		1.0

/* ---- the core's environment: an arena that is emptied after each text ---- */

static char *arena;
static size_t arena_used;
static size_t arena_room = (size_t) 64 << 20;

static void *
allocate(CcEnv *env, size_t size)
{
	char	   *p = arena + arena_used;

	(void) env;
	size = (size + 15) & ~(size_t) 15;
	if (arena_used + size > arena_room)
	{
		fputs("compile: out of memory\n", stderr);
		exit(3);
	}
	arena_used += size;
	return memset(p, 0, size);
}

static void
fail(CcEnv *env, CcFailure code, const char *message)
{
	(void) env;
	(void) code;
	fprintf(stderr, "compile: %s\n", message);
	exit(3);
}

static CcEnv env = {allocate, fail, NULL};

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double) t.tv_sec + (double) t.tv_nsec / 1e9;
}

static char *
read_file(const char *path, size_t *len)
{
	FILE	   *file = fopen(path, "rb");
	char	   *text = malloc(CC_MAX_POLICY_BYTES + 1);

	if (file == NULL)
	{
		perror(path);
		exit(2);
	}
	*len = fread(text, 1, CC_MAX_POLICY_BYTES + 1, file);
	fclose(file);
	return text;
}

static CcPolicy *
compile(const char *text, size_t len)
{
	CcFindings	findings;
	CcReader   *reader = cc_reader_open(&env);
	CcPolicy   *policy;

	cc_findings_init(&findings, &env);
	policy = cc_policy_load(reader, &env, text, len, &findings);
	cc_reader_close(reader);
	return policy;
}

static void
measure_compile(const char *text, size_t len)
{
	double		start = now();
	double		whole;
	int			n = 0;

	do
	{
		arena_used = 0;
		compile(text, len);
		n++;
	} while (now() - start < SECONDS);
	whole = (now() - start) / n;
	start = now();
	n = 0;
	do
	{
		CcFindings	findings;
		CcReader   *reader = cc_reader_open(&env);

		arena_used = 0;
		cc_findings_init(&findings, &env);
		cc_reader_read(reader, text, len, &findings);
		cc_reader_close(reader);
		n++;
	} while (now() - start < SECONDS);
	printf("%.3f %.3f\n", whole * 1000, (now() - start) / n * 1000);
}

int
main(int argc, char **argv)
{
	char	   *text;
	size_t		len;

	if (argc != 2)
	{
		fputs("usage: compile POLICY.yaml\n", stderr);
		return 2;
	}
	arena = malloc(arena_room);
	text = read_file(argv[1], &len);
	if (compile(text, len) == NULL)
	{
		fprintf(stderr, "compile: %s has findings\n", argv[1]);
		return 2;
	}
	measure_compile(text, len);
	return 0;
}
