#!/usr/bin/python3
"""generate.py -- random policies and histories for the comparison with the oracle

generate.py policies N SEED DIR             writes N valid policies into DIR
generate.py histories POLICY COUNT SEED OUT writes COUNT random subjects
generate.py cohorts POLICY COUNT SEED OUT   writes COUNT cohorts with the day of their rating
generate.py shuffle HISTORY SEED OUT        the same histories, facts in another order

The same arguments give the same files.  The policies use every feature of the
language of rules/README.md; forms that are rare are dealt from decks, so that a
few dozen policies hold all of them.  The values in the histories are mostly
those that the policy mentions, and its boundary days.

policies.py makes policies of the parts of policy_records.py and policy_outcome.py, histories.py makes histories for them, words.py holds
what all of them speak of.
"""
import sys

from histories import shuffle, write_cohorts, write_histories
from policies import write_policies


def main(args):
    if len(args) == 4 and args[0] == 'policies':
        write_policies(int(args[1]), args[2], args[3])
    elif len(args) == 5 and args[0] == 'histories':
        write_histories(args[1], int(args[2]), args[3], args[4])
    elif len(args) == 5 and args[0] == 'cohorts':
        write_cohorts(args[1], int(args[2]), args[3], args[4])
    elif len(args) == 4 and args[0] == 'shuffle':
        shuffle(args[1], args[2], args[3])
    else:
        sys.exit(__doc__)


if __name__ == '__main__':
    main(sys.argv[1:])
