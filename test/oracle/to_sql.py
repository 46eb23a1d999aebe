#!/usr/bin/python3
"""to_sql.py -- histories of the oracle as rows of the registry

to_sql.py ORACLE DIR POLICY=COUNT... [--seed SEED]

For every policy writes COUNT random histories, runs the oracle on them and leaves in DIR, for COPY:
  subject.copy   number, policy, kind of subject, code (\\N for a natural person: the registry makes those)
  fact.copy      way, number, day of insertion, columns of a record; of a linked subject's record with its role and the days of the link
  expected.copy  way, number, day and what the oracle says of it: the outcome, effects with due days, values
  read-*.yaml    policies that others read and nobody gives here; they enrol nobody

Two ways. "records": all facts are in the table before anything is asked; recorded_on is what the history says. "view": facts come in
batches on the days of a grid, each subject's before its first question, and recorded_on is the day of insertion, so that what is stored on one
day is asked on later ones. The oracle gets the facts with the same recorded_on, so that both ways compare measures that read it too.

What the registry does not take is taken out of the history before the oracle sees it: a record always has a document, an authority, a source
and a recorded_on; intervals run forwards; amounts and quantities are not negative, and a fine is not more than fine and confiscation together.
Readings are no facts of the registry: it makes them itself, of ratings, lists and outcomes, and so they are left out here; a policy that reads
results of another one of those given, named before it, is left out as a whole. A record of a linked
subject is one of a subject of its own, linked on the days that the history says.
"""
import datetime
import os
import random
import subprocess
import sys
from decimal import Decimal

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..', 'demo'))
sys.dont_write_bytecode = True
import identifiers
import yaml
from histories import write_histories
from words import READINGS

Day = datetime.date
PREFIX = {'legal_person': '91', 'other_organisation': '59', 'individual_business': '92', 'government_body': '11'}
COLUMNS = ['kind', 'document', 'unit', 'behaviour', 'field', 'authority', 'district', 'source', 'state', 'procedure', 'penalty_kind', 'severity',
           'responsibility', 'intent', 'amount', 'fine', 'points', 'quantity', 'act_on', 'act_ended_on', 'decided_on', 'served_on', 'valid_from',
           'valid_until', 'publicity_until', 'corrected_on', 'repaired_on', 'recorded_on', 'revoked_on', 'verified', 'whose', 'linked_from', 'linked_until']
DAYS = [column for column in COLUMNS if column.endswith('_on') or column.endswith('_until') and column != 'linked_until' or column.endswith('_from') and column != 'linked_from']


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


def fit(fact, name, rng):
    """Brings a fact into a form that the table takes."""
    fact.setdefault('document', name)
    fact.setdefault('authority', 'office-%d' % rng.randint(8, 9))
    fact.setdefault('source', rng.choice(['bureau', 'court']))
    if 'recorded_on' not in fact:
        fact['recorded_on'] = min([fact[day] for day in DAYS if day in fact], default='2020-01-01')
    for first, last in (('valid_from', 'valid_until'), ('act_on', 'act_ended_on'), ('linked_from', 'linked_until')):
        if first in fact and last in fact and fact[first] > fact[last]:
            del fact[last]
    for number in ('amount', 'fine', 'quantity'):
        if number in fact and Decimal(fact[number]) < 0:
            del fact[number]
    if 'amount' in fact and int(fact.get('fine', 0)) > int(fact['amount']):
        del fact['fine']
    return fact


def cell(fact, column):
    value = fact.get(column)
    if column == 'verified':
        return 'f' if value == 'f' else 't'
    linked = fact.get('whose', 'own') != 'own'
    if column in ('whose', 'linked_from', 'linked_until') and not linked:
        return '\\N'
    if value is None and linked and column in ('linked_from', 'linked_until'):
        return '1900-01-01' if column == 'linked_from' else 'infinity'
    if value is None:
        return '\\N'
    if column in ('points', 'quantity'):
        scaled = Decimal(value) * 10000
        if scaled != scaled.to_integral_value():
            sys.exit('%s=%s is finer than the registry keeps' % (column, value))
        return str(int(scaled))
    return value


STUB = """policy: %s
title: 他项评价
version: "1"
issuer: 某市
example: true
in_force: {from: 1990-01-01}
sources: {m: {title: 某办法, number: 无, rank: assumption}}
inputs: [participation]
applies_to: {enrolled_by: {kind: participation, field: nobody-enrols}}
score: {base: 100}
items: []
bands: {cite: {source: m, article: 一}, of: [{id: A, name: 优, when: {score: {at_least: 0}}}, {id: B, name: 良, when: {score: {below: 0}}}]}
"""


def number_text(text):
    """A decimal without its closing zeros."""
    return format(Decimal(text).normalize() + 0, 'f')


def answer_cells(answer, of_ratings):
    """What the database can say too: day, outcome, effects, due days, values but those of ratings."""
    values = [part.split('=') for part in answer[12].split(' ') if part != '-']
    values = ['%s=%s' % (name, value if value == 'unknown' else number_text(value)) for name, value in values if name not in of_ratings]
    return answer[:9] + answer[10:12] + [' '.join(values) or '-']


def main(args):
    seed = args[args.index('--seed') + 1] if '--seed' in args else '1'
    oracle, directory = args[0], args[1]
    rng = random.Random('to_sql %s' % seed)
    out = {name: open(os.path.join(directory, name + '.copy'), 'w', encoding='utf-8') for name in ('subject', 'fact', 'expected')}
    number = 0
    given, others = set(), set()
    for spec in [arg for arg in args[2:] if '=' in arg]:
        path, count = spec.rsplit('=', 1)
        with open(path, encoding='utf-8') as file:
            whole = yaml.load(file, yaml.BaseLoader)
        policy = whole['policy']
        of_ratings = [value['id'] for value in whole.get('values', []) if value.get('at') == 'rating']
        if given & set(whole.get('reads', {}).get('results', [])):
            continue            # its readings would be made by the registry
        given.add(policy)
        others |= {name for block in ('results', 'ratings') for name in whole.get('reads', {}).get(block, []) if name != 'self'}
        history = os.path.join(directory, policy + '.history')
        write_histories(path, int(count), seed, history)
        subjects = read(history)
        last = max(day for _, _, days in subjects for day in days)
        first = min(day for _, _, days in subjects for day in days)
        grid = sorted(str(Day.fromisoformat(first) + datetime.timedelta(days=i * (Day.fromisoformat(last) - Day.fromisoformat(first)).days // 20))
                      for i in range(21))
        for i, (_, facts, _) in enumerate(subjects):
            facts[:] = [fact for fact in facts if fact['kind'] not in READINGS]
            for k, fact in enumerate(facts):
                fit(fact, '%d-%d' % (i, k), rng)
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
                out['expected'].write('\t'.join([way, str(base + int(subject))] + answer_cells(answer, of_ratings)) + '\n')
    for file in out.values():
        file.close()
    for name in others - given:
        with open(os.path.join(directory, 'read-%s.yaml' % name), 'w', encoding='utf-8') as file:
            file.write(STUB % name)


if __name__ == '__main__':
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    main(sys.argv[1:])
