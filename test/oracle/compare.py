#!/usr/bin/python3
"""compare.py -- one policy: random histories through engine and oracle

compare.py POLICY COUNT SEED DIR ORACLE ENGINE

Writes COUNT histories of the policy and a tenth as many cohorts with the day of their rating into DIR, runs "ENGINE eval" and ORACLE on
them and compares.  Then it asks the engine again what must not change anything, or only as stated:

  order      the facts come in another order
  noise      facts are added that cannot count: revoked, unverified, of an unknown kind, of a link that is not read
  next       on the day before next_change_on the outcome is still the same, on the day itself it is another one
  split      the facts are folded in two parts that are then combined ("ENGINE eval --split"), if the engine offers it
  monotone   where "ENGINE check --properties" proves it: one more penalty never leads to a better band

Prints the first differences and leaves in DIR: NAME.result with "histories lines differences proved" and NAME.coverage with the constructs of the
policy and how many answers each of them changed ("ORACLE --coverage").
"""
import datetime
import itertools
import os
import random
import shlex
import subprocess
import sys

import histories
from words import ONE_DAY, READINGS

SHOWN = 2                       # differences printed per policy and pass
TIMEOUT = 300                   # seconds for one run
COVERED = 12, 2, 8              # histories, cohorts, cohorts of a policy with ranks for the coverage
COLUMNS = ('number day state score band grade undecided vetoes lists next_change_on items effects due values counters '
           'ranks').split()
# what next_change_on is about: README 5
OUTCOME = [COLUMNS.index(name) for name in 'state score band grade undecided vetoes lists effects due values'.split()]
DAY, BAND, NEXT = (COLUMNS.index(name) for name in ('day', 'band', 'next_change_on'))


def run(command):
    """The lines a program prints, and what it complains of."""
    try:
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              timeout=TIMEOUT, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        return [], str(error)
    complaint = done.stderr.decode('utf-8', 'replace').strip()
    if done.returncode != 0:
        complaint = 'exit status %d\n%s' % (done.returncode, complaint)
    return done.stdout.decode('utf-8', 'replace').splitlines(), complaint


def subjects(history):
    """The lines of every subject, by its number less one."""
    result = []
    with open(history, encoding='utf-8') as file:
        for line in file:
            if line.startswith('S'):
                result.append([])
            result[-1].append(line.rstrip('\n'))
    return result


def write(path, lines):
    with open(path, 'w', encoding='utf-8') as out:
        out.write('\n'.join(lines) + '\n')


