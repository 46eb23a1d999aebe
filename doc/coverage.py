#!/usr/bin/python3
"""coverage.py -- prints doc/coverage.md: what published measures need a policy to say, and where it is shown, used and compared

    doc/coverage.py                    the table; make coverage writes it into doc/coverage.md
    doc/coverage.py constructs         for each item "item construct...", for test/t/coverage.sh

The words of an item and the constructs that stand for it are written here. Found in the tree are the small policies (test/language/NN-*.yaml), the shipped measures that
use an item (rules/*/*.yaml, by the keys and terms they contain) and the names of the constructs, which must be those of test/oracle.
Exits with 1 and says why when a cell would be empty or a name is unknown. Needs python3-yaml.
"""
import re
import sys
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parent.parent


def policies(pattern):
    """The policies among the files, with the stem that names them; every scalar is text."""
    for path in sorted(ROOT.glob(pattern)):
        if not path.name.endswith(".test.yaml"):
            yield path, yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)


def pairs(node):
    """Every key with its value, at any depth."""
    if isinstance(node, dict):
        for key, value in node.items():
            yield key, value
            yield from pairs(value)
    elif isinstance(node, list):
        for value in node:
            yield from pairs(value)


def keys(node):
    return {key for key, value in pairs(node)}


def has(*names):
    """A key with one of the names; a name that ends in a dot is the beginning of a term."""
    return lambda p: any(key == name or name.endswith(".") and key.startswith(name) for key in keys(p) for name in names)


def says(key, *values):
    """A key with one of the values, alone or in a list."""
    return lambda p: any(k == key and (set(v) if isinstance(v, list) else {v} if isinstance(v, str) else set()) & set(values) for k, v in pairs(p))


def points_by_rule(p):
    return any(isinstance(item.get("points"), dict) for item in p["items"])


def limits(p):
    return bool({"cap", "floor"} & (keys(p.get("components", [])) | keys(p["items"]) | keys(p["score"])))


def windows(p):
    """Kinds of window that differ in more than their length."""
    kinds = {"days", "months", "years", "calendar", "cycle", "term", "always"}
    return {kind for item in p["items"] if isinstance(item.get("window"), dict) for kind in kinds & set(item["window"])}


def units(p):
    """Units of the calendar, and the cycle, over which something is counted."""
    found = {v for k, v in pairs(p) if k in ("calendar", "per") and isinstance(v, str)}
    return found | ({"cycle"} if "cycle" in windows(p) else set())


def band_conditions(p):
    return [band["when"] for band in p["bands"]["of"]]


def ordered_bands(p):
    return any(isinstance(when.get("score"), dict) for when in band_conditions(p))


def by_conditions(p):
    return any(keys(when) - {"score", "at_least", "at_most", "above", "below", "group."} and not has("group.")(when) for when in band_conditions(p))


def two_dimensions(p):
    rules = band_conditions(p) + [rule["when"] for block in ("states", "ceilings", "floors", "lists") for rule in p.get(block, [])]
    return any("score" in keys(when) and has("count.", "sum.", "covered.", "run.")(when) for when in rules) or "score" in keys(p["bands"]) and bool(p.get("ceilings"))


def always(p):
    return True


