"""identifiers -- codes of invented subjects, with right check characters

Unified social credit codes (GB 32100), organisation codes (GB 11714), ID cards (GB 11643). All lie in the division
3299xx, which is assigned to nobody, so no generated code belongs to a real firm or person.
"""

ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY'
VALUE = {character: value for value, character in enumerate(ALPHABET)}
DIVISION = '3299'
ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
USCC_WEIGHTS = tuple(pow(3, i, 31) for i in range(17))
ID_CARD_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def organisation_check(body):
    """Check character of the eight characters of an organisation code."""
    total = sum(weight * int(character, 36) for weight, character in zip(ORGANISATION_WEIGHTS, body))
    return '0123456789X0'[11 - total % 11]


def uscc_check(body):
    """Check character of the first seventeen characters of a unified social credit code."""
    total = sum(weight * VALUE[character] for weight, character in zip(USCC_WEIGHTS, body))
    return ALPHABET[(31 - total % 31) % 31]


def organisation_code(number):
    """Organisation code number `number`: MA and six characters, as given out since 2015, and the check character."""
    body = ''
    for _ in range(6):
        number, digit = divmod(number, 31)
        body = ALPHABET[digit] + body
    body = 'MA' + body
    return body + organisation_check(body)


def uscc(kind, district, number):
    """Unified social credit code: `kind` two characters (authority, category), `district` two digits."""
    body = kind + DIVISION + district + organisation_code(number)
    return body + uscc_check(body)


def person_code(values):
    """Code of a natural person from sixteen random values below 31."""
    body = 'P' + ''.join(ALPHABET[value] for value in values)
    return body + uscc_check(body)


def id_card(district, birthday, serial):
    """ID card number of a person born on `birthday` (a date)."""
    body = f'{DIVISION}{district}{birthday:%Y%m%d}{serial:03d}'
    total = sum(weight * int(digit) for weight, digit in zip(ID_CARD_WEIGHTS, body))
    return body + '10X98765432'[total % 11]
