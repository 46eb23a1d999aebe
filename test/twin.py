#!/usr/bin/python3
"""twin.py -- puts the tests beside policies to the independent evaluator of test/oracle

    twin.py ORACLE POLICY.yaml...                a line per policy, "POLICY: N expectations, M differ", after the differences
    twin.py --constructs ORACLE POLICY.yaml...   a line per policy: its path and the constructs without which an answer of the oracle changes

The engine's own runner (citycredit-policy test) reads the same files: what holds for both was not bent to fit one of them.
Needs python3-yaml.
"""
import re
import subprocess
import sys
import tempfile
from decimal import Decimal

import yaml

DAYS = "act_on act_ended_on decided_on served_on valid_from valid_until publicity_until corrected_on repaired_on recorded_on".split()
COLUMNS = "number on state score band grade undecided vetoes lists next_change_on items effects due values counters ranks".split()


def read(path):
    with open(path, encoding="utf-8") as handle:
        return yaml.load(handle, Loader=yaml.BaseLoader)


def fact_line(fact):
    """A fact as a line of a history: amounts in fen, recorded on its first known day."""
    fact = dict(fact)
    if "amount" in fact:
        number, wan = re.fullmatch(r"([0-9.]+)(万?)元", fact["amount"]).groups()
        fact["amount"] = str(int(Decimal(number) * (1000000 if wan else 100)))
    if fact.get("verified") == "false":
        fact["verified"] = "f"
    known = [fact[day] for day in DAYS if day in fact]
    if "recorded_on" not in fact and known:
        fact["recorded_on"] = known[0]
    return "\t".join(["F"] + ["%s=%s" % pair for pair in fact.items()])


def history(test):
    """The lines of a test, and what is expected of each answer."""
    if "rating" not in test:
        lines = ["S\t" + test.get("subject_kind", "legal_person")] + [fact_line(fact) for fact in test["facts"]]
        return lines + ["Q\t" + wanted["on"] for wanted in test["expect"]], [(wanted["on"], wanted) for wanted in test["expect"]]
    lines = []
    for subject in test["subjects"].values():
        lines += ["S\t" + subject.get("subject_kind", "legal_person")] + [fact_line(fact) for fact in subject["facts"]]
    return lines + ["R\t" + test["last_day"]], [(name, test["expect"].get(name, {})) for name in test["subjects"]]


def split(column, separator):
    return {} if column == "-" else dict(part.split("=", 1) for part in column.split(separator))


def answer(line, policy):
    """The columns of an answer under the keys of an expectation."""
    given = dict(zip(COLUMNS, line.split("\t")))
    counts = {name: sum_and_count.split("/") for name, sum_and_count in split(given["items"], " ").items()}
    groups = [group["id"] for rank in policy.get("ranks", []) for group in rank["groups"]]
    ranks = split(given["ranks"], " ")
    given["fired"] = [name for name, parts in counts.items() if len(parts) == 2 and parts[1] != "0"]
    given["undecided"] = {"t": "true", "f": "false"}[given["undecided"]]
    given["rank"] = ranks
    given["groups"] = [name for name in groups if ranks.get(name) == "t"]
    for key in ("vetoes", "lists", "effects"):
        given[key] = [] if given[key] == "-" else given[key].split(",")
    given["values"], given["due"] = split(given["values"], " "), split(given["due"], ",")
    return given


def same(wanted, given):
    """Equal as text, as decimals, or both nothing; of a mapping only what is wanted is looked at."""
    if isinstance(wanted, dict):
        return all(same(value, given.get(name, "-")) for name, value in wanted.items())
    if isinstance(wanted, list) or isinstance(given, list):
        return wanted == given
    given = "null" if given in ("-", "unknown") else given
    number = r"-?[0-9]+(\.[0-9]+)?"
    if re.fullmatch(number, wanted) and re.fullmatch(number, given):
        return Decimal(wanted) == Decimal(given)
    return wanted == given


def ask(oracle, path, coverage):
    """Runs the tests beside a policy; returns the number of expectations, the differences and the constructs that matter."""
    policy, tests = read(path), read(path[:-len(".yaml")] + ".test.yaml")
    expectations, differences, constructs = 0, [], set()
    for test in tests["tests"]:
        lines, wanted = history(test)
        with tempfile.NamedTemporaryFile("w", encoding="utf-8", suffix=".history") as handle:
            handle.write("\n".join(lines) + "\n")
            handle.flush()
            run = subprocess.run([oracle] + (["--coverage"] if coverage else []) + [path, handle.name], capture_output=True, text=True)
        answers = run.stdout.splitlines()
        if run.returncode != 0 or len(answers) != len(wanted):
            differences.append("%s: %s" % (test["name"], run.stderr.strip() or "%d answers" % len(answers)))
            continue
        constructs |= {line.split("\t")[0] for line in run.stderr.splitlines() if not line.endswith("\t0")}
        for (where, expected), line in zip(wanted, answers):
            expectations += 1
            given = answer(line, policy)
            differences += ["%s, %s: %s: expected %s, the oracle says %s" % (test["name"], where, key, value, given.get(key))
                            for key, value in expected.items() if key != "on" and not same(value, given.get(key, "-"))]
    return expectations, differences, constructs


def main():
    coverage = sys.argv[1:2] == ["--constructs"]
    oracle, *paths = sys.argv[2 if coverage else 1:]
    different = 0
    for path in paths:
        expectations, differences, constructs = ask(oracle, path, coverage)
        if coverage:
            print(" ".join([path] + sorted(constructs)))
            continue
        for difference in differences:
            print("  " + difference)
        print("%s: %d expectations, %d differ" % (path, expectations, len(differences)))
        different += bool(differences) or not expectations
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main())