# number: words, constructs of the oracle, what a measure that uses it contains
ITEMS = {
    1: ("deduct, add up, parts minus the bad, or no score", "base component_limits score_limits", always),
    2: ("a base that is not the most; caps and floors of item, part, total", "item_limits component_limits score_limits", limits),
    3: ("points by bracket, in a range, stacked, per unit", "cases awarded surcharges per_unit record_limits", points_by_rule),
    4: ("weights of what is there; means over units", "weight component_when weighted_mean per_units by_amount by_quantity empty", lambda p: bool({"weight", "per"} & keys(p.get("components", [])))),
    5: ("an outside score, with a default", "latest factor absent mean highest lowest earliest tie_refer", lambda p: "score" in p["inputs"]),
    6: ("years without a bad record", "run run_without run_while run_through at_most item_when", lambda p: says("without", "true")(p.get("runs", []))),
    7: ("which records count, and which never", "prefix repaired window_term after_first",
        has("procedure", "penalty_kind", "severity", "responsibility", "intent", "after_first")),
    8: ("a window for each kind of record", "window_unit window_cycle back", lambda p: len(windows(p)) > 1),
    9: ("late start and early end of effect", "delay ends_on", has("delay", "ends_on", "not_before")),
    10: ("several kinds in one decision count once", "once_per keep", has("once_per")),
    11: ("bands with open and closed ends, gaps and overlaps stated", "gap choose", ordered_bands),
    12: ("grades by conditions", "choose", by_conditions),
    13: ("score and something else together", "choose covered covered_last", two_dimensions),
    14: ("grades by rank, percentage, ties", "percent number from_worst best_lowest among not_ranked ties_include ties_exclude ties_refer band_unknown", has("ranks")),
    15: ("one fact fixes the grade, for a time", "veto veto_hold not_before bar_hold", has("vetoes")),
    16: ("not better, not worse, memory of earlier ratings", "ceiling floor overrides rating run", lambda p: has("ceilings", "floors")(p) or says("kind", "rating")(p)),
    17: ("states beside the scale", "state state_band", has("states")),
    18: ("evaluations combined", "result factor absent value_mean least score_of", lambda p: says("kind", "result")(p) or "results" in keys(p.get("reads", {}))),
    19: ("counters with steps, reset, orders and bars",
         "counter counter_points counter_per reset resets together fires smallest_first largest_first same_day_refer effect_order effect_bar due_step due_item", has("counters")),
    20: ("standing and rating; results with a unit", "at_rating value_cases rating", has("ratings", "values")),
    21: ("versions by date", "in_force", lambda p: has("version_by")(p) or "until" in p["in_force"]),
    22: ("month, quarter and year over the same records", "per_calendar window_unit run", lambda p: len(units(p)) > 1),
    23: ("lists, what follows them, benefits used up", "list listing linear greatest", lambda p: has("lists")(p) or says("kind", "listing")(p)),
    24: ("repair, and what bars it", "repaired revoked known corresponding_day effect_bar",
         lambda p: says("matter", "信用修复")(p) or has("repaired", "repaired_on", "corrected_on")(p)),
    25: ("how often and how much is inspected, who must report", "ratio over_zero round value_cases due_cycle effect_order effect_bar", has("values")),
    26: ("branches and linked persons", "whose link_days", lambda p: "linked" in p.get("reads", {})),
    27: ("clause and record of each line", "unknown revoked unverified prefix", always),
}

HEAD = """# What measures say, and where it is shown

Generated by `make coverage`; `test/t/coverage.sh` fails when it is out of date or a cell is empty.

Rows are the things that published measures need a policy to say. **Shown**: small policies that show nothing else, each with the sentence of a measure in its `documentation` and tests beside it.
**Used**: shipped measures with it (found by their keys and terms). **Compared**: constructs of the language that the independent evaluator of `test/oracle` counts one by one, so that a difference
from the engine would be seen; the tests beside the small policies come out otherwise without them. That a line of `explain()` names clause and record is tested in `test/sql/tap_explain.sql`.

| no. | what a measure says | shown | used | compared |
|---|---|---|---|---|"""


def main():
    oracle = "".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "test/oracle").glob("*.[ch]")))
    known = set(re.findall(r"X\(([a-z_]+)\)", oracle)) | {key for key in ("base", "in_force") if '"%s"' % key in oracle}
    small = {}
    for path, policy in policies("test/language/*.yaml"):
        number = int(path.name[:2])
        small.setdefault(number, []).append("[%s](../test/language/%s)" % (path.stem[3:], path.name))
    measures = [(path, policy) for path, policy in policies("rules/*/*.yaml")]
    problems = ["test/language/%02d-*: there is no item %d" % (number, number) for number in small if number not in ITEMS]

    if sys.argv[1:] == ["constructs"]:
        for number, (words, constructs, used) in ITEMS.items():
            print("%02d %s" % (number, constructs))
        return 0
    lines = [HEAD]
    for number, (words, constructs, used) in ITEMS.items():
        problems += ["item %d: test/oracle/*.[ch] have no construct %s" % (number, name) for name in constructs.split() if name not in known]
        users = [path for path, policy in measures if used(policy)]
        cells = [", ".join(small.get(number, [])),
                 "all" if len(users) == len(measures) else ", ".join("%s/%s" % (path.parent.name, path.stem) for path in users),
                 ", ".join(constructs.split())]
        problems += ["item %d: nothing under %s" % (number, column) for column, cell in zip(("shown", "used", "compared"), cells) if not cell]
        lines.append("| %d | %s | %s |" % (number, words, " | ".join(cells)))
    print("\n".join(lines))
    for problem in problems:
        print("coverage.py: " + problem, file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
