#!/usr/bin/python3
"""generate.py -- random policies and histories for the comparison with the oracle

generate.py policies N SEED DIR             writes N valid policies into DIR
generate.py histories POLICY COUNT SEED OUT writes COUNT random subjects
generate.py shuffle HISTORY SEED OUT        the same histories, facts in another order

The same arguments give the same files.  The policies use every feature of the
language of rules/README.md; forms that are rare are dealt from decks, so that a
few dozen policies hold all of them.  The values in the histories are mostly
those that the policy mentions, and its boundary days.
"""
import calendar
import datetime
import os
import random
import sys
from decimal import Decimal

import yaml

Day = datetime.date
ONE_DAY = datetime.timedelta(days=1)

KINDS = ['penalty', 'permit', 'award', 'inspection', 'act', 'commitment', 'participation', 'score']
SUBJECT_KINDS = ['legal_person', 'other_organisation', 'individual_business', 'natural_person',
                 'government_body']
ORDERED = {
    'penalty_kind': ['warning', 'notice_of_criticism', 'fine', 'confiscation_of_gains',
                     'confiscation_of_goods', 'suspension_of_licence', 'downgrading',
                     'revocation_of_licence', 'restriction_of_business', 'suspension_of_business',
                     'closure', 'restriction_of_practice', 'detention'],
    'severity': ['minor', 'light', 'ordinary', 'fairly_serious', 'serious', 'very_serious'],
    'responsibility': ['none', 'secondary', 'equal', 'main', 'full'],
    'intent': ['unintentional', 'deliberate', 'malicious'],
}
TEXTS = {
    'behaviour': ['CW-01', 'CW-02', 'CW-03', 'CG-01', 'CG-02', 'DUST-1'],
    'field': ['transport', 'waste', 'lighting', 'advertising'],
    'authority': ['bureau-1', 'bureau-2', 'office-1'],
    'district': ['north', 'north-east', 'south'],
    'source': ['court', 'police', 'province'],
    'state': ['taking_part', 'halted', 'not_taking_part', 'passed', 'failed'],
    'procedure': ['simple', 'general'],
}
DAY_TERMS = ['act_on', 'act_ended_on', 'decided_on', 'served_on', 'valid_from', 'valid_until',
             'publicity_until', 'corrected_on', 'repaired_on', 'recorded_on']
TERMS = (['kind'] + list(TEXTS) + list(ORDERED) + ['amount', 'points', 'quantity'] + DAY_TERMS)


# ---------------------------------------------------------------------- days

