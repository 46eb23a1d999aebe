#!/usr/bin/python3
"""tutorial.py -- runs the statements of doc/tutorial.md and puts their results into it, or compares them

    doc/tutorial.py          compares, prints TAP
    doc/tutorial.py write    writes the results
    doc/tutorial.py sql      prints the statements

For a throwaway server: psql as superuser. A block of sql that has something to show is followed by a block of text.
"""
import re
import subprocess
import sys

PAGE = "doc/tutorial.md"
BLOCK = re.compile(r"^```sql\n(.*?)^```\n(?:\n```text\n(.*?)^```\n)?", re.M | re.S)
MARK = "-- end of block"


def run(blocks):
    script = "".join(f"{sql}\\echo {MARK}\n" for sql, _ in blocks)
    psql = subprocess.run(["psql", "-Xq", "-v", "ON_ERROR_STOP=0", "-v", "SHOW_CONTEXT=never"], input=script, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    answers = [re.sub(r" +$", "", answer, flags=re.M).strip("\n") for answer in psql.stdout.split(MARK)]
    # line numbers of the script and the internals of functions say nothing to a reader
    return [re.sub(r"^(psql:<stdin>:\d+: )", "", answer, flags=re.M).strip("\n") for answer in answers[:len(blocks)]]


def main():
    page = open(PAGE, encoding="utf-8").read()
    blocks = BLOCK.findall(page)
    if sys.argv[1:] == ["sql"]:
        print("".join(sql for sql, _ in blocks), end="")
        return 0
    answers = run(blocks)
    if sys.argv[1:] == ["write"]:
        told = iter(answers)

        def filled(match):
            answer = next(told)
            return f"```sql\n{match.group(1)}```\n" + (f"\n```text\n{answer}\n```\n" if answer else "")
        open(PAGE, "w", encoding="utf-8").write(BLOCK.sub(filled, page))
        return 0
    print(f"1..{len(blocks) + 1}")
    bad = 0
    for number, ((sql, text), answer) in enumerate(zip(blocks, answers), 1):
        good = text.strip("\n") == answer
        bad += not good
        print(f"{'ok' if good else 'not ok'} {number} - {sql.strip().splitlines()[0][:100]}")
        if not good:
            print("\n".join("# " + line for line in ("said:\n" + text + "is:\n" + answer).splitlines()))
    errors = [answer for answer, (sql, _) in zip(answers, blocks) if "ERROR:" in answer and "-- refused" not in sql]
    print(f"{'not ok' if errors else 'ok'} {len(blocks) + 1} - only what is said to be refused is refused")
    return bad + len(errors) > 0


if __name__ == "__main__":
    sys.exit(main())