class Comparison:
    def __init__(self, policy, count, seed, directory, oracle, engine):
        self.policy, self.count, self.seed = policy, count, seed
        self.name = os.path.join(directory, os.path.splitext(os.path.basename(policy))[0])
        self.oracle, self.engine = oracle, shlex.split(engine)
        self.lines = self.found = self.proved = 0
        self.rng = random.Random('compare %s %s' % (seed, os.path.basename(policy)))

    def eval(self, history, *options):
        """What the engine says; a complaint is a difference."""
        lines, complaint = run(self.engine + ['eval', *options, self.policy, history])
        if complaint:
            print('--- engine on %s %s: %s' % (self.policy, history, complaint))
            self.found += 1
        return lines

    def differences(self, history, left, left_lines, right, right_lines):
        """Counts the lines that differ and shows the first."""
        found = 0
        facts = None
        for one, other in itertools.zip_longest(left_lines, right_lines, fillvalue='(no line)'):
            if one == other:
                continue
            found += 1
            if found > SHOWN:
                continue
            facts = facts or subjects(history)
            number = (one if one != '(no line)' else other).split('\t')[0]
            print('--- %s, subject %s of %s' % (self.policy, number, history))
            if number.isdigit() and 0 < int(number) <= len(facts):
                print('\n'.join(line for line in facts[int(number) - 1] if not line.startswith('Q')))
            width = max(len(left), len(right))
            print('%-*s %s\n%-*s %s' % (width, left, one, width, right, other))
        self.found += found

    def compare(self, history):
        expected, complaint = run([self.oracle, self.policy, history])
        if complaint:
            sys.exit('oracle on %s %s: %s' % (self.policy, history, complaint))
        actual = self.eval(history)
        self.differences(history, 'oracle:', expected, 'engine:', actual)
        self.lines += len(expected)
        return actual

    def order(self, history, actual):
        shuffled = history + '.shuffled'
        histories.shuffle(history, self.seed, shuffled)
        self.differences(history, 'engine:', actual, 'engine, facts in another order:', self.eval(shuffled))

    def noise(self, history, actual):
        """Facts that cannot count change nothing."""
        lines = []
        for subject in subjects(history):
            facts = [line for line in subject if line.startswith('F')]
            lines.append(subject[0])
            lines += [line for line in subject[1:] if not line.startswith('R')]
            for fact in self.rng.sample(facts, min(len(facts), 2)):
                if any('kind=' + kind in fact.split('\t') for kind in READINGS):
                    continue
                lines.append(fact + self.rng.choice(['\tverified=f', '\trevoked_on=2020-01-01'])
                             if 'verified' not in fact and 'revoked' not in fact else fact)
            lines.append('F\tkind=rating\tpolicy=unread-measure\tband=A\tgrade=A\tpoints=1\tdecided_on=2024-01-01\tvalid_from=2024-01-01')
            if subject[-1].startswith('R'):
                lines.append(subject[-1])
        noisy = history + '.noisy'
        write(noisy, lines)
        self.differences(history, 'engine:', actual, 'engine, with facts that cannot count:', self.eval(noisy))

    def next(self, history, actual):
        """next_change_on is a change, and the first: the day before there is none."""
        lines, asked = [], []
        answers = {}
        for line in actual:
            cells = line.split('\t')
            answers.setdefault(int(cells[0]), []).append(cells)
        for number, subject in enumerate(subjects(history), 1):
            lines += [line for line in subject if not line.startswith('Q')]
            for cells in answers.get(number, []):
                if len(cells) <= NEXT or cells[NEXT] in ('none', '-'):
                    continue
                day = datetime.date.fromisoformat(cells[NEXT])
                for other, changes in ((day - ONE_DAY, False), (day, True)):
                    lines.append('Q\t%s' % other)
                    asked.append((cells, changes))
        path = history + '.next'
        write(path, lines)
        until = histories.HistoryMaker(self.policy, self.rng).until
        for (cells, changes), line in zip(asked, self.eval(path)):
            now = line.split('\t')
            differs = [cells[i] for i in OUTCOME] != [now[i] for i in OUTCOME]
            if changes and until and now[DAY] > str(until):
                continue
            if differs != changes:
                self.found += 1
                print('--- %s, subject %s of %s: next_change_on\n%s\n%s' %
                      (self.policy, cells[0], path, '\t'.join(cells), line))

    def split(self, history, actual):
        """Facts folded in two parts and combined say the same."""
        self.differences(history, 'engine:', actual, 'engine, folded in two parts:', self.eval(history, '--split'))

    def monotone(self, history, actual):
        """One more penalty never improves the band."""
        lines, _ = run(self.engine + ['check', '--properties', self.policy])
        if not any('never leads to a better band: proved' in line for line in lines):
            return
        maker = histories.HistoryMaker(self.policy, self.rng)
        bands = [band['id'] for band in maker.policy['bands']['of']]
        worse = history + '.worse'
        lines = []
        for subject in subjects(history):
            maker.centre = datetime.date.fromisoformat(subject[-1].split('\t')[1])
            fact = maker.fact(self.rng.choice(maker.templates))
            while fact['kind'] in READINGS:  # what others decided is no penalty
                fact = maker.fact(self.rng.choice(maker.templates))
            fact['kind'] = 'penalty'
            lines += [subject[0], maker.line(fact)] + subject[1:]
        write(worse, lines)
        self.proved = len(actual)
        for one, other in zip(actual, self.eval(worse)):
            before, after = one.split('\t')[BAND], other.split('\t')[BAND]
            if before in bands and after in bands and bands.index(after) < bands.index(before):
                self.found += 1
                print('--- %s, subject %s of %s: one more penalty improves the band\n%s\n%s' %
                      (self.policy, one.split('\t')[0], worse, one, other))

    def cover(self, history, cohort):
        """How many answers each construct of the policy changes."""
        some = history + '.some'
        write(some, [line for subject in subjects(history)[:COVERED[0]] for line in subject])
        ranks = '\nranks:' in open(self.policy, encoding='utf-8').read()
        histories.write_cohorts(self.policy, COVERED[1 + ranks], self.seed, cohort + '.some')
        with open(self.name + '.coverage', 'wb') as out:
            for path in (some, cohort + '.some'):
                subprocess.run([self.oracle, '--coverage', self.policy, path], stdout=subprocess.DEVNULL, stderr=out, check=True,
                               timeout=TIMEOUT)

    def all(self):
        history, cohort = self.name + '.history', self.name + '.cohort'
        histories.write_histories(self.policy, self.count, self.seed, history)
        histories.write_cohorts(self.policy, max(1, self.count // 10), self.seed, cohort)
        actual = self.compare(history)
        rated = self.compare(cohort)
        self.order(history, actual)
        self.order(cohort, rated)
        self.noise(history, actual)
        self.noise(cohort, rated)
        self.next(history, actual)
        self.split(history, actual)
        self.split(cohort, rated)
        self.monotone(history, actual)
        self.cover(history, cohort)
        with open(self.name + '.result', 'w', encoding='utf-8') as out:
            out.write('%s %d %d %d\n' % (self.count, self.lines, self.found, self.proved))


if __name__ == '__main__':
    if len(sys.argv) != 7:
        sys.exit(__doc__)
    Comparison(sys.argv[1], int(sys.argv[2]), *sys.argv[3:]).all()
