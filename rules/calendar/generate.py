#!/usr/bin/env python3
"""generate.py -- writes days.csv from the holiday data of chinese-days

    generate.py PACKAGE_DIRECTORY > days.csv

PACKAGE_DIRECTORY is the unpacked npm package (npm pack chinese-days). Of its data a day is off or made up for, under the name of a holiday. Which
paper said so is not in it: it is the one of the day's year, or of the next for days of December around New Year, or what changes.csv says where a
paper of the same year changed the arrangement. papers.csv says when each paper was known. Fails where the sources contradict each other.
"""
import csv
import datetime
import json
import os
import sys

here = os.path.dirname(os.path.abspath(__file__))


def table(name):
    with open(os.path.join(here, name), encoding="utf-8", newline="") as f:
        return list(csv.DictReader(f))


def flag(value):
    return "true" if value else "false"


def main(package):
    with open(os.path.join(package, "dist", "chinese-days.json"), encoding="utf-8") as f:
        data = json.load(f)
    papers = {p["paper"]: p for p in table("papers.csv")}
    changes = table("changes.csv")
    changed = {}
    for c in sorted(changes, key=lambda c: (c["day"], papers[c["paper"]]["known_from"])):
        changed[c["day"]] = c["working"]

    days = {}
    for working, key in ((False, "holidays"), (True, "workdays")):
        for day, words in data[key].items():
            if day in days:
                sys.exit(f"{day} is both off and worked")
            days[day] = (flag(working), words.split(",")[1])
    for day, working in changed.items():
        weekend = datetime.date.fromisoformat(day).weekday() >= 5
        if days.get(day, (flag(not weekend),))[0] != working:
            sys.exit(f"changes.csv and chinese-days disagree on {day}")

    rows = [(c["day"], c["working"], c["name"], c["paper"]) for c in changes]
    for day, (working, name) in days.items():
        if day in changed:
            continue
        paper = str(int(day[:4]) + (day[5:7] == "12" and name == "元旦"))
        if paper not in papers:
            sys.exit(f"papers.csv has no paper {paper} for {day}")
        rows.append((day, working, name, paper))
    years = {day[:4] for day in days}
    missing = {p["year"] for p in papers.values()} ^ years
    if missing:
        sys.exit(f"years in one source only: {sorted(missing)}")

    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(("day", "working", "name", "paper"))
    out.writerows(sorted(rows, key=lambda r: (r[0], papers[r[3]]["known_from"])))


if len(sys.argv) != 2:
    sys.exit(__doc__)
main(sys.argv[1])
