"""policies.py -- random policies: what each is dealt, and how it is spelt as YAML"""
import os
import random
from decimal import Decimal

from policy_outcome import Outcomes
from policy_records import Items
from words import KINDS, ORDERED, SUBJECT_KINDS, TEXTS, Day, Deck, add_months, plain, random_day


class PolicyMaker(Items, Outcomes):
    def __init__(self, rng):
        self.rng = rng
        deck = lambda cards: Deck(rng, cards)
        self.windows = deck(['always', 'always_from', 'days', 'months', 'years', 'days', 'months',
                             'years',
                             'year this', 'half this', 'quarter this', 'month this', 'year last',
                             'half last', 'quarter last', 'month last', 'cycle this', 'cycle last',
                             'term', 'term else', 'term else', 'term always', 'year back', 'quarter back',
                             'month back', 'cycle back'])
        self.modifiers = deck(['', '', '', 'corresponding_day', 'delay', 'delay', 'not_before', 'ends_on', 'ends_on list',
                               'corresponding_day', 'from list', 'delay not_before',
                               'delay corresponding_day', 'from list ends_on', 'not_before ends_on',
                               'from list delay not_before ends_on corresponding_day'])
        self.points = deck(['none', 'number', 'number', 'each', 'cases', 'cases otherwise', 'awarded',
                            'per_unit', 'each surcharges', 'cases surcharges limits',
                            'cases otherwise surcharges', 'awarded surcharges limits',
                            'per_unit surcharges', 'per_unit limits', 'each limits'])
        self.scores = deck(['deduct', 'deduct', 'accumulate', 'components', 'components', 'none'])
        self.bands = deck(['half open', 'half open', 'above', 'steps', 'gap band', 'gap refer',
                           'overlap best', 'overlap worst', 'overlap refer', 'conditions',
                           'two dimensions'])
        self.decimals = deck([0, 0, 1, 2, 3, 4])
        self.rounds = deck(['half_up', 'half_even', 'toward_zero', 'away_from_zero'])
        self.scales = deck(['full', 'partial', 'none'])
        self.holds = deck([None, None, {'days': '30'}, {'months': '6'}, {'years': '1'}, {'years': '2'}])
        self.lists = deck(['band', 'count', 'score', 'both', 'not band'])
        self.list_kinds = deck(['red', 'black', 'watch', 'focus'])
        self.list_terms = deck([{'days': '90'}, {'months': '6'}, {'years': '1'}, {'years': '3'}])
        self.enrolments = deck(['participation', 'permit', 'until known', 'any', 'subject kind'])
        self.cycle_lengths = deck([1, 3, 6, 12, 12, 18, 24, 60])
        self.takes = deck(['latest', 'earliest', 'latest tie', 'latest tie', 'earliest tie', 'highest', 'lowest', 'mean',
                           'once highest', 'once lowest', 'once latest', 'once earliest', 'after_first',
                           'after_first'] + [None] * 9)
        self.once = deck(['document', 'unit', 'behaviour', 'field', 'authority', 'district'])
        self.kinds_of_item = deck(['result', 'rating', 'listing', 'linked', 'linked', 'linked'] + [None] * 14)
        self.extras = deck(['factor', 'factor', 'absent', 'absent', 'absent factor'] + [''] * 9)
        self.components = deck(['', 'weights', 'when', 'per unit', 'per amount', 'per amount', 'per quantity', 'per quantity',
                                'per calendar', 'per calendar', 'weighted_mean', 'weighted_mean when'])
        self.runs = deck([(per, without, through) for per in ('year', 'half', 'quarter', 'month', 'cycle')
                          for without in (False, True) for through in (False, True)])
        self.whiles = deck([None, None, 'enrolled', 'item'])
        self.counter_of = deck(['count', 'points', 'minus_points', 'minus_points'])
        self.counter_per = deck(['cycle', 'year', 'half', 'quarter', 'month', 'always', 'always', 'year'])
        self.same_days = deck(['together', 'smallest_first', 'largest_first', 'smallest_first', 'largest_first', 'refer'])
        self.value_kinds = deck(['ratio', 'ratio', 'sum', 'mean', 'least', 'greatest', 'linear', 'cases', 'cases'])
        self.dues = deck([{'days': '15'}, {'months': '1'}, {'years': '1'}, {'working_days': '10'}])
        self.afters = deck(['step', 'step', 'item', 'item', 'cycle', None])
        self.features = deck(['runs counters', 'values', 'ranks', 'floors', 'effects counters', 'covered', 'when', 'of values',
                              'runs values', 'ranks values', 'counters effects', 'counters values effects', 'floors effects', 'plain',
                              'runs counters when', 'ranks rating', 'covered floors', 'floors counters', 'ranks counters effects',
                              'ranks', 'counters effects', 'runs effects', 'counters'])
        self.ties = deck(['include', 'exclude', 'refer'])
        self.best = deck(['highest', 'lowest'])
        self.groups = deck(['percent', 'number', 'worst percent', 'worst number'])

    def enrolment(self):
        rng = self.rng
        form = self.enrolments.deal()
        field = rng.choice(TEXTS['field'])
        taking_part = {'kind': 'participation', 'field': field,
                       'state': rng.choice(['taking_part', ['taking_part', 'halted']])}
        if form == 'participation':
            return taking_part
        if form == 'permit':
            return {'kind': 'permit', 'behaviour': rng.choice(['CW-*', 'CW-01'])}
        if form == 'until known':
            return {'kind': 'permit', 'valid_until': {'known': 'true'}}
        if form == 'any':
            return {'any': [taking_part, {'kind': 'permit', 'field': field}]}
        return {**taking_part, 'subject_kind': SUBJECT_KINDS[:3]}

    def make(self, number):
        rng = self.rng
        self.needs_cycle = self.needs_round = False
        self.terms, self.names, self.takeless, self.steps, self.ranked = [], [], [], [], []
        self.tainted, self.reads, self.pointed, self.nvalues, self.items = set(), {}, {}, 0, {}
        self.in_force = random_day(rng, Day(2019, 1, 1), Day(2024, 6, 30))
        self.score_form = self.scores.deal()
        features = self.features.deal()
        if self.score_form == 'none' and 'of' in features:
            self.score_form = 'deduct'
        self.places = 1 if self.score_form == 'none' else self.decimals.deal()
        self.inputs = rng.sample(KINDS, rng.randint(2, 5))
        for kind in ('penalty', 'participation', 'permit'):
            if kind not in self.inputs:
                self.inputs.append(kind)
        self.match_terms = (['behaviour', 'field', 'authority', 'district', 'state', 'procedure', 'source', 'document', 'unit']
                            + [term for term in ORDERED if term != 'grade']
                            + ['amount', 'fine', 'points', 'quantity', 'subject_kind', 'act_on', 'decided_on', 'valid_until',
                               'corrected_on'])
        self.adverse = {'deduct': 0.85, 'accumulate': 0.25}.get(self.score_form, 0.5)
        self.kinds_vary = rng.random() < 0.6

        policy = {'policy': 'gen-%04d' % number, 'title': '随机办法 %d' % number, 'version': 'v%d' % number,
                  'issuer': '某市城市管理局', 'example': 'true'}
        policy['in_force'] = {'from': str(self.in_force)}
        if rng.random() < 0.6:
            policy['in_force']['until'] = str(add_months(self.in_force, rng.randint(6, 60)))
        policy['sources'] = {
            'm': {'title': '某办法', 'number': '某发〔2020〕1号', 'rank': 'normative_document'},
            'law1': {'title': '某法', 'number': '主席令1号',
                     'rank': rng.choice(['law', 'regulation', 'central_document'])},
            'rule2': {'title': '某条例', 'number': '1号',
                      'rank': rng.choice(['local_regulation', 'draft', 'assumption'])}}
        policy['inputs'] = self.inputs
        policy['applies_to'] = {'enrolled_by': self.enrolment()}
        if self.kinds_vary and rng.random() < 0.5:
            policy['applies_to'] = {'subject_kinds': rng.sample(SUBJECT_KINDS, rng.randint(2, 4)),
                                    **policy['applies_to']}
        policy['reads'] = self.reads

        # what is summed up
        forms = self.components.deal() if self.score_form == 'components' or (self.score_form != 'none' and rng.random() < 0.4) else ''
        self.cycle_months = 12 if 'calendar' in forms and rng.random() < 0.5 else self.cycle_lengths.deal()
        policy['cycle'] = self.cycle('calendar' in forms)
        components = []
        if self.score_form == 'components' or forms or rng.random() < 0.1:
            components = ['basic', 'good', 'bad'][:rng.randint(2 if 'mean' in forms else 1, 3)]
        self.names = rng.sample(['dumping', 'spilling', 'late_report', 'award_won', 'training',
                                 'dust_2', 'broken_pledge', 'inspected', 'hired_unlicensed', 'q'],
                                rng.randint(max(3, len(components)), 8))
        self.term('count.enrolled', 1, 1)
        if self.kinds_vary:
            self.term('subject_kind', 1, None)
        base = {'deduct': 100, 'accumulate': 0, 'components': rng.choice([0, 30]), 'none': 0}[self.score_form]
        if self.score_form == 'deduct' and rng.random() < 0.3:
            base = 90
        items, rules, level = self.summed(components, forms, policy)
        if 'covered' in features or rng.random() < 0.1:
            for _ in range(2):
                self.term(rng.choice(['covered.', 'covered_last.']) + rng.choice(self.takeless + ['enrolled']), 1, True, weight=6)
        if 'runs' in features:
            policy['runs'] = [self.run(i + 1) for i in range(rng.choice([1, 2, 2]))]
        if 'counters' in features:
            policy['counters'] = [self.counter(i + 1) for i in range(rng.choice([1, 1, 2]))]
        if 'when' in features or rng.random() < 0.2:
            plain_ones = [rule['id'] for rule in rules if 'per' not in rule]
            for i in range(rng.choice([1, 2])):
                items.insert(rng.randint(0, len(items)) if i == 0 else len(items),
                             self.when_item(i + 1, rng.choice(plain_ones + [None])))
            # one above is known to the one below
            bonus = [item for item in items if 'when' in item]
            where = [i for i, item in enumerate(items) if 'when' in item]
            for i, item in zip(where, sorted(bonus, key=lambda one: one['id'])):
                items[i] = item
        for rule in rules:
            if 'when' in forms and rng.random() < 0.7:
                rule['when'] = self.outcome_condition(step=1)
            self.term('sum.' + rule['id'], 2, -10, 60, tainted=True)
        values = []
        self.low, self.high = base + level - 30, base + level + 12
        if self.score_form == 'accumulate':
            self.low, self.high = base - 10, base + 30
        of = None
        if 'of' in features:
            of = self.value([2], rng.choice(['sum', 'linear', 'mean', 'least', 'ratio']))
            of.pop('decimals', None)
            values.append(of)
            self.low, self.high = -15, 30
        if 'values' in features or rng.random() < 0.1:
            values += [self.value([2]) for _ in range(rng.choice([1, 1, 2]))]
        if self.score_form != 'none':
            self.term('score', 3, self.low, self.high, weight=3, tainted=True)
        if ('values' in features and rng.random() < 0.7) or rng.random() < 0.05:
            values.append(self.value([4]))
        if 'ranks' in features:
            policy['ranks'] = [self.rank(i + 1) for i in range(rng.choice([1, 1, 2]))]
        if policy.get('ranks') or rng.random() < 0.1:
            policy['ratings'] = [self.extra({'id': 'year', 'name': '年度评价', 'period': rng.choice(['cycle', 'year', 'month']),
                                             'version_by': 'end', 'facts_until': {'days': '15'}, 'repairs_until': {'days': '15'},
                                             'publish_within': {'days': '30'}, 'valid': {'years': '1'},
                                             'on_correction': 'subject_only', 'cite': self.cite()})]

        # the outcome
        policy['score'] = self.score(base, of, forms)
        if rules:
            policy['components'] = rules
        policy['items'] = items
        bands = self.band_rules()
        states = []
        for i in range(rng.choice([0, 0, 0, 1, 2])):
            keys = {'when': self.rare_condition(3) if rng.random() < 0.8
                    else {'count.enrolled': {'at_least': '2'}}}
            if rng.random() < 0.4:
                keys['band'] = rng.choice(self.band_ids)
            states.append(self.rule('state', i, **keys))
        if states:
            policy['states'] = states
        policy['bands'] = bands
        scale = self.scale()
        if scale:
            policy['scale'] = scale
        self.limits(policy, rng.choice([1, 2]) if 'floors' in features else 0)
        if 'values' in features:
            for _ in range(rng.choice([1, 2])):
                value = self.value([4, 5, 5])
                if rng.random() < 0.25:
                    value['at'] = 'rating'
                    self.terms.pop()
                values.append(value)
        if rng.random() < 0.7:
            values += self.watching()
        if values:
            policy['values'] = values
        lists = [self.list_rule(i) for i in range(rng.choice([0, 1, 2, 3]))]
        if lists:
            policy['lists'] = lists
        effects = [self.effect(i) for i in range(rng.choice([1, 2, 3]) if 'effects' in features else rng.choice([0, 0, 1]))]
        if effects:
            policy['effects'] = effects
        if not self.reads:
            del policy['reads']
        if rng.random() < 0.2:
            policy['documentation'] = '全文说明'
        return policy

    def cycle(self, aligned):
        """The policy's cycle; aligned to calendar units if they have to be whole."""
        rng = self.rng
        start = add_months(self.in_force, rng.choice([-60, -7, 0, 5, 60]))
        if not aligned:
            return {'from': str(start.replace(day=rng.choice([1, 1, 15, 28]))), 'months': str(self.cycle_months)}
        self.unit = rng.choice(['month', 'quarter', 'half'])
        months = {'month': 1, 'quarter': 3, 'half': 6}[self.unit]
        self.cycle_months = max(months, self.cycle_months // months * months)
        start = start.replace(day=1, month=(start.month - 1) // months * months + 1)
        return {'from': str(start), 'months': str(self.cycle_months)}

    def summed(self, components, forms, policy):
        """Items and components, and what they begin with on the whole."""
        rng = self.rng
        per = {}
        if forms.startswith('per'):
            per = {rng.choice(components): forms.split()[1]}
        if any(form != 'calendar' for form in per.values()):
            self.names.append('contracts')
        items = []
        for i, name in enumerate(self.names):
            component = components[i] if i < len(components) else rng.choice(components + [None]) if components else None
            if name == 'contracts':
                items.append(self.units_item(name))
                continue
            items.append(self.item(name, component, 'own' if component in per else None))
            if component in per and 'points' in items[-1]:
                self.vary(items[-1])
            if per.get(component) == 'calendar':
                items[-1]['window'] = {'from': rng.choice(['decided_on', 'act_on']), 'cycle': 'this'}
        if 'results' in self.reads:
            # an item matches results alone or not at all
            for item in items:
                if 'kind' not in item['match'] and 'any' not in item['match']:
                    item['match']['kind'] = rng.choice(self.inputs)
        if not self.takeless:
            item = self.item('plain_one', None, 'own')
            item.pop('take', None)
            item.pop('tie', None)
            items.append(item)
            self.names.append('plain_one')
            self.takeless = ['plain_one']
        weights = None
        if forms == 'weights' or (forms == 'weighted_mean when' and rng.random() < 0.6):
            weights = {1: [['1']], 2: [['0.5', '0.5'], ['0.7', '0.3'], ['0.125', '0.875']],
                       3: [['0.2', '0.3', '0.5'], ['0.3333', '0.3333', '0.3334'], ['0.6', '0.3', '0.1']]}[len(components)]
            weights = rng.choice(weights)
        rules, level = [], 0
        for i, name in enumerate(components):
            rule = {'id': name, 'name': '部分 ' + name}
            start = rng.choice([0, 20, 40])
            weight = Decimal(weights[i]) if weights else Decimal(1)
            level += start * weight / (len(components) if 'mean' in forms and not weights else 1)
            if start or rng.random() < 0.3:
                rule['base'] = str(start)
            if rng.random() < 0.6:
                rule['floor'] = plain(start - abs(self.number(0, 40)))
            if rng.random() < 0.6:
                rule['cap'] = plain(start + abs(self.number(0, 40)))
            if weights:
                rule['weight'] = weights[i]
            if name in per:
                if per[name] == 'calendar':
                    rule['per'] = {'calendar': self.unit, 'mean': 'plain'}
                else:
                    rule['per'] = {'unit': 'contracts', **({'mean': 'plain'} if per[name] == 'unit' else
                                                           {'mean': 'weighted', 'by': per[name]})}
                if rng.random() < 0.6:
                    rule['empty'] = plain(self.number(0, 60))
            rules.append(self.extra_documentation(rule))
        if per or weights or 'mean' in forms:
            self.needs_round = True
        return items, rules, int(level)

    def extra_documentation(self, rule):
        if self.rng.random() < 0.1:
            rule['documentation'] = '说明 of the part'
        return rule

    def score(self, base, of, forms):
        rng = self.rng
        if self.score_form == 'none':
            return 'none'
        score = {'base': str(base)}
        if of:
            score = {'of': 'value.' + of['id']}
        elif not base and rng.random() < 0.5:
            del score['base']
        if 'mean' in forms and not of:
            score['combine'] = 'weighted_mean'
        if rng.random() < 0.4:
            score['floor'] = plain(self.low - abs(self.number(0, 20)))
        if rng.random() < 0.4:
            score['cap'] = plain(self.high - rng.randint(0, 15))
        score['decimals'] = str(self.places)
        if self.needs_round or of or rng.random() < 0.3:
            score['round'] = self.rounds.deal()
        return score


# -- spelling a policy as YAML

def flow(node):
    if isinstance(node, dict):
        return '{' + ', '.join('%s: %s' % (key, flow(value)) for key, value in node.items()) + '}'
    if isinstance(node, list):
        return '[' + ', '.join(flow(value) for value in node) + ']'
    return node


def block(node, indent, rng, out):
    """Writes a mapping or a list of mappings, in block or flow style."""
    pad = ' ' * indent
    if isinstance(node, list):
        for value in node:
            lines = []
            if isinstance(value, dict):
                block(value, indent + 2, rng, lines)
            else:
                lines = [pad + '  ' + flow(value)]
            lines[0] = pad + '- ' + lines[0][indent + 2:]
            out.extend(lines)
        return
    for key, value in node.items():
        text = flow(value)
        nested = isinstance(value, (dict, list))
        scalars = isinstance(value, list) and not isinstance(value[0], dict)
        if not nested or scalars or (indent > 0 and len(text) < 100 and rng.random() < 0.7):
            out.append('%s%s: %s' % (pad, key, text))
        else:
            out.append('%s%s:' % (pad, key))
            block(value, indent + 2, rng, out)


def write_policies(n, seed, directory):
    rng = random.Random('policies %s' % seed)
    maker = PolicyMaker(rng)
    os.makedirs(directory, exist_ok=True)
    for number in range(1, n + 1):
        policy = maker.make(number)
        lines = []
        block(policy, 0, rng, lines)
        with open(os.path.join(directory, policy['policy'] + '.yaml'), 'w', encoding='utf-8') as out:
            out.write('\n'.join(lines) + '\n')