def add_months(day, months):
    """The corresponding day, else the month's last day (Civil Code 200-204)."""
    month = day.year * 12 + day.month - 1 + months
    year, month = month // 12, month % 12 + 1
    return Day(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def add_span(day, span):
    """Adds a mapping of days, months or years."""
    return (add_months(day, int(span.get('months', 0)) + 12 * int(span.get('years', 0)))
            + ONE_DAY * int(span.get('days', 0)))


def special_day(rng, year):
    """A day of the year on which calendars go wrong."""
    choice = rng.randrange(6)
    if choice == 0 and calendar.isleap(year):
        return Day(year, 2, 29)
    if choice <= 1:
        return Day(year, 2, 28)
    if choice == 2:
        return Day(year, 12, 31)
    if choice == 3:
        return Day(year, 1, 1)
    month = rng.randint(1, 12)
    return Day(year, month, calendar.monthrange(year, month)[1] if choice == 4 else 1)


def random_day(rng, first, last):
    day = first + ONE_DAY * rng.randint(0, max((last - first).days, 0))
    if rng.random() < 0.3:
        day = special_day(rng, day.year)
    return day


# ----------------------------------------------------------------- policies

class Deck:
    """Deals its cards in random order, all of them before any comes again."""

    def __init__(self, rng, cards):
        self.rng, self.cards, self.rest = rng, list(cards), []

    def deal(self):
        if not self.rest:
            self.rest = self.rng.sample(self.cards, len(self.cards))
        return self.rest.pop()


def plain(number):
    """A number as the file spells it."""
    text = format(Decimal(number), 'f')
    if '.' in text:
        text = text.rstrip('0').rstrip('.')
    return '0' if text in ('-0', '') else text


class PolicyMaker:
    SPANS = [{'days': '30'}, {'days': '1'}, {'days': '365'}, {'months': '1'}, {'months': '3'},
             {'months': '6'}, {'months': '12'}, {'years': '1'}, {'years': '2'}, {'years': '3'}]

    def __init__(self, rng):
        self.rng = rng
        deck = lambda cards: Deck(rng, cards)
        self.windows = deck(['always', 'always_from', 'days', 'months', 'years', 'days', 'months',
                             'years',
                             'year this', 'half this', 'quarter this', 'month this', 'year last',
                             'half last', 'quarter last', 'month last', 'cycle this', 'cycle last',
                             'term', 'term else', 'term else'])
        self.modifiers = deck(['', '', '', 'delay', 'delay', 'not_before', 'ends_on', 'ends_on list',
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
        self.cycle_lengths = deck([1, 3, 6, 12, 18, 24, 60])

    # -- small parts

    def number(self, low, high):
        """A decimal in the policy's number of places, mostly a whole one."""
        value = Decimal(self.rng.randint(low, high))
        if self.places and self.rng.random() < 0.4:
            value += Decimal(self.rng.randint(-9, 9)).scaleb(-self.rng.randint(1, self.places))
        return value

    def span(self):
        return dict(self.rng.choice(self.SPANS))

    def cite(self):
        return {'source': self.rng.choice(['m', 'law1', 'rule2']),
                'article': '第%d条' % self.rng.randint(1, 40)}

    def extra(self, rule):
        """Adds what says something to people only."""
        if self.rng.random() < 0.1:
            rule['documentation'] = '说明 of the rule'
        if self.rng.random() < 0.1:
            rule['assumption'] = '原文未作规定'
        return rule

    # -- conditions of records

    def range_test(self, values):
        """Bounds from a list of spellings, least first."""
        low, high = sorted(self.rng.sample(range(len(values)), 2))
        lower = self.rng.choice(['at_least', 'above'])
        upper = self.rng.choice(['at_most', 'below'])
        if high == low + 1 and lower == 'above' and upper == 'below':
            upper = 'at_most'
        shape = self.rng.randrange(4)
        if shape <= 1:
            return {lower: values[low]}
        if shape == 2:
            return {upper: values[high]}
        return {lower: values[low], upper: values[high]}

    def test(self, term, of_record=True):
        rng = self.rng
        if of_record and rng.random() < 0.07:
            return {'known': rng.choice(['true', 'false'])}
        if term in TEXTS:
            values = TEXTS[term]
            if term in ('behaviour', 'authority', 'district') and rng.random() < 0.3:
                value = rng.choice(values)
                prefix = value[:rng.randint(2, len(value))] + '*'
                return prefix if rng.random() < 0.7 else [prefix, rng.choice(values)]
            if rng.random() < 0.35:
                return rng.sample(values, rng.randint(2, max(2, len(values) - 1)))
            return rng.choice(values)
        if term in ORDERED:
            if rng.random() < 0.3:
                return (rng.choice(ORDERED[term]) if rng.random() < 0.5
                        else rng.sample(ORDERED[term], 2))
            return self.range_test(ORDERED[term])
        if term == 'amount':
            return self.range_test(['99.99元', '1000元', '5000元', '1万元', '1.5万元', '5万元', '20万元'])
        if term == 'points':
            return self.range_test(['-10', '-5', '-2.5', '0', '1', '5', '10'])
        if term == 'quantity':
            return self.range_test(['0.5', '1', '2', '2.5', '10'])
        if term == 'subject_kind':
            return (rng.choice(SUBJECT_KINDS) if rng.random() < 0.5
                    else rng.sample(SUBJECT_KINDS, 2))
        start = self.in_force
        return self.range_test([str(add_months(start, m)) for m in (-24, -12, 0, 7, 12, 30)])

    def tests(self, n):
        terms = self.rng.sample(self.match_terms, n)
        return {term: self.test(term) for term in terms}

    def condition(self, depth=0):
        """A condition of a record without kind."""
        shape = self.rng.random()
        if depth >= 3 or shape < 0.55:
            return self.tests(self.rng.choice([1, 1, 2]))
        parts = lambda: [self.condition(depth + 1) for _ in range(self.rng.randint(2, 3))]
        if shape < 0.7:
            return {'any': parts()}
        if shape < 0.8:
            return {'not': self.condition(depth + 1)}
        if shape < 0.9:
            return {'all': parts()}
        if shape < 0.94:
            return {**self.tests(1), 'all': parts()}
        if shape < 0.97:
            return {**self.tests(1), 'any': parts()}
        return {'not': self.condition(depth + 1), **self.tests(1)}

    def match(self):
        rng = self.rng
        kind = rng.choice(self.inputs)
        cond = {'kind': kind if rng.random() < 0.8 or len(self.inputs) < 2
                else rng.sample(self.inputs, 2)}
        shape = rng.random()
        if shape < 0.3:
            cond['behaviour'] = self.test('behaviour')
        elif shape < 0.6:
            cond.update(self.tests(rng.randint(1, 2)))
        elif shape < 0.8:
            cond['all'] = [self.condition(1), self.condition(1)]
        elif shape < 0.87:
            cond = {'any': [cond, {'kind': rng.choice(self.inputs), **self.tests(1)}]}
        elif shape < 0.9:
            cond = self.tests(2)
        return cond

    # -- items

    def window(self):
        rng = self.rng
        form = self.windows.deal()
        if form == 'always':
            return 'always'
        modifiers = self.modifiers.deal()
        window = {}
        anchors = ['act_on', 'act_ended_on', 'decided_on', 'decided_on', 'served_on', 'valid_from',
                   'valid_until', 'publicity_until', 'corrected_on', 'repaired_on', 'recorded_on']
        if 'from list' in modifiers or form == 'always_from':
            window['from'] = list(dict.fromkeys(rng.sample(anchors, 3)))
        elif rng.random() < 0.6:
            window['from'] = rng.choice(anchors)
        if 'delay' in modifiers:
            window['delay'] = self.span()
        spanned = True
        if form == 'always_from':
            window['always'] = 'true'
        elif form in ('days', 'months', 'years'):
            window[form] = str(rng.choice({'days': [1, 30, 60, 365], 'months': [1, 3, 6, 12, 18],
                                           'years': [1, 2, 3, 5]}[form]))
        elif form.startswith('cycle'):
            window['cycle'] = form.split()[1]
            self.needs_cycle = True
        elif form.startswith('term'):
            window['term'] = rng.choice(['valid_until', 'publicity_until', 'corrected_on'])
            if form == 'term else':
                window['else'] = self.span()
        else:
            window['calendar'], window['which'] = form.split()
        spanned = form in ('days', 'months', 'years', 'term else')
        if 'corresponding_day' in modifiers and spanned:
            window['corresponding_day'] = rng.choice(['not_counted', 'not_counted', 'counted'])
        if 'not_before' in modifiers and form != 'always_from':
            window['not_before'] = rng.choice(['publicity_until', 'corrected_on', 'valid_until'])
        if 'ends_on' in modifiers:
            ends = ['corrected_on', 'valid_until', 'act_ended_on', 'repaired_on']
            window['ends_on'] = rng.sample(ends, 2) if 'ends_on list' in modifiers else rng.choice(ends)
        return window

    def item_points(self, name):
        rng = self.rng
        form = self.points.deal()
        while 'per_unit' in form and self.score_form == 'none':
            form = self.points.deal()
        sign = -1 if rng.random() < self.adverse else 1
        value = lambda: plain(sign * abs(self.number(1, 20)) or sign)
        if form == 'none':
            return None
        if form == 'number':
            return value()
        points = {}
        if 'each' in form:
            points['each'] = value()
        elif 'cases' in form:
            points['cases'] = [{'when': self.condition(1), 'points': value()}
                               for _ in range(rng.randint(1, 3))]
            if 'otherwise' in form:
                points['otherwise'] = value()
        elif 'awarded' in form:
            low = self.number(-15, 5)
            points['awarded'] = {'from': plain(low), 'to': plain(low + rng.randint(1, 15))}
        else:
            points['per_unit'] = plain(self.number(-5, 5) or 1)
            self.needs_round = True
        if 'surcharges' in form:
            points['surcharges'] = [
                self.extra({'id': '%s_plus%d' % (name, i + 1), 'when': self.condition(1),
                            'points': plain(sign * rng.randint(1, 6)), 'cite': self.cite()})
                for i in range(rng.randint(1, 3))]
        if 'limits' in form:
            low = self.number(-20, 0)
            if rng.random() < 0.7:
                points['record_floor'] = plain(low)
            if rng.random() < 0.7 or 'record_floor' not in points:
                points['record_cap'] = plain(low + rng.randint(5, 20))
        return points

    def item(self, name, component):
        rng = self.rng
        item = {'id': name, 'name': '项目 ' + name}
        if component:
            item['component'] = component
        item['match'] = self.match()
        points = self.item_points(name)
        if points is not None:
            item['points'] = points
            low = self.number(-40, 2)
            if rng.random() < 0.35:
                item['floor'] = plain(low)
            if rng.random() < 0.35:
                item['cap'] = plain(low + rng.randint(10, 60))
            self.summed.append(name)
        item['window'] = self.window()
        if rng.random() < 0.4:
            item['repaired'] = rng.choice(['counts', 'counts', 'ends'])
        item['cite'] = self.cite()
        return self.extra(item)

    # -- conditions of outcomes

    def outcome_test(self, scored=True):
        rng = self.rng
        shape = rng.random()
        if scored and self.score_form != 'none' and shape < 0.25:
            return {'score': self.number_test(self.low, self.high)}
        if shape < 0.45 and self.summed:
            return {'sum.' + rng.choice(self.summed): self.number_test(-25, 25)}
        if shape < 0.52:
            return {'count.enrolled': rng.choice(['2', {'at_least': '2'}, {'above': '1'},
                                                  {'at_most': '1'}])}
        if shape < 0.57:
            return {'subject_kind': self.test('subject_kind', False)} if self.kinds_vary else \
                {'count.' + rng.choice(self.names): '1'}
        test = rng.choice([{'at_least': '1'}, {'at_least': '2'}, {'at_least': '3'}, {'above': '1'},
                           '0', ['1', '3'], {'at_least': '1', 'below': '3'}, {'at_most': '1'}])
        return {'count.' + rng.choice(self.names): test}

    def number_test(self, low, high):
        values = sorted({self.number(low, high) for _ in range(6)} | {Decimal(low), Decimal(high)})
        return self.range_test([plain(value) for value in values])

    def outcome_condition(self, depth=0):
        rng = self.rng
        shape = rng.random()
        if depth >= 2 or shape < 0.6:
            return self.outcome_test()
        parts = lambda: [self.outcome_condition(depth + 1) for _ in range(2)]
        if shape < 0.75:
            return {'any': parts()}
        if shape < 0.87:
            return {'all': parts()}
        if shape < 0.93:
            return {**self.outcome_test(), rng.choice(['all', 'any']): parts()}
        return {'not': self.outcome_condition(depth + 1)}

    def rare_condition(self):
        """A condition that does not hold for nearly everybody."""
        name = self.rng.choice(self.names)
        cond = {'count.' + name: {'at_least': self.rng.choice('1122')}}
        if self.rng.random() < 0.4:
            cond['all'] = [self.outcome_condition(1)]
        elif self.rng.random() < 0.2:
            other = self.rng.choice(self.names)
            cond = {'any': [cond, {'count.' + other: {'at_least': '3'}}]}
        return cond

    # -- the outcome's rules

    def thresholds(self, n):
        """n falling thresholds of the score on its steps."""
        step = Decimal(1).scaleb(-self.places)
        found = set()
        while len(found) < n:
            found.add(self.number(self.low, self.high))
            if self.rng.random() < 0.5:
                found.add(max(found) - step)
        return sorted(sorted(found)[-n:], reverse=True)

    def band_rules(self):
        rng = self.rng
        form = self.bands.deal()
        ids = rng.choice([['A', 'B', 'C', 'D', 'E'], ['A', 'B', 'C'], ['AAA', 'AA', 'A', 'B'],
                          ['4A', '3A', '2A+', 'B'], ['good', 'bad']])
        if form in ('steps',) and self.places:
            form = 'half open'
        if self.score_form == 'none':
            form = 'conditions'
        elif form == 'conditions' and rng.random() < 0.5:
            form = 'two dimensions'
        bands = {}
        limits = [plain(limit) for limit in self.thresholds(len(ids) - 1)]
        step = plain(Decimal(1).scaleb(-self.places))
        tests = []
        for i, band in enumerate(ids):
            upper = {'below': limits[i - 1]} if i else {}
            lower = {'at_least': limits[i]} if i < len(limits) else {}
            if form == 'above':
                upper = {'at_most': limits[i - 1]} if i else {}
                lower = {'above': limits[i]} if i < len(limits) else {}
            elif form == 'steps' and i:
                upper = {'at_most': plain(Decimal(limits[i - 1]) - 1)}
            elif form.startswith('gap') and i:
                upper = {'below': plain(Decimal(limits[i - 1]) - rng.choice([0, 0, 1, 5]))}
                if i < len(limits) and Decimal(upper['below']) <= Decimal(limits[i]):
                    upper = {'below': limits[i - 1]}
            elif form.startswith('overlap') and i:
                upper = {'at_most': plain(Decimal(limits[i - 1]) + rng.choice([0, 1, 10]))}
            tests.append({'score': {**lower, **upper}})
        if form == 'conditions':
            tests = [self.outcome_condition() for _ in ids]
        elif form == 'two dimensions':
            for i in range(len(ids)):
                if i and rng.random() < 0.3:
                    tests[i] = {'any': [tests[i], self.rare_condition()]}
                elif rng.random() < 0.5:
                    tests[i] = {**tests[i], **{'count.' + rng.choice(self.names):
                                               rng.choice([{'at_most': '1'}, {'at_least': '1'}, '0'])}}
        if form.startswith('overlap'):
            bands['choose'] = form.split()[1]
            bands['gap'] = rng.choice(['refer', rng.choice(ids)])
        elif form.startswith('gap'):
            bands['choose'] = rng.choice(['best', 'worst', 'refer'])
            bands['gap'] = 'refer' if form == 'gap refer' else rng.choice(ids)
        elif form in ('conditions', 'two dimensions'):
            bands['choose'] = rng.choice(['best', 'worst', 'refer'])
            bands['gap'] = rng.choice(['refer', rng.choice(ids)])
        if self.score_form != 'none':
            bands['step'] = step
        bands['cite'] = self.cite()
        bands['of'] = [{'id': band, 'name': '等级 ' + band, 'when': test}
                       for band, test in zip(ids, tests)]
        self.band_ids = ids
        return bands

    def scale(self):
        form = self.scales.deal()
        grades = sorted(self.rng.choice('ABCDE') for _ in self.band_ids)
        pairs = list(zip(self.band_ids, grades))
        if form == 'none':
            return None
        if form == 'partial':
            pairs = self.rng.sample(pairs, len(pairs) - 1)
        return dict(pairs)

    def rule(self, kind, i, **keys):
        return self.extra({'id': '%s_%d' % (kind, i + 1), 'name': '规则 %s %d' % (kind, i + 1),
                           **keys, 'cite': self.cite()})

    def list_rule(self, i):
        rng = self.rng
        form = self.lists.deal()
        some = rng.sample(self.band_ids, rng.randint(1, len(self.band_ids) - 1))
        band = {'band': some if len(some) > 1 else some[0]}
        if form == 'band':
            when = band
        elif form == 'count':
            when = self.rare_condition()
        elif form == 'score':
            when = self.outcome_test()
        elif form == 'both':
            when = {**band, **self.outcome_test()}
        else:
            when = {'all': [{'not': band}, self.outcome_test()]}
        kind = self.list_kinds.deal()
        keys = {'list': kind, 'when': when, 'term': self.list_terms.deal()}
        if kind == 'black':
            keys['basis'] = {'source': 'law1', 'article': '第3条'}
        return self.rule('list', i, **keys)

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
        self.summed, self.names = [], []
        self.in_force = random_day(rng, Day(2019, 1, 1), Day(2024, 6, 30))
        self.score_form = self.scores.deal()
        self.places = 1 if self.score_form == 'none' else self.decimals.deal()
        self.inputs = rng.sample(KINDS, rng.randint(2, 5))
        for kind in ('penalty', 'participation', 'permit'):
            if kind not in self.inputs:
                self.inputs.append(kind)
        self.match_terms = (['behaviour'] * 3 + ['field', 'authority', 'district', 'state',
                                                 'procedure', 'procedure', 'source']
                            + list(ORDERED) * 2
                            + ['amount', 'amount', 'points', 'quantity', 'subject_kind',
                               'act_on', 'decided_on', 'valid_until', 'corrected_on'])
        self.match_terms = list(dict.fromkeys(self.match_terms))
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

        components = []
        if self.score_form == 'components' or rng.random() < 0.15:
            components = ['basic', 'good', 'bad'][:rng.randint(1, 3)]
        self.names = rng.sample(['dumping', 'spilling', 'late_report', 'award_won', 'training',
                                 'dust_2', 'broken_pledge', 'inspected', 'hired_unlicensed', 'q'],
                                rng.randint(max(3, len(components)), 8))
        items = [self.item(name, components[i] if i < len(components) else
                           rng.choice(components + [None]) if components else None)
                 for i, name in enumerate(self.names)]

        base = {'deduct': 100, 'accumulate': 0, 'components': rng.choice([0, 30]), 'none': 0}[self.score_form]
        if self.score_form == 'deduct' and rng.random() < 0.3:
            base = 90
        component_rules = []
        for name in components:
            rule = {'id': name, 'name': '部分 ' + name}
            start = rng.choice([0, 20, 40])
            base += start
            if start or rng.random() < 0.3:
                rule['base'] = str(start)
            if rng.random() < 0.6:
                rule['floor'] = plain(start - abs(self.number(0, 40)))
            if rng.random() < 0.6:
                rule['cap'] = plain(start + abs(self.number(0, 40)))
            component_rules.append(self.extra_documentation(rule))
            self.summed.append(name)
        self.low, self.high = base - 30, base + 12
        if self.score_form == 'accumulate':
            self.low, self.high = base - 10, base + 30

        if self.needs_cycle or rng.random() < 0.2:
            start = add_months(self.in_force, rng.choice([-60, -7, 0, 5, 60]))
            policy['cycle'] = {'from': str(start.replace(day=rng.choice([1, 1, 15, 28]))),
                               'months': str(self.cycle_lengths.deal())}
        policy['score'] = self.score(base - sum(int(rule.get('base', 0)) for rule in component_rules))
        if component_rules:
            policy['components'] = component_rules
        policy['items'] = items
        bands = self.band_rules()
        states = []
        for i in range(rng.choice([0, 0, 1, 2, 3])):
            keys = {'when': self.rare_condition() if rng.random() < 0.8
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
        ceilings = [self.rule('ceiling', i, when=self.rare_condition(),
                              band=rng.choice(self.band_ids[1:]))
                    for i in range(rng.choice([0, 1, 1, 2]))]
        if ceilings:
            policy['ceilings'] = ceilings
        vetoes = []
        for i in range(rng.choice([0, 1, 1, 2, 3])):
            keys = {'when': self.rare_condition() if rng.random() < 0.75 else self.outcome_condition(),
                    'band': rng.choice(self.band_ids[1:])}
            hold = self.holds.deal()
            if hold:
                keys['hold'] = hold
            vetoes.append(self.rule('veto', i, **keys))
        if vetoes:
            policy['vetoes'] = vetoes
        lists = [self.list_rule(i) for i in range(rng.choice([0, 1, 2, 3]))]
        if lists:
            policy['lists'] = lists
        if rng.random() < 0.2:
            policy['documentation'] = '全文说明'
        return policy

    def extra_documentation(self, rule):
        if self.rng.random() < 0.1:
            rule['documentation'] = '说明 of the part'
        return rule

    def score(self, base):
        rng = self.rng
        if self.score_form == 'none':
            return 'none'
        score = {'base': str(base)}
        if not base and rng.random() < 0.5:
            del score['base']
        if rng.random() < 0.4:
            score['floor'] = plain(self.low - abs(self.number(0, 20)))
        if rng.random() < 0.4:
            score['cap'] = plain(self.high - rng.randint(0, 15))
        score['decimals'] = str(self.places)
        if self.needs_round or rng.random() < 0.3:
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


# ---------------------------------------------------------------- histories

def fen(text):
    """Money as the policy spells it, in fen."""
    if text.endswith('万元'):
        return int(Decimal(text[:-2]) * 1000000)
    return int(Decimal(text[:-1]) * 100)


def parse(term, text):
    """A value of the policy as one that can be compared."""
    if term in ORDERED:
        return ORDERED[term].index(text)
    if term == 'amount':
        return fen(text)
    if term in ('points', 'quantity'):
        return Decimal(text)
    if term in DAY_TERMS:
        return Day.fromisoformat(text)
    return text


def spell(term, value):
    if term in ORDERED:
        return ORDERED[term][value]
    if term in ('points', 'quantity'):
        return plain(value)
    return str(value)


def in_range(value, test):
    return all({'at_least': value >= bound, 'at_most': value <= bound,
                'above': value > bound, 'below': value < bound}[key]
               for key, bound in test.items())


class HistoryMaker:
    def __init__(self, path, rng):
        self.rng = rng
        with open(path, encoding='utf-8') as file:
            self.policy = yaml.load(file, Loader=getattr(yaml, 'CBaseLoader', yaml.BaseLoader))
        policy = self.policy
        self.start = Day.fromisoformat(policy['in_force']['from'])
        until = policy['in_force'].get('until')
        self.until = Day.fromisoformat(until) if until else None
        self.end = min(self.until or Day.max, add_months(self.start, 60))
        self.subject_kinds = policy['applies_to'].get('subject_kinds') or SUBJECT_KINDS
        if isinstance(self.subject_kinds, str):
            self.subject_kinds = [self.subject_kinds]
        score = policy['score']
        self.places = int(score.get('decimals', 0)) if isinstance(score, dict) else 4
        self.mentioned = {term: [] for term in TERMS}
        self.spans = []
        self.templates = []
        self.mention(policy['applies_to']['enrolled_by'])
        for item in policy['items']:
            self.mention(item['match'])
            points = item.get('points')
            inner = []
            if isinstance(points, dict):
                inner = [case['when'] for case in points.get('cases', []) + points.get('surcharges', [])]
                for cond in inner:
                    self.mention(cond)
                if 'awarded' in points:
                    low, high = (Decimal(points['awarded'][key]) for key in ('from', 'to'))
                    self.mentioned['points'] += [low, high, (low + high) // 2, low - 1, high + 1]
                if 'per_unit' in points:
                    self.mention_ties(Decimal(points['per_unit']))
            self.templates.append((item['match'], inner))
            window = item.get('window')
            if isinstance(window, dict):
                self.add_spans(window)
        for veto in policy.get('vetoes', []):
            if 'hold' in veto:
                self.spans.append(veto['hold'])
        self.cycle = None
        if 'cycle' in policy:
            self.cycle = (Day.fromisoformat(policy['cycle']['from']), int(policy['cycle']['months']))
        self.inputs = policy['inputs'] if isinstance(policy['inputs'], list) else [policy['inputs']]
        for term, values in self.mentioned.items():
            self.mentioned[term] = self.around(term, values)

    def add_spans(self, window):
        own = {key: window[key] for key in ('days', 'months', 'years') if key in window}
        spans = [span for span in (own, window.get('else')) if span]
        self.spans += spans
        if 'delay' in window:
            self.spans.append(window['delay'])
            for span in spans:
                self.spans.append({key: str(int(window['delay'].get(key, 0)) + int(span.get(key, 0)))
                                   for key in ('days', 'months', 'years')})

    def mention_ties(self, factor):
        """Quantities whose points lie just between two steps of the score."""
        step = Decimal(1).scaleb(-self.places)
        ties = [(k + Decimal('0.5')) * step / abs(factor) for k in range(12)] if factor else []
        self.mentioned['quantity'] += [tie for tie in ties if tie == tie.quantize(Decimal('0.0001'))]

    def mention(self, cond):
        """Collects the values that a condition of a record mentions."""
        for key, test in cond.items():
            if key in ('all', 'any'):
                for part in test:
                    self.mention(part)
            elif key == 'not':
                self.mention(test)
            elif key in self.mentioned:
                values = (list(test.values()) if isinstance(test, dict)
                          else test if isinstance(test, list) else [test])
                if isinstance(test, dict) and 'known' in test:
                    continue
                self.mentioned[key] += [parse(key, value) for value in values]

    def around(self, term, values):
        """The values and their neighbours: what a fact of this policy may carry."""
        rng = self.rng
        if term == 'kind':
            return KINDS
        if term in TEXTS:
            ends = [value[:-1] + rng.choice(['', '1', '01', 'x']) if value.endswith('*') else value
                    for value in values]
            return sorted(set(ends)) * 2 + TEXTS[term]
        if term in ORDERED:
            top = len(ORDERED[term]) - 1
            return sorted({min(max(value + step, 0), top) for value in values for step in (-1, 0, 1)}
                          | set(range(top + 1)))
        if term == 'amount':
            return sorted({max(value + step, 0) for value in values for step in (-1, 0, 1)}
                          | {0, 50000, 100000, 2000000, 30000000, 999999999999})
        if term == 'points':
            unit = Decimal(1).scaleb(-self.places)
            found = {value + step for value in values for step in (-unit, 0, unit)}
            found |= {Decimal(-3), Decimal(2)}
            return sorted(value for value in found if value == value.quantize(unit))
        if term == 'quantity':
            some = '0.5 0.25 0.0001 1 1.5 2.5 3 7.7777 12345.6789'.split()
            return sorted({max(value + step, Decimal(0)) for value in values
                           for step in (Decimal('-0.01'), 0, Decimal('0.01'))}
                          | {Decimal(text) for text in some})
        return [value + ONE_DAY * step for value in values for step in (-1, 0, 1)]

    # -- facts

    def satisfies(self, term, value, test):
        """Whether a known value passes a test."""
        if isinstance(test, dict):
            if 'known' in test:
                return test['known'] == 'true'
            return in_range(value, {key: parse(term, bound) for key, bound in test.items()})
        for one in test if isinstance(test, list) else [test]:
            if one.endswith('*') and term in TEXTS:
                if value.startswith(one[:-1]):
                    return True
            elif parse(term, one) == value:
                return True
        return False

    def satisfy(self, fact, cond, want=True):
        """Sets values so that a condition holds (or not), if that is easy."""
        rng = self.rng
        keys = list(cond)
        if not want:
            keys = [rng.choice(keys)]
        for key in keys:
            test = cond[key]
            if key in ('all', 'any'):
                parts = test if (key == 'all') == want else [rng.choice(test)]
                for part in parts:
                    self.satisfy(fact, part, want)
            elif key == 'not':
                self.satisfy(fact, test, not want)
            elif key == 'subject_kind':
                continue
            elif isinstance(test, dict) and 'known' in test:
                if (test['known'] == 'true') == want:
                    if key not in fact:
                        fact[key] = self.value(key)
                elif key != 'kind':
                    fact.pop(key, None)
            else:
                if key in fact and rng.random() < 0.5 and self.satisfies(key, fact[key], test) == want:
                    continue
                choices = [value for value in self.mentioned[key]
                           if self.satisfies(key, value, test) == want]
                if choices:
                    fact[key] = rng.choice(choices)

    def value(self, term):
        if self.mentioned[term]:
            return self.rng.choice(self.mentioned[term])
        return self.day()

    def day(self):
        """A day near the subject's own time."""
        rng = self.rng
        if self.cycle and rng.random() < 0.05:
            start, months = self.cycle
            n = ((self.centre.year - start.year) * 12 + self.centre.month - start.month) // months
            return add_months(start, n * months) + ONE_DAY * rng.randint(-1, 1)
        return random_day(rng, self.centre - ONE_DAY * 400, self.centre + ONE_DAY * 400)

    def set_days(self, fact):
        rng = self.rng
        chance = rng.random
        decided = self.day()
        later = lambda day, most: day + ONE_DAY * rng.randint(0, most)
        if chance() < 0.85:
            fact['decided_on'] = decided
        if chance() < 0.6:
            fact['act_on'] = decided - ONE_DAY * rng.randint(0, 90)
        if chance() < 0.3:
            fact['act_ended_on'] = later(decided, 60) - ONE_DAY * 30
        if chance() < 0.4:
            fact['served_on'] = later(decided, 15)
        if chance() < 0.5:
            fact['valid_from'] = later(decided, 30)
        if chance() < 0.4:
            start = fact.get('valid_from', decided)
            fact['valid_until'] = rng.choice([add_months(start, 12) - ONE_DAY, add_months(start, 6),
                                              add_months(start, 36), later(start, 500), start])
            if chance() < 0.02:
                fact['valid_until'] = Day(2099, 12, 31)
        if chance() < 0.5:
            fact['publicity_until'] = add_months(decided, rng.choice([3, 12, 12, 36]))
        if chance() < 0.4:
            fact['corrected_on'] = later(decided, 300)
        if chance() < 0.25:
            fact['repaired_on'] = later(decided, 500)
        if chance() < 0.95:
            fact['recorded_on'] = later(decided, 10)

    def fact(self, template=None):
        rng = self.rng
        fact = {'kind': rng.choice(self.inputs if rng.random() < 0.95 else KINDS)}
        for term in self.mentioned:
            if term == 'kind' or term in DAY_TERMS:
                continue
            if rng.random() < 0.5:
                fact[term] = self.value(term)
        self.set_days(fact)
        if template:
            match, inner = template
            for cond in inner:
                if rng.random() < 0.4:
                    self.satisfy(fact, cond, rng.random() < 0.7)
            self.satisfy(fact, match)
        if rng.random() < 0.3:
            # something is not known
            for term in rng.sample(sorted(fact), 2):
                if term != 'kind':
                    del fact[term]
        if 'points' in fact and self.places < 4 and rng.random() < 0.03:
            # finer than the score
            fact['points'] += Decimal(5).scaleb(-self.places - 1)
        return fact

    def enrolling(self):
        rng = self.rng
        fact = {}
        self.set_days(fact)
        fact['kind'] = rng.choice(self.inputs)
        fact['valid_from'] = self.centre - ONE_DAY * rng.randint(0, 900)
        if rng.random() < 0.4:
            fact['valid_until'] = self.centre + ONE_DAY * rng.randint(0, 1200)
        else:
            fact.pop('valid_until', None)
        self.satisfy(fact, self.policy['applies_to']['enrolled_by'])
        if rng.random() < 0.1:
            fact.pop('valid_from', None)
        if rng.random() < 0.05:
            fact.pop('decided_on', None)
        return fact

    def line(self, fact):
        rng = self.rng
        parts = ['%s=%s' % (term, spell(term, value)) for term, value in fact.items()]
        if rng.random() < 0.03:
            parts.append('revoked_on=%s' % self.day())
        if rng.random() < 0.03:
            parts.append('verified=f')
        return 'F\t' + '\t'.join(parts)

    # -- questions

    def boundary(self, facts):
        """A day on which, or next to which, something may begin or end."""
        rng = self.rng
        fact = rng.choice(facts)
        days = [value for value in fact.values() if isinstance(value, Day)]
        day = rng.choice(days) if days else self.day()
        if day.year > 2090:
            return day
        shape = rng.randrange(8)
        if shape <= 3 and self.spans:
            day = add_span(day, rng.choice(self.spans))
        elif shape == 4:
            unit = rng.choice([1, 3, 6, 12])
            first = Day(day.year, (day.month - 1) // unit * unit + 1, 1)
            day = add_months(first, unit * rng.choice([1, 1, 2])) - ONE_DAY
        elif shape == 5 and self.cycle:
            start, months = self.cycle
            n = ((day.year - start.year) * 12 + day.month - start.month) // months
            day = add_months(start, (n + rng.randint(0, 2)) * months)
        return day + ONE_DAY * rng.choice([-1, 0, 0, 1])

    def queries(self, facts):
        rng = self.rng
        days = []
        for _ in range(rng.randint(3, 6)):
            day = self.boundary(facts) if facts and rng.random() < 0.8 else None
            if day is None or not self.start <= day <= self.end:
                day = rng.choice([self.day(), random_day(rng, self.start, self.end)])
            if rng.random() < 0.04:
                day = rng.choice([self.start, self.end, self.end - ONE_DAY])
            days.append(min(max(day, self.start), self.end))
        return days

    def subject(self):
        rng = self.rng
        kind = rng.choice(self.subject_kinds if rng.random() < 0.93 else SUBJECT_KINDS)
        self.centre = random_day(rng, self.start, max(self.start, self.end - ONE_DAY * 300))
        facts = []
        if rng.random() < 0.92:
            facts += [self.enrolling() for _ in range(rng.choice([1, 1, 1, 2]))]
        n = rng.choice([0, 1, 2, 3, 5, 8, 12, 17, 23])
        favourite = rng.choice(self.templates)
        for _ in range(n):
            shape = rng.random()
            template = favourite if shape < 0.4 else rng.choice(self.templates) if shape < 0.85 else None
            facts.append(self.fact(template))
        if facts and rng.random() < 0.05:
            facts.append(dict(rng.choice(facts)))
        rng.shuffle(facts)
        return (['S\t' + kind] + [self.line(fact) for fact in facts]
                + ['Q\t%s' % day for day in self.queries(facts)])


def write_histories(path, count, seed, target):
    rng = random.Random('histories %s %s' % (seed, os.path.basename(path)))
    maker = HistoryMaker(path, rng)
    with open(target, 'w', encoding='utf-8') as out:
        for _ in range(count):
            out.write('\n'.join(maker.subject()) + '\n')


def shuffle(source, seed, target):
    """Changes the order of the facts, and lets some follow the questions."""
    rng = random.Random('shuffle %s' % seed)

    def write(out, lines):
        facts = [line for line in lines if line.startswith('F')]
        questions = [line for line in lines if line.startswith('Q')]
        rng.shuffle(facts)
        early = rng.randint(0, len(facts))
        at = rng.randint(0, len(questions))
        out.writelines([lines[0]] + facts[:early] + questions[:at] + facts[early:] + questions[at:])

    with open(source, encoding='utf-8') as file, open(target, 'w', encoding='utf-8') as out:
        lines = []
        for line in file:
            if line.startswith('S') and lines:
                write(out, lines)
                lines = []
            lines.append(line)
        if lines:
            write(out, lines)


def main(args):
    if len(args) == 4 and args[0] == 'policies':
        write_policies(int(args[1]), args[2], args[3])
    elif len(args) == 5 and args[0] == 'histories':
        write_histories(args[1], int(args[2]), args[3], args[4])
    elif len(args) == 4 and args[0] == 'shuffle':
        shuffle(args[1], args[2], args[3])
    else:
        sys.exit(__doc__)


if __name__ == '__main__':
    main(sys.argv[1:])
