#!/usr/bin/python3
"""to_sql.py -- histories of the oracle as rows of the registry

to_sql.py ORACLE DIR POLICY=COUNT... [--seed SEED]

For every policy writes COUNT random histories, runs the oracle on them and leaves in DIR, for COPY:
  subject.copy   number, policy, kind of subject, code (\\N for a natural person: the registry makes those)
  fact.copy      way, number, day of insertion, columns of a record
  expected.copy  way, number, day and what the oracle says of it

Two ways. "records": all facts are in the table before anything is asked; recorded_on is what the history says. "view": facts come in
batches on the days of a grid, each subject's before its first question, and recorded_on is the day of insertion, so that what is stored on one
day is asked on later ones. The oracle gets the facts with the same recorded_on, so that both ways compare measures that read it too.

What the registry does not take is taken out of the history before the oracle sees it: a record always has an authority, a source and a
recorded_on; intervals run forwards; amounts and quantities are not negative.
"""
import datetime
import os
import random
import subprocess
import sys
from decimal import Decimal

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..', 'demo'))
sys.dont_write_bytecode = True
import generate
import identifiers
import yaml

Day = datetime.date
PREFIX = {'legal_person': '91', 'other_organisation': '59', 'individual_business': '92', 'government_body': '11'}
COLUMNS = ['kind', 'behaviour', 'field', 'authority', 'district', 'source', 'state', 'procedure', 'penalty_kind', 'severity',
           'responsibility', 'intent', 'amount', 'points', 'quantity', 'act_on', 'act_ended_on', 'decided_on', 'served_on', 'valid_from',
           'valid_until', 'publicity_until', 'corrected_on', 'repaired_on', 'recorded_on', 'revoked_on', 'verified']
DAYS = [column for column in COLUMNS if column.endswith('_on') or column.endswith('_until') or column.endswith('_from')]


def read(path):
    """Subjects as (kind, [fact], [day])."""
    subjects = []
    with open(path, encoding='utf-8') as file:
        for line in file:
            mark, *rest = line.rstrip('\n').split('\t')
            if mark == 'S':
                subjects.append((rest[0], [], []))
            elif mark == 'F':
                subjects[-1][1].append(dict(part.split('=', 1) for part in rest))
            else:
                subjects[-1][2].append(rest[0])
    return subjects


def write(path, subjects):
    with open(path, 'w', encoding='utf-8') as out:
        for kind, facts, days in subjects:
            out.write('S\t%s\n' % kind)
            for fact in facts:
                out.write('F\t%s\n' % '\t'.join('%s=%s' % item for item in fact.items()))
            for day in days:
                out.write('Q\t%s\n' % day)


def fit(fact, rng):
    """Brings a fact into a form that the table takes."""
    fact.setdefault('authority', 'office-%d' % rng.randint(8, 9))
    fact.setdefault('source', rng.choice(['bureau', 'court']))
    if 'recorded_on' not in fact:
        fact['recorded_on'] = min([fact[day] for day in DAYS if day in fact], default='2020-01-01')
    for first, last in (('valid_from', 'valid_until'), ('act_on', 'act_ended_on')):
        if first in fact and last in fact and fact[first] > fact[last]:
            del fact[last]
    for number in ('amount', 'quantity'):
        if number in fact and Decimal(fact[number]) < 0:
            del fact[number]
    return fact


def cell(fact, column):
    value = fact.get(column)
    if column == 'verified':
        return 'f' if value == 'f' else 't'
    if value is None:
        return '\\N'
    if column in ('points', 'quantity'):
        scaled = Decimal(value) * 10000
        if scaled != scaled.to_integral_value():
            sys.exit('%s=%s is finer than the registry keeps' % (column, value))
        return str(int(scaled))
    return value


def main(args):
    seed = args[args.index('--seed') + 1] if '--seed' in args else '1'
    oracle, directory = args[0], args[1]
    rng = random.Random('to_sql %s' % seed)
    out = {name: open(os.path.join(directory, name + '.copy'), 'w', encoding='utf-8') for name in ('subject', 'fact', 'expected')}
    number = 0
    for spec in [arg for arg in args[2:] if '=' in arg]:
        path, count = spec.rsplit('=', 1)
        with open(path, encoding='utf-8') as file:
            policy = yaml.load(file, yaml.BaseLoader)['policy']
        history = os.path.join(directory, policy + '.history')
        generate.write_histories(path, int(count), seed, history)
        subjects = read(history)
        last = max(day for _, _, days in subjects for day in days)
        first = min(day for _, _, days in subjects for day in days)
        grid = sorted(str(Day.fromisoformat(first) + datetime.timedelta(days=i * (Day.fromisoformat(last) - Day.fromisoformat(first)).days // 20))
                      for i in range(21))
        for _, facts, _ in subjects:
            for fact in facts:
                fit(fact, rng)
        for way in ('records', 'view'):
            base = number
            if way == 'view':
                for _, facts, days in subjects:
                    choice = [day for day in grid if day <= min(days)][-rng.choice([1, 2, 5, 21]):]
                    for fact in facts:
                        fact['recorded_on'] = rng.choice(choice)
                    days.sort()
            write(history, subjects)
            for kind, facts, _ in subjects:
                number += 1
                code = '\\N' if kind == 'natural_person' else identifiers.uscc(PREFIX[kind], '01', number)
                out['subject'].write('%d\t%s\t%s\t%s\n' % (number, policy, kind, code))
                for i, fact in enumerate(facts):
                    cells = [cell(fact, column) for column in COLUMNS]
                    out['fact'].write('\t'.join([way, str(number), fact['recorded_on'], 'F%d-%d' % (number, i)] + cells) + '\n')
            done = subprocess.run([oracle, path, history], stdout=subprocess.PIPE, check=True)
            for line in done.stdout.decode('utf-8').splitlines():
                subject, *answer = line.split('\t')
                out['expected'].write('\t'.join([way, str(base + int(subject))] + answer[:9]) + '\n')
    for file in out.values():
        file.close()


if __name__ == '__main__':
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    main(sys.argv[1:])
