#!/usr/bin/python3
"""schema_check.py -- checks the shipped measures, their tests, the catalogue and the broken fixtures against rules/*.schema.json.

It sees shape only (rules/README.md sections 2 to 8): references, gaps, ranks and values are the business of check_policy.
Prints one line per file and a closing count; exits 1 when something failed. Needs python3-yaml and python3-jsonschema.
"""
import csv
import json
import re
import sys
from decimal import Decimal
from pathlib import Path

import jsonschema
import yaml

ROOT = Path(__file__).resolve().parent.parent
RULES = ROOT / "rules"
LANGUAGE = ROOT / "test" / "language"
FIXTURES = ROOT / "test" / "policy_fixtures"
MAX_BYTES = 256 * 1024
MAX_DEPTH = 32

# Every finding code of the checker; not_utf8 cannot stand in a UTF-8 file with a comment.
CODES = """syntax too_deep duplicate_key anchor_or_alias second_document unknown_key missing_key wrong_type bad_value bad_id duplicate_id
unknown_reference missing_citation unknown_source unknown_term term_not_allowed kind_not_in_inputs too_many_decimals band_gap band_overlap
choice_not_stated basis_rank assumption_without_example empty_interval cycle_missing full_width_punctuation
unit_missing weights_sum contradiction unreachable result_in_history date_outside_source term_known_later known_false_counts""".split()


class Refused(Exception):
    """A file that the strict reader of section "Writing a measure" does not take."""


def scalar(node):
    """Types a plain scalar as the policy reader does: no dates, no yes and no, no octal; quoted text stays text."""
    text = node.value
    if node.style is not None:
        return text
    if re.fullmatch(r"-?(0|[1-9][0-9]*)", text):
        return int(text)
    if re.fullmatch(r"-?(0|[1-9][0-9]*)\.[0-9]+", text):
        return Decimal(text)
    return {"true": True, "false": False, "null": None, "": None}.get(text, text)


def value(node, strict, depth=1):
    """Turns a node into plain values; strict refuses duplicate keys and depth, lenient does what editors do."""
    if strict and depth > MAX_DEPTH:
        raise Refused("depth above %d at line %d" % (MAX_DEPTH, node.start_mark.line + 1))
    if isinstance(node, yaml.ScalarNode):
        return scalar(node)
    if isinstance(node, yaml.SequenceNode):
        return [value(child, strict, depth + 1) for child in node.value]
    result = {}
    for key_node, child in node.value:
        key = key_node.value
        if strict and key in result:
            raise Refused("duplicate key %s at line %d" % (key, key_node.start_mark.line + 1))
        result[key] = value(child, strict, depth + 1)
    return result


def read_strict(path):
    """Reads a file under the rules of the policy reader."""
    raw = path.read_bytes()
    if len(raw) > MAX_BYTES:
        raise Refused("above %d bytes" % MAX_BYTES)
    if raw.startswith(b"\xef\xbb\xbf"):
        raise Refused("byte order mark")
    text = raw.decode("utf-8")
    documents = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        line = event.start_mark.line + 1
        documents += isinstance(event, yaml.DocumentStartEvent)
        if documents > 1:
            raise Refused("second document at line %d" % line)
        if getattr(event, "anchor", None) is not None:
            raise Refused("anchor or alias at line %d" % line)
        if getattr(event, "tag", None) is not None:
            raise Refused("tag at line %d" % line)
    return value(yaml.compose(text, Loader=yaml.SafeLoader), True)


def read_lenient(path):
    """Reads the first document as an editor would, so that only the schema speaks."""
    for node in yaml.compose_all(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader):
        return value(node, False)
    return None


def schema(name):
    document = json.loads((RULES / name).read_text(encoding="utf-8"), parse_float=Decimal)
    jsonschema.Draft202012Validator.check_schema(document)
    return jsonschema.Draft202012Validator(document)


def first_error(validator, instance):
    """Names the deepest error, which in nested alternatives is the one that says something."""
    errors = list(validator.iter_errors(instance))
    if not errors:
        return None
    error = max(errors, key=lambda e: len(e.absolute_path))
    while error.context:
        error = max(error.context, key=lambda e: len(e.absolute_path))
    where = "/".join(str(part) for part in error.absolute_path)
    return "%s: %s" % (where or "(top)", error.message[:160])


def check_policy_file(path, validator):
    policy = read_strict(path)
    problem = first_error(validator, policy)
    if problem is None and not path.with_suffix("").with_suffix(".test.yaml").exists():
        problem = "no tests beside it"
    return problem


