"""histories.py -- random histories for a policy: mostly the values that it mentions, and its boundary days"""
import os
import random
from decimal import Decimal

import yaml

from words import (DAY_TERMS, HAS, KINDS, LISTS, ONE_DAY, ORDERED, READING_TERMS, READINGS, SUBJECT_KINDS, TERMS, TEXTS, Day, add_months,
                   add_span, plain, random_day)


def fen(text):
    """Money as the policy spells it, in fen."""
    if text.endswith('万元'):
        return int(Decimal(text[:-2]) * 1000000)
    return int(Decimal(text[:-1]) * 100)


def parse(term, text):
    """A value of the policy as one that can be compared."""
    if term in ORDERED:
        return ORDERED[term].index(text)
    if term in ('amount', 'fine'):
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
        if term in ('amount', 'fine'):
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
        own = [term for term in ('points', 'quantity', 'amount', 'fine', 'severity', 'intent', 'document', 'unit', 'district',
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
            for term in rng.sample(['document', 'unit', 'quantity', 'amount', 'fine', 'severity', 'district', 'intent'], 2):
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
            for fact in facts:
                # late for the rating, or just in time
                if fact['kind'] not in READINGS and rng.random() < 0.15:
                    fact[rng.choice(['recorded_on', 'repaired_on', 'repaired_on'])] = last + ONE_DAY * rng.choice([0, 1, 10, 15, 16, 31])
            lines += ['S\t' + rng.choice(self.subject_kinds)] + [self.line(fact) for fact in facts]
        named = ['\t' + rating['id'] for rating in self.policy.get('ratings', [])[:1]]
        return lines + ['R\t%s%s' % (last, ''.join(named))]

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
