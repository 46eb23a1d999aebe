"""policy_outcome.py -- random parts of a policy about the outcome: runs, counters, values, bands and what follows (README 5, 7)"""
from decimal import Decimal

from policy_records import SUM_STEP
from words import plain


class Outcomes:
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
