"""words.py -- what policies and histories are made of: words of the language, days, decks of rare forms"""
import calendar
import datetime
from decimal import Decimal

Day = datetime.date
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
TERMS = (['kind'] + list(TEXTS) + list(ORDERED) + ['amount', 'fine', 'points', 'quantity'] + DAY_TERMS)


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
