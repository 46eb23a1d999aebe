#!/usr/bin/python3
"""compare.py -- one policy: random histories through engine and oracle

compare.py POLICY COUNT SEED DIR ORACLE ENGINE

Writes COUNT histories of the policy into DIR, runs "ENGINE eval" and ORACLE on
them, then the engine again on the same histories with their facts in another
order, since the order of arrival never matters.  Prints the first differences
and writes "histories lines differences" into DIR/NAME.result.
"""
import itertools
import os
import shlex
import subprocess
import sys

import generate

SHOWN = 2                       # differences printed per policy and pass
TIMEOUT = 300                   # seconds for one run


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


def differences(policy, history, left, left_lines, right, right_lines):
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
        print('--- %s, subject %s of %s' % (policy, number, history))
        if number.isdigit() and 0 < int(number) <= len(facts):
            print('\n'.join(line for line in facts[int(number) - 1] if not line.startswith('Q')))
        width = max(len(left), len(right))
        print('%-*s %s\n%-*s %s' % (width, left, one, width, right, other))
    return found


def main(policy, count, seed, directory, oracle, engine):
    name = os.path.splitext(os.path.basename(policy))[0]
    history = os.path.join(directory, name + '.history')
    shuffled = os.path.join(directory, name + '.shuffled')
    generate.write_histories(policy, int(count), seed, history)
    generate.shuffle(history, seed, shuffled)

    engine = shlex.split(engine) + ['eval', policy]
    expected, complaint = run([oracle, policy, history])
    if complaint:
        sys.exit('oracle on %s: %s' % (policy, complaint))
    actual, complaint = run(engine + [history])
    again, complaint_again = run(engine + [shuffled])
    found = 0
    for text in (complaint, complaint_again):
        if text:
            print('--- engine on %s: %s' % (policy, text))
            found += 1
            break
    found += differences(policy, history, 'oracle:', expected, 'engine:', actual)
    found += differences(policy, history, 'engine:', actual, 'engine, facts in another order:', again)
    with open(os.path.join(directory, name + '.result'), 'w', encoding='utf-8') as out:
        out.write('%s %d %d\n' % (count, len(expected), found))


if __name__ == '__main__':
    if len(sys.argv) != 7:
        sys.exit(__doc__)
    main(*sys.argv[1:])
