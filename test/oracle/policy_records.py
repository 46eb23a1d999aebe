"""policy_records.py -- random parts of a policy about records: conditions, windows, points, items (README 2 and 4)"""
from decimal import Decimal

from words import LISTS, ORDERED, READINGS, ROLES, SUBJECT_KINDS, TEXTS, add_months, plain

SUM_STEP = 1                    # when the sum of an item is known


class Items:
    SPANS = [{'days': '30'}, {'days': '1'}, {'days': '365'}, {'months': '1'}, {'months': '3'},
             {'months': '6'}, {'months': '12'}, {'years': '1'}, {'years': '2'}, {'years': '3'}]

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
        if term in ('amount', 'fine'):
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

    def units_item(self, name):
        """The item that says which sub-units there are."""
        item = {'id': name, 'name': '合同', 'match': {'kind': self.rng.choice(['permit', 'permit', 'participation'])},
                'window': self.rng.choice(['always', {'from': ['valid_from', 'decided_on'], 'term': 'valid_until', 'else': 'always'},
                                           {'from': 'decided_on', 'years': '1'}]),
                'cite': self.cite()}
        self.takeless.append(name)
        self.term('count.' + name, 1, 'count')
        return item
