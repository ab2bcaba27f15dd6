"""Dates as French people type them: 01/09/2027, 1/9/27, 01-09-2027, 01.09.2027, 01092027; and what browsers send."""

DATE_INPUT_FORMATS = [
    "%d/%m/%Y",
    "%d/%m/%y",
    "%d-%m-%Y",
    "%d-%m-%y",
    "%d.%m.%Y",
    "%d.%m.%y",
    "%d %m %Y",
    "%d%m%Y",
    "%Y-%m-%d",
]
