"""The number that INSEE gives to an establishment."""


def is_siret(number: str) -> bool:
    """Whether it has 14 digits whose Luhn sum is a multiple of ten; La Poste's establishments, of five."""
    digits = [int(digit) for digit in number if digit.isascii() and digit.isdigit()]
    if len(digits) != 14 or len(number) != 14:
        return False
    doubled = [sum(divmod(digit * 2, 10)) if place % 2 == 0 else digit for place, digit in enumerate(digits)]
    is_post_office = number.startswith("356000000") and sum(digits) % 5 == 0
    return sum(doubled) % 10 == 0 or is_post_office