def check_test_file(path, validator):
    tests = read_strict(path)
    problem = first_error(validator, tests)
    if problem:
        return problem
    measure = path.with_name(path.name.replace(".test.yaml", ".yaml"))
    if not measure.exists():
        return "no measure beside it"
    if tests["policy"] != read_strict(measure)["policy"]:
        return "names policy %s, the measure beside it is another" % tests["policy"]
    names = [test["name"] for test in tests["tests"]]
    twice = sorted({name for name in names if names.count(name) > 1})
    return "test named twice: %s" % twice[0] if twice else None


def check_fixture(path, validator, seen):
    lines = path.read_text(encoding="utf-8").splitlines()
    finding = re.fullmatch(r"# finding: (\S+)", lines[0])
    expected = re.fullmatch(r"# schema: (accepts|rejects)", lines[1])
    if not finding or not expected:
        return "the first two lines must be '# finding: CODE' and '# schema: accepts' or '# schema: rejects'"
    if finding.group(1) not in CODES + ["none"]:
        return "unknown finding code %s" % finding.group(1)
    seen.add(finding.group(1))
    try:
        problem = first_error(validator, read_lenient(path))
    except yaml.YAMLError as error:
        problem = "does not parse: %s" % str(error).splitlines()[0]
    actual = "rejects" if problem else "accepts"
    if actual != expected.group(1):
        return "schema %s it%s" % (actual, ": " + problem if problem else "")
    return None


def check_catalogue(path):
    """The catalogue: closed codes, every pattern recognises its own wordings and no other behaviour's."""
    fields = {"construction_waste", "outdoor_advertising", "exhibition_advertising", "sanitation_area", "sanitation_services",
              "greening", "gas", "heat", "municipal_works", "waste_sorting", "illegal_building", "government_integrity", "property_services",
              "real_estate_development", "environment", "labour_security"}
    kinds = {"penalty", "act", "award", "inspection", "score"}
    severities = {"", "minor", "light", "ordinary", "fairly_serious", "serious", "very_serious"}
    with path.open(encoding="utf-8", newline="") as handle:
        reader = csv.DictReader(handle, strict=True)
        if reader.fieldnames != "code,edition,kind,field,name,severity,article,source,pattern".split(","):
            return "header is %s" % reader.fieldnames
        rows = list(reader)
    patterns = {}
    for row in rows:
        code = row["code"]
        if None in row or None in row.values():
            return "%s: wrong number of columns" % code
        if not re.fullmatch(r"[A-Z]{2}-([0-9]{2}|[A-Z]+(-[A-Z]+)?)", code) or code in patterns:
            return "%s: bad or repeated code" % code
        if row["field"] not in fields or row["severity"] not in severities or row["kind"] not in kinds:
            return "%s: field, severity or kind outside the vocabulary" % code
        if not (row["edition"] and row["name"] and row["source"] and row["pattern"]):
            return "%s: empty edition, name, source or pattern" % code
        patterns[code] = re.compile(row["pattern"])
    with path.with_name("behaviour.test.csv").open(encoding="utf-8", newline="") as handle:
        wordings = list(csv.DictReader(handle, strict=True))
    for wording in wordings:
        hits = {code for code, pattern in patterns.items() if pattern.search(wording["text"])}
        if hits != set(wording["codes"].split()):
            return "%s: expected [%s], matched %s" % (wording["text"], wording["codes"], sorted(hits))
    untested = sorted(set(patterns) - {code for wording in wordings for code in wording["codes"].split()})
    return "no wording for %s" % ", ".join(untested) if untested else None


def main():
    policy_validator, test_validator = schema("policy.schema.json"), schema("test.schema.json")
    seen, jobs = set(), []
    for path in sorted([*RULES.glob("*/*.yaml"), *LANGUAGE.glob("*.yaml")]):
        if path.name.endswith(".test.yaml"):
            jobs.append((path, lambda p: check_test_file(p, test_validator)))
        else:
            jobs.append((path, lambda p: check_policy_file(p, policy_validator)))
    for path in sorted(RULES.glob("catalogue/behaviour.csv")):
        jobs.append((path, check_catalogue))
    for path in sorted(FIXTURES.glob("*.yaml")):
        jobs.append((path, lambda p: check_fixture(p, policy_validator, seen)))

    passed = failed = 0
    for path, check in jobs:
        try:
            problem = check(path)
        except (Refused, yaml.YAMLError, UnicodeDecodeError, csv.Error, re.error) as error:
            problem = " ".join(str(error).split())
        print("%s %s%s" % ("not ok" if problem else "ok", path.relative_to(ROOT), " - " + problem if problem else ""))
        passed, failed = passed + (not problem), failed + bool(problem)
    missing = [code for code in CODES if code not in seen]
    if missing:
        print("not ok %s - no fixture for %s" % (FIXTURES.relative_to(ROOT), ", ".join(missing)))
        failed += 1
    print("%d passed, %d failed" % (passed, failed))
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
