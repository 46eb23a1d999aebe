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
"""
import calendar
import datetime
import os
import random
import sys
from decimal import Decimal

import yaml

Day = datetime.date
SUM_STEP = 2                    # when the sum of an item is known
ONE_DAY = datetime.timedelta(days=1)

READINGS = ['result', 'rating', 'listing']
ROLES = ['branch', 'head_office', 'legal_representative', 'responsible_person', 'represented', 'related']
LISTS = ['red', 'black', 'watch', 'focus']
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
    'grade': ['E', 'D', 'C', 'B', 'A'],
}
TEXTS = {
    'behaviour': ['CW-01', 'CW-02', 'CW-03', 'CG-01', 'CG-02', 'DUST-1'],
    'field': ['transport', 'waste', 'lighting', 'advertising'],
    'authority': ['bureau-1', 'bureau-2', 'office-1'],
    'district': ['north', 'north-east', 'south'],
    'source': ['court', 'police', 'province'],
    'state': ['taking_part', 'halted', 'not_taking_part', 'passed', 'failed'],
    'procedure': ['simple', 'general'],
    'document': ['D-1', 'D-2', 'D-3', 'X-9'],
    'unit': ['lot-1', 'lot-2', 'lot-3'],
    'whose': ['own'] + ROLES,
    'policy': ['other-measure', 'transport-rating', 'unread-measure'],
    'cycle': ['year', 'half'],
    'list': LISTS + ['barred'],
    'band': ['A', 'B', 'C', 'D'],
}
READING_TERMS = ['policy', 'cycle', 'list', 'band', 'grade']
# what a reading of each kind has (README 6)
HAS = {'result': ['policy', 'state', 'band', 'grade', 'points', 'valid_from', 'valid_until'],
       'rating': ['policy', 'cycle', 'state', 'band', 'grade', 'points', 'act_on', 'act_ended_on', 'decided_on', 'valid_from',
                  'valid_until'],
       'listing': ['list', 'authority', 'source', 'decided_on', 'valid_from', 'valid_until']}
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
            window['cycle'] = self.which(form)
            self.needs_cycle = True
        elif form.startswith('term'):
            window['term'] = rng.choice(['valid_until', 'publicity_until', 'corrected_on'])
            if form == 'term else':
                window['else'] = self.span()
            elif form == 'term always':
                window['else'] = 'always'
        else:
            window['calendar'], window['which'] = form.split()[0], self.which(form)
        spanned = form in ('days', 'months', 'years', 'term else')
        if 'corresponding_day' in modifiers and spanned:
            window['corresponding_day'] = rng.choice(['not_counted', 'not_counted', 'counted'])
        if 'not_before' in modifiers and form != 'always_from':
            window['not_before'] = rng.choice(['publicity_until', 'corrected_on', 'valid_until'])
        if 'ends_on' in modifiers:
            ends = ['corrected_on', 'valid_until', 'act_ended_on', 'repaired_on']
            window['ends_on'] = rng.sample(ends, 2) if 'ends_on list' in modifiers else rng.choice(ends)
        return window

    def which(self, form):
        which = form.split()[1]
        return {'back': str(self.rng.choice([1, 2, 2, 3, 10]))} if which == 'back' else which

    def item_points(self, name):
        rng = self.rng
        form = self.points.deal()
        while 'per_unit' in form and self.score_form == 'none':
            form = self.points.deal()
        sign = self.sign = -1 if rng.random() < self.adverse else 1
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

    def reading_match(self, kind):
        """A match of the readings of a kind, and no other."""
        rng = self.rng
        match = {'kind': kind}
        if kind == 'listing':
            lists = self.reads.setdefault('listings', rng.sample(LISTS, 3))
            if rng.random() < 0.8:
                match['list'] = rng.choice([rng.choice(lists), rng.sample(lists, 2)])
            if rng.random() < 0.3:
                match[rng.choice(['authority', 'source'])] = rng.choice([{'known': 'true'}, {'known': 'false'}])
            return match
        if kind == 'result':
            match['policy'] = self.reads.setdefault('results', ['other-measure'])[0]
        else:
            match['policy'] = rng.choice(self.reads.setdefault('ratings', ['self', 'transport-rating']))
            if rng.random() < 0.3:
                match['cycle'] = 'year'
        term = rng.choice(['band', 'grade', 'points', 'state', None])
        if term:
            match[term] = self.test(term)
        return match

    def reading_item(self, item, kind):
        """An item about readings."""
        rng = self.rng
        item['match'] = self.reading_match(kind)
        form = rng.choice(['number', 'number', 'cases', 'awarded', 'none'])
        if form == 'number':
            item['points'] = plain(self.number(-12, 12))
        elif form == 'cases':
            item['points'] = {'cases': [{'when': {'list': rng.choice(LISTS)} if kind == 'listing' else
                                         {rng.choice(['grade', 'band']): 'A'}, 'points': plain(self.number(-9, 9))}
                                        for _ in range(2)]}
            if rng.random() < 0.7:
                item['points']['otherwise'] = plain(self.number(-9, 9))
        elif form == 'awarded' and kind != 'listing':
            item['points'] = {'awarded': {'from': '-20', 'to': '20'}}
        if kind == 'result':
            self.tainted.add(item['id'])
            if rng.random() < 0.4:
                item['take'] = rng.choice(['highest', 'lowest'] + ['mean'] * (self.score_form != 'none'))
                self.needs_round = self.needs_round or item['take'] == 'mean'
        elif kind == 'listing' or rng.random() < 0.5:
            item['window'] = {'from': rng.choice(['valid_from', ['valid_from', 'decided_on']]), 'term': 'valid_until',
                              'else': rng.choice(['always', {'years': '1'}])}
        else:
            item['window'] = self.window()

    def vary(self, item):
        """Gives an item points that differ from record to record."""
        points = item.get('points')
        if item['match'].get('kind') in READINGS or (isinstance(points, dict) and self.rng.random() < 0.5):
            return
        low = 0 if self.pointed.get(item['id'], -1) > 0 else -20
        item['points'] = {'awarded': {'from': str(low), 'to': str(low + 20)}}
        self.pointed.setdefault(item['id'], -1)

    def take(self, item):
        """What may stand beside the points of an item about records."""
        rng = self.rng
        scored = self.score_form != 'none'
        take = self.takes.deal()
        if take == 'mean' and not scored:
            take = 'highest'
        if take in ('latest', 'earliest', 'highest', 'lowest', 'mean'):
            item['take'] = take
        elif take == 'after_first':
            item['take'] = {'after_first': rng.choice('1123')}
        elif take and take.startswith('once'):
            item['take'] = {'once_per': self.once.deal(), 'keep': take.split()[1]}
        elif take:
            item['take'], item['tie'] = take.split()[0], rng.choice(['highest', 'lowest', 'highest', 'lowest', 'refer'])
        if take and ('latest' in take or 'earliest' in take):
            self.vary(item)
        self.needs_round = self.needs_round or take == 'mean'
        if take is None:
            self.takeless.append(item['id'])
        extras = self.extras.deal()
        if 'factor' in extras and scored and 'points' in item:
            item['factor'] = rng.choice(['0.5', '0.25', '1.5', '-1', '0.333', '2'])
            self.needs_round = True
        if 'absent' in extras:
            item['absent'] = plain(self.number(-12, 12))

    def item(self, name, component, kind=None):
        rng = self.rng
        item = {'id': name, 'name': '项目 ' + name}
        if component:
            item['component'] = component
        kind = kind or self.kinds_of_item.deal()
        if kind in READINGS:
            self.reading_item(item, kind)
        else:
            item['match'] = self.match()
            if kind == 'linked':
                roles = self.reads.setdefault('linked', rng.sample(ROLES, 2))
                if rng.random() < 0.7:
                    item['match']['whose'] = rng.choice([roles[0], roles[1], 'own', ['own', roles[0]]])
            points = self.item_points(name)
            if points is not None:
                item['points'] = points
                self.pointed[name] = self.sign
                if rng.random() < 0.25:
                    self.vary(item)
            item['window'] = self.window()
            if rng.random() < 0.4:
                item['repaired'] = rng.choice(['counts', 'counts', 'ends'])
        if kind != 'result':
            self.take(item)
        if 'points' in item:
            low = self.number(-40, 2)
            if rng.random() < 0.35:
                item['floor'] = plain(low)
            if rng.random() < 0.35:
                item['cap'] = plain(low + rng.randint(10, 60))
        tainted = kind == 'result'
        if 'points' in item or 'absent' in item:
            self.term('sum.' + name, SUM_STEP, -25, 25, tainted=tainted)
        self.term('count.' + name, 1, 'count', weight=2, tainted=tainted)
        item['cite'] = self.cite()
        self.items[name] = item
        return self.extra(item)

    def when_item(self, number, component):
        """An item about the outcome so far."""
        rng = self.rng
        name = 'bonus_%d' % number
        item = {'id': name, 'name': '加分 ' + name}
        if component:
            item['component'] = component
        clean = rng.random() < 0.7
        item['when'] = self.outcome_condition(step=1, clean=clean)
        item['points'] = plain(self.number(1, 12))
        item['cite'] = self.cite()
        if not clean:
            self.tainted.add(name)
        self.term('sum.' + name, SUM_STEP, 0, 12, tainted=not clean)
        self.term('count.' + name, 1, 'count', tainted=not clean)
        return self.extra(item)

    # -- what is derived from items

    def run(self, number):
        rng = self.rng
        name = 'run_%d' % number
        per, without, through = self.runs.deal()
        while per == 'cycle' and not self.cycle_months:
            per, without, through = self.runs.deal()
        of = rng.choice(self.takeless)
        months = {'year': 12, 'half': 6, 'quarter': 3, 'month': 1, 'cycle': self.cycle_months}[per]
        most = rng.randint(1, max(1, min({1: 12, 3: 8, 6: 6}.get(months, 4), 72 // months)))
        run = {'id': name, 'name': '连续 ' + name, 'of': of, 'per': per}
        if without:
            run['without'] = 'true'
        during = self.whiles.deal()
        if during:
            run['while'] = 'enrolled' if during == 'enrolled' else rng.choice(self.takeless)
        run['at_most'] = str(most)
        if through or rng.random() < 0.1:
            run['through'] = 'this' if through else 'last'
        self.term('run.' + name, 1, 0, most, weight=5)
        run['cite'] = self.cite()
        return self.extra(run)

    def counter(self, number):
        rng = self.rng
        name = 'counter_%d' % number
        of = self.counter_of.deal()
        items = rng.sample(self.takeless, min(len(self.takeless), rng.choice([1, 2, 2, 3])))
        same_day = self.same_days.deal()
        if same_day != 'together' and of == 'count':
            of = 'minus_points'
        if of != 'count':
            # some that do add something
            with_points = [name for name in self.takeless if name in self.pointed]
            items = list(dict.fromkeys(rng.sample(with_points, min(len(with_points), 2)) + items[:1]))
            if with_points and rng.random() < 0.9:
                of = 'points' if self.pointed[items[0]] > 0 else 'minus_points'
            for one in with_points and items[:2]:
                if 'points' in self.items.get(one, {}):
                    self.vary(self.items[one])
        per = self.counter_per.deal()
        if per == 'cycle' and not self.cycle_months:
            per = 'year'
        if same_day != 'together' and rng.random() < 0.6:
            per = 'always'
        counter = {'id': name, 'name': '记分 ' + name, 'of': of, 'items': items, 'per': per, 'same_day': same_day}
        steps = []
        high = 4 if of == 'count' else 25
        for i in range(rng.choice([1, 2, 2, 3])):
            step = {'id': '%s_step%d' % (name, i + 1), 'name': '满分 %d' % i,
                    'at_least': str(rng.randint(1, 3)) if of == 'count' else str(rng.randint(2, 12))}
            if rng.random() < (0.9 if i == 0 and same_day != 'refer' else 0.5):
                step['reset'] = 'true'
            if i == 0 and same_day in ('smallest_first', 'largest_first'):
                # the order of a day shows where the value is set back within it
                step['at_least'] = str(rng.randint(6, 12))
            elif rng.random() < 0.45 and any('reset' in one for one in steps + [step]):
                step['resets'] = rng.choice(['0', {'at_least': '1'}, {'at_most': '1'}, ['0', '2']])
            steps.append(step)
            self.term('fired.' + step['id'], 1, 0, 2, weight=5)
            self.term('fires.' + step['id'], 1, 0, 1, weight=3)
            self.steps.append(step['id'])
        counter['steps'] = steps
        self.term('counter.' + name, 1, 0, high, weight=5)
        if any('reset' in step for step in steps):
            self.term('resets.' + name, 1, 0, 2, weight=4)
        counter['cite'] = self.cite()
        return self.extra(counter)

    def value(self, steps, kind=None):
        """A value of the outcome made of what is known at a step."""
        rng = self.rng
        self.nvalues += 1
        name = 'value_%d' % self.nvalues
        step = rng.choice(steps)
        kind = kind or self.value_kinds.deal()
        value = {'id': name, 'name': '数值 ' + name}
        if rng.random() < 0.5:
            value['unit'] = "'%'" if rng.random() < 0.5 else '万元'
        terms = [term for term in self.terms if term['step'] <= step and term['low'] is not True and
                 term['name'] != 'subject_kind']
        fresh = [term for term in terms if term['weight'] > 2]
        some = lambda: rng.choice(fresh if fresh and rng.random() < 0.6 else terms)
        tainted = False
        low, high, deepest = -20, 60, 2

        def pick():
            nonlocal tainted, deepest
            term = some()
            tainted = tainted or term['tainted']
            deepest = max(deepest, term['step'])
            return term['name']

        if kind == 'ratio':
            value['ratio'] = {'of': pick(), 'over': pick(), 'times': rng.choice(['1', '100', '10', '0.5']),
                              'otherwise': str(rng.randint(0, 100))}
            low, high = 0, 100
        elif kind == 'linear':
            value['linear'] = {'of': pick(), 'times': rng.choice(['0.5', '2', '-1', '0.3333', '1000']), 'plus': plain(self.number(-5, 50))}
        elif kind == 'cases':
            inner = step if step < 5 else 4
            cond = [self.ranked_test() if inner == 4 and self.ranked and rng.random() < 0.6 else
                    self.outcome_condition(step=inner) for _ in range(rng.randint(1, 2))]
            tainted, deepest = True, 4 if inner >= 4 else 3 if inner == 3 else 2
            if step == 5:
                cond[0] = {'band': rng.choice(self.band_ids)}
                deepest = 5
            if inner == 3:
                deepest = 4
            value['cases'] = [{'when': one, 'is': plain(self.number(0, 50))} for one in cond]
            value['otherwise'] = plain(self.number(0, 100))
        else:
            value[kind] = [pick() for _ in range(rng.randint(2, 3))] + ([plain(self.number(0, 20))] if rng.random() < 0.5 else [])
        if deepest == 3:
            deepest = 4
        if kind != 'cases' and rng.random() < 0.5:
            value['decimals'] = rng.choice('012')
        if kind != 'cases' or self.score_form == 'none':
            value['round'] = self.rounds.deal()
        value['cite'] = self.cite()
        self.term('value.' + name, deepest, low, high, weight=4, tainted=tainted)
        return self.extra(value)

    def watching(self):
        """Values that show what runs, counters and ranks come to."""
        rng = self.rng
        numbers = [term['name'] for term in self.terms
                   if term['name'].startswith(('run.', 'counter.', 'resets.', 'fired.', 'fires.')) and not term['tainted']]
        values = []
        if numbers:
            values.append({'sum': rng.sample(numbers, min(len(numbers), 4)), 'decimals': str(self.places), 'round': 'half_up'})
        for term in self.ranked[:2]:
            if term['low'] is True:
                values.append({'cases': [{'when': {term['name']: 'true'}, 'is': '1'}], 'otherwise': '0', 'round': 'half_up'})
            else:
                values.append({'linear': {'of': term['name'], 'times': '1'}, 'round': 'half_up'})
        for value in values:
            self.nvalues += 1
            value.update({'id': 'value_%d' % self.nvalues, 'name': '数值', 'cite': self.cite()})
        return [{'id': value['id'], 'name': value['name'], **value} for value in values]

    def rank(self, number):
        rng = self.rng
        name = 'order_%d' % number
        by = [term['name'] for term in self.terms if term['step'] <= 3 and
              (term['name'] == 'score' or term['name'].startswith(('sum.', 'value.')))]
        rank = {'id': name, 'name': '排名 ' + name, 'by': 'score' if 'score' in by and rng.random() < 0.6 else rng.choice(by),
                'best': self.best.deal()}
        if rng.random() < 0.6:
            rank['among'] = self.outcome_condition(step=3)
        rank['ties'] = self.ties.deal()
        groups = []
        for i in range(rng.choice([1, 2, 3])):
            group = {'id': '%s_g%d' % (name, i + 1)}
            form = self.groups.deal()
            if 'worst' in form:
                group['from'] = 'worst'
            if 'percent' in form:
                group['percent'] = rng.choice(['10', '15', '25', '33.3', '40', '50', '100'])
                group['round'] = rng.choice(['half_up', 'up', 'down'])
            else:
                group['number'] = rng.choice('1235')
            groups.append(group)
            self.ranked.append({'name': 'group.' + group['id'], 'step': 4, 'low': True, 'high': True, 'weight': 6,
                                'tainted': True})
        rank['groups'] = groups
        self.ranked.append({'name': 'rank.' + name, 'step': 4, 'low': 1, 'high': 8, 'weight': 6, 'tainted': True})
        rank['cite'] = self.cite()
        return self.extra(rank)

    # -- conditions of outcomes

    def term(self, name, step, low, high=None, weight=1, tainted=False):
        """Notes a term of the outcome: low True for a truth, 'count' for a small number."""
        self.terms.append({'name': name, 'step': step, 'low': low, 'high': high, 'weight': weight, 'tainted': tainted})

    def outcome_test(self, step=4, clean=False):
        rng = self.rng
        terms = [term for term in self.terms if term['step'] <= step and not (clean and term['tainted'])]
        term = rng.choices(terms, [one['weight'] for one in terms])[0]
        name, low = term['name'], term['low']
        if low is True:
            return {name: rng.choice(['true', 'true', 'false'])}
        if name == 'subject_kind':
            return {name: self.test('subject_kind', False)}
        if name == 'count.enrolled':
            return {name: rng.choice(['2', {'at_least': '2'}, {'above': '1'}, {'at_most': '1'}])}
        if low == 'count':
            return {name: rng.choice([{'at_least': '1'}, {'at_least': '2'}, {'at_least': '3'}, {'above': '1'},
                                      '0', ['1', '3'], {'at_least': '1', 'below': '3'}, {'at_most': '1'}])}
        if name.startswith(('run.', 'resets.', 'fired.', 'fires.', 'rank.')):
            bound = str(rng.randint(max(low, 1), max(low, 1, term['high'])))
            return {name: rng.choice([{'at_least': bound}, {'at_least': bound}, bound, {'below': bound}])}
        return {name: self.number_test(low, term['high'])}

    def number_test(self, low, high):
        values = sorted({self.number(low, high) for _ in range(6)} | {Decimal(low), Decimal(high)})
        return self.range_test([plain(value) for value in values])

    def outcome_condition(self, depth=0, step=4, clean=False):
        rng = self.rng
        shape = rng.random()
        if depth >= 2 or shape < 0.6:
            return self.outcome_test(step, clean)
        parts = lambda: [self.outcome_condition(depth + 1, step, clean) for _ in range(2)]
        if shape < 0.75:
            return {'any': parts()}
        if shape < 0.87:
            return {'all': parts()}
        if shape < 0.93:
            return {**self.outcome_test(step, clean), rng.choice(['all', 'any']): parts()}
        return {'not': self.outcome_condition(depth + 1, step, clean)}

    def rare_condition(self, step=4, clean=False):
        """A condition that does not hold for nearly everybody."""
        names = [name for name in self.names if not (clean and name in self.tainted)]
        special = [term for term in self.terms if term['weight'] > 2 and term['step'] <= step and
                   not (clean and term['tainted'])]
        if special and self.rng.random() < 0.5:
            return self.outcome_condition(1, step, clean)
        name = self.rng.choice(names)
        cond = {'count.' + name: {'at_least': self.rng.choice('1122')}}
        if self.rng.random() < 0.4:
            cond['all'] = [self.outcome_condition(1, step, clean)]
        elif self.rng.random() < 0.2:
            other = self.rng.choice(names)
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
        elif self.ranked and form in ('half open', 'above', 'steps', 'gap band', 'gap refer', 'conditions'):
            form = 'two dimensions'
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
        elif form == 'two dimensions' and self.ranked:
            self.terms += self.ranked
            tests = [self.ranked_test() if rng.random() < 0.5 else
                     {rng.choice(['any', 'any', 'all']): [test, self.ranked_test()]} if rng.random() < 0.7 else test
                     for test in tests]
            self.terms = [term for term in self.terms if term not in self.ranked]
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

    def ranked_test(self):
        term = self.rng.choice(self.ranked)
        if term['low'] is True:
            return {term['name']: self.rng.choice(['true', 'true', 'false'])}
        return {term['name']: {self.rng.choice(['at_most', 'above']): str(self.rng.randint(1, 5))}}

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
            when = self.rare_condition(5)
        elif form == 'score':
            when = self.outcome_test(5)
        elif form == 'both':
            when = {**band, **self.outcome_test(5)}
        else:
            when = {'all': [{'not': band}, self.outcome_test(5)]}
        kind = self.list_kinds.deal()
        keys = {'list': kind, 'when': when, 'term': self.list_terms.deal()}
        if kind == 'black':
            keys['basis'] = {'source': 'law1', 'article': '第3条'}
        if rng.random() < 0.2:
            keys['at'] = 'rating'
        return self.rule('list', i, **keys)

    def effect(self, i):
        rng = self.rng
        keys = {'effect': rng.choice(['order', 'order', 'bar'])}
        if keys['effect'] == 'order':
            keys['when'] = self.rare_condition(5) if rng.random() < 0.6 else {'band': rng.sample(self.band_ids, 2)}
            after = 'step' if self.steps and rng.random() < 0.6 else self.afters.deal()
            if after == 'step' and self.steps:
                keys['after'] = rng.choice(self.steps)
                if rng.random() < 0.7:
                    keys['when'] = {'fired.' + keys['after']: {'at_least': '1'}}
            elif after == 'cycle':
                keys['after'] = 'cycle'
            elif after:
                keys['after'] = rng.choice([name for name in self.names if name not in self.tainted])
                if rng.random() < 0.7:
                    keys['when'] = {'count.' + keys['after']: {'at_least': '1'}}
            if 'after' in keys:
                keys['due'] = self.dues.deal()
        else:
            keys['matter'] = rng.choice(['政府采购投标', '信用修复'])
            hold = self.holds.deal()
            if hold:
                keys['when'] = {'fires.' + rng.choice(self.steps): {'at_least': '1'}} if self.steps and rng.random() < 0.5 else \
                    self.rare_condition(1, True) if rng.random() < 0.7 or self.tainted else {'band': rng.choice(self.band_ids)}
                keys['hold'] = hold
            else:
                keys['when'] = self.rare_condition(5)
        if rng.random() < 0.15:
            keys['at'] = 'rating'
        return self.rule('effect', i, **keys)

    def limits(self, policy, floors):
        """Ceilings, floors and vetoes; where they can disagree one overrides the other."""
        rng = self.rng
        bands = self.band_ids
        vetoes = []
        for i in range(rng.choice([0, 1, 1, 2, 3])):
            hold = self.holds.deal()
            clean = bool(hold)
            keys = {'when': self.rare_condition(3, clean) if rng.random() < 0.75 else self.outcome_condition(step=3, clean=clean),
                    'band': rng.choice(bands[1:])}
            if hold:
                keys['hold'] = hold
                if self.steps and rng.random() < 0.4:
                    keys['when'] = {'fires.' + rng.choice(self.steps): {'at_least': '1'}}
            vetoes.append(self.rule('veto', i, **keys))
        self.terms += self.ranked
        ceilings = [self.rule('ceiling', i, when=self.rare_condition(), band=rng.choice(bands[1:]))
                    for i in range(rng.choice([0, 1, 1, 2]))]
        floors = [self.rule('floor', i, when=self.rare_condition(), band=rng.choice(bands[:-1])) for i in range(floors)]
        for floor in floors:
            for other in ceilings + vetoes:
                if bands.index(other['band']) > bands.index(floor['band']):
                    one, two = rng.choice([(floor, other), (other, floor)])
                    one.setdefault('overrides', []).append(two['id'])
        everything = ceilings + floors + vetoes
        if len(everything) > 1 and rng.random() < 0.3:
            one, two = rng.sample(everything, 2)
            if one['id'] not in two.get('overrides', []) and two['id'] not in one.get('overrides', []):
                one.setdefault('overrides', []).append(two['id'])
        for key, rules in (('ceilings', ceilings), ('floors', floors), ('vetoes', vetoes)):
            if rules:
                policy[key] = rules

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
                            + ['amount', 'points', 'quantity', 'subject_kind', 'act_on', 'decided_on', 'valid_until',
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

    def units_item(self, name):
        """The item that says which sub-units there are."""
        item = {'id': name, 'name': '合同', 'match': {'kind': self.rng.choice(['permit', 'permit', 'participation'])},
                'window': self.rng.choice(['always', {'from': ['valid_from', 'decided_on'], 'term': 'valid_until', 'else': 'always'},
                                           {'from': 'decided_on', 'years': '1'}]),
                'cite': self.cite()}
        self.takeless.append(name)
        self.term('count.' + name, 1, 'count')
        return item

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
        self.windows = []
        self.bursting = []
        self.mention(policy['applies_to']['enrolled_by'])
        counted = [name for counter in policy.get('counters', []) for name in counter['items']]
        looked_at = list(counted)
        for item in policy['items']:
            if 'match' not in item:
                continue
            if 'take' in item:
                looked_at.append(item['id'])
            if item['id'] in looked_at or item['id'] == 'contracts' or 'awarded' in (item.get('points') or {}) or 'corresponding_day' in (item.get('window') or {}):
                self.bursting += [item] * (3 if item['id'] in counted else 1)
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
            if item['id'] == 'contracts' or item['id'] in looked_at:
                self.templates += self.templates[-1:] * 2
            window = item.get('window')
            if isinstance(window, dict):
                self.add_spans(window)
                if any(key in window for key in ('days', 'months', 'years', 'else')):
                    self.windows.append(window)
        for rule in policy.get('vetoes', []) + policy.get('effects', []):
            if 'hold' in rule:
                self.spans.append(rule['hold'])
        reads = policy.get('reads', {})
        self.roles = reads.get('linked', [])
        self.known_policies = [policy['policy'] if name == 'self' else name for name in
                               reads.get('results', []) + reads.get('ratings', [])]
        self.units = 'contracts' in [item['id'] for item in policy['items']]
        self.cycle = None
        if 'cycle' in policy:
            self.cycle = (Day.fromisoformat(policy['cycle']['from']), int(policy['cycle']['months']))
        self.inputs = policy['inputs'] if isinstance(policy['inputs'], list) else [policy['inputs']]
        for term, values in self.mentioned.items():
            self.mentioned[term] = self.around(term, values)

    def add_spans(self, window):
        own = {key: window[key] for key in ('days', 'months', 'years') if key in window}
        spans = [span for span in (own, window.get('else')) if span and span != 'always']
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
                self.mentioned[key] += [self.policy['policy'] if (key, value) == ('policy', 'self') else parse(key, value)
                                        for value in values]

    def around(self, term, values):
        """The values and their neighbours: what a fact of this policy may carry."""
        rng = self.rng
        if term == 'kind':
            return KINDS + READINGS
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
            elif (self.policy['policy'] if (term, one) == ('policy', 'self') else parse(term, one)) == value:
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
            if rng.random() < (0.15 if term == 'whose' else 0.8 if term == 'unit' and self.units else 0.5):
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
        if self.places < 4 and fact['kind'] in READINGS and rng.random() < 0.8 and 'points' in fact:
            fact['points'] = Decimal(int(fact['points']))
        return self.fit(fact)

    def fit(self, fact):
        """Leaves a fact what its kind has."""
        rng = self.rng
        if fact['kind'] in READINGS:
            if fact['kind'] == 'result' or rng.random() < 0.9:
                fact.setdefault('valid_from', self.day())
            if fact.get('valid_until', Day.max) < fact.get('valid_from', Day.min):
                del fact['valid_until']
            if fact['kind'] != 'listing' and rng.random() < 0.7:
                fact.setdefault('policy', rng.choice(self.known_policies + ['unread-measure']))
            if fact['kind'] == 'listing':
                fact.setdefault('list', rng.choice(LISTS))
            return {term: value for term, value in fact.items() if term == 'kind' or term in HAS[fact['kind']]}
        for term in READING_TERMS:
            fact.pop(term, None)
        if self.roles and rng.random() < 0.2:
            fact['whose'] = rng.choice(self.roles)
        if fact.get('whose', 'own') != 'own':
            if rng.random() < 0.5:
                fact['linked_from'] = self.day()
            if rng.random() < 0.5:
                fact['linked_until'] = max(self.day(), fact.get('linked_from', Day.min))
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
        for term in READING_TERMS + ['whose']:
            fact.pop(term, None)
        if rng.random() < 0.03 and self.roles:
            fact['whose'] = rng.choice(self.roles)
        if rng.random() < 0.1:
            fact.pop('valid_from', None)
        if rng.random() < 0.05:
            fact.pop('decided_on', None)
        return fact

    def line(self, fact):
        rng = self.rng
        parts = ['%s=%s' % (term, spell(term, value)) for term, value in fact.items()]
        if fact['kind'] not in READINGS:
            if rng.random() < 0.03:
                parts.append('revoked_on=%s' % self.day())
            if rng.random() < 0.03:
                parts.append('verified=f')
        return 'F\t' + '\t'.join(parts)

    # -- questions

    def window_end(self, facts):
        """The first or last day of a window, or a day next to it."""
        rng = self.rng
        window = rng.choice(self.windows)
        start = window.get('from', 'decided_on')
        known = [fact[term] for fact in facts for term in (start if isinstance(start, list) else [start])
                 if isinstance(fact.get(term), Day) and fact[term].year < 2090]
        if not known:
            return self.day()
        day = rng.choice(known)
        if 'delay' in window:
            day = add_span(day, window['delay'])
        span = window['else'] if isinstance(window.get('else'), dict) else window
        if rng.random() < 0.8:
            day = add_span(day, {key: value for key, value in span.items() if key in ('days', 'months', 'years')})
        return day + ONE_DAY * rng.choice([-1, 0, 0, 1])

    def boundary(self, facts):
        """A day on which, or next to which, something may begin or end."""
        rng = self.rng
        if self.windows and rng.random() < 0.35:
            return self.window_end(facts)
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

    def variant(self, facts):
        """A fact of the same days as an earlier one, and mostly the same in other things."""
        rng = self.rng
        fact = dict(rng.choice(facts))
        own = [term for term in ('points', 'quantity', 'amount', 'severity', 'intent', 'document', 'unit', 'district',
                                 'penalty_kind', 'state', 'responsibility') if term not in READING_TERMS]
        for term in rng.sample(own, rng.choice([1, 2, 3, 4])) + ['points', 'quantity'] * (rng.random() < 0.5):
            fact[term] = self.value(term)
        if rng.random() < 0.3:
            fact.pop('repaired_on', None)
        shift = rng.choice([0, 0, 0, 0, 1, 30, 200]) * ONE_DAY
        if shift:
            fact.update({term: day + shift for term, day in fact.items() if isinstance(day, Day) and day.year < 2090})
        return self.fit(fact)

    def burst(self, until=None):
        """Records of one item on one or two days that differ in little else, and a day on which to ask."""
        rng = self.rng
        item = rng.choice(self.bursting)
        window = item.get('window') if isinstance(item.get('window'), dict) else {}
        start = window.get('from', 'valid_from' if 'window' not in item else 'decided_on')
        start = start[0] if isinstance(start, list) else start
        first = self.fact((item['match'], []))
        for term in ('repaired_on', 'corrected_on', 'valid_until', 'linked_from', 'linked_until'):
            first.pop(term, None)
        first[start] = day = until - ONE_DAY * rng.randint(0, 40) if until else first.get(start) or self.day()
        points = item.get('points')
        awarded = points.get('awarded') if isinstance(points, dict) else None
        facts = []
        for _ in range(rng.choice([2, 3, 3, 4])):
            fact = dict(first)
            for term in rng.sample(['document', 'unit', 'quantity', 'amount', 'severity', 'district', 'intent'], 2):
                fact[term] = self.value(term)
            if awarded:
                fact['points'] = Decimal(rng.randint(int(Decimal(awarded['from'])), int(Decimal(awarded['to']))))
            self.satisfy(fact, item['match'])
            fact[start] = day + ONE_DAY * rng.choice([0, 0, 0, 1])
            facts.append(self.fit(fact))
        if 'delay' in window:
            day = add_span(day, window['delay'])
        span = {key: value for key, value in window.items() if key in ('days', 'months', 'years')}
        if span and rng.random() < 0.5:
            return facts, add_span(day, span) + ONE_DAY * rng.choice([-1, 0, 0, 1])
        return facts, day + ONE_DAY * rng.choice([1, 1, 5, 20])

    def cohort(self):
        """Subjects and the day of their rating; some of them have the same facts."""
        rng = self.rng
        self.centre = random_day(rng, self.start, max(self.start, self.end - ONE_DAY * 30))
        unit = rng.choice([1, 3, 6, 12])
        last = add_months(self.centre.replace(day=1, month=(self.centre.month - 1) // unit * unit + 1), unit) - ONE_DAY
        last = min(max(last, self.start), self.end)
        self.centre = last
        favourites = [rng.choice(self.templates) for _ in range(2)]
        shared = [[self.fact(rng.choice(favourites)) for _ in range(rng.randint(0, 4))] for _ in range(3)]
        for facts in shared:
            if facts and rng.random() < 0.5:
                facts.append(self.variant(facts))
        lines = []
        for _ in range(rng.choice([1, 2, 3, 5, 5, 8, 10, 16])):
            facts = [] if rng.random() < 0.04 else [self.enrolling()]
            facts += rng.choice(shared)
            if self.bursting and rng.random() < 0.5:
                facts += self.burst(last)[0][:rng.choice([1, 1, 2, 3])]
            while rng.random() < 0.35:
                facts.append(self.fact(rng.choice(self.templates)))
            lines += ['S\t' + rng.choice(self.subject_kinds)] + [self.line(fact) for fact in facts]
        return lines + ['R\t%s' % last]

    def subject(self):
        rng = self.rng
        kind = rng.choice(self.subject_kinds if rng.random() < 0.93 else SUBJECT_KINDS)
        self.centre = random_day(rng, self.start, max(self.start, self.end - ONE_DAY * 300))
        facts = []
        if rng.random() < 0.92:
            facts += [self.enrolling() for _ in range(rng.choice([1, 1, 1, 2]))]
        enrolling = len(facts)
        n = rng.choice([0, 1, 2, 3, 5, 8, 12, 17, 23])
        favourite = rng.choice(self.templates)
        for _ in range(n):
            shape = rng.random()
            template = favourite if shape < 0.4 else rng.choice(self.templates) if shape < 0.85 else None
            others = facts[enrolling:]
            facts.append(self.variant(others) if others and rng.random() < 0.35 else self.fact(template))
        if facts and rng.random() < 0.05:
            facts.append(dict(rng.choice(facts)))
        days = self.queries(facts)
        if self.bursting and rng.random() < 0.45:
            more, day = self.burst()
            facts += more
            days.append(min(max(day, self.start), self.end))
        rng.shuffle(facts)
        return (['S\t' + kind] + [self.line(fact) for fact in facts]
                + ['Q\t%s' % day for day in days])


def write_histories(path, count, seed, target):
    rng = random.Random('histories %s %s' % (seed, os.path.basename(path)))
    maker = HistoryMaker(path, rng)
    with open(target, 'w', encoding='utf-8') as out:
        for _ in range(count):
            out.write('\n'.join(maker.subject()) + '\n')


def write_cohorts(path, count, seed, target):
    rng = random.Random('cohorts %s %s' % (seed, os.path.basename(path)))
    maker = HistoryMaker(path, rng)
    with open(target, 'w', encoding='utf-8') as out:
        for _ in range(count):
            out.write('\n'.join(maker.cohort()) + '\n')


def shuffle(source, seed, target):
    """Changes the order of the facts, and lets some follow the questions."""
    rng = random.Random('shuffle %s' % seed)

    def write(out, lines):
        facts = [line for line in lines if line.startswith('F')]
        questions = [line for line in lines if line[0] in 'QR']
        rng.shuffle(facts)
        early = rng.randint(0, len(facts)) if not any(line[0] == 'R' for line in questions) else len(facts)
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
    elif len(args) == 5 and args[0] == 'cohorts':
        write_cohorts(args[1], int(args[2]), args[3], args[4])
    elif len(args) == 4 and args[0] == 'shuffle':
        shuffle(args[1], args[2], args[3])
    else:
        sys.exit(__doc__)


if __name__ == '__main__':
    main(sys.argv[1:])
