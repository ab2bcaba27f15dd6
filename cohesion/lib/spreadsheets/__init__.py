"""Tables as people have them: CSV, XLSX and ODS, read within bounds and written without danger.

Reading measures before it believes: size, entries, inflation, rows, columns and text are counted while they are
read, so that no file, however it lies about itself, costs more than a few seconds and some memory.
"""

from cohesion.lib.spreadsheets.answering import known_format, table_file
from cohesion.lib.spreadsheets.model import (
    MAX_BYTES,
    MAX_ROWS,
    TOO_HEAVY,
    Cell,
    Oddity,
    Problem,
    Refused,
    Sheet,
    Workbook,
    cell_text,
    column_letter,
)
from cohesion.lib.spreadsheets.reading import read_workbook
from cohesion.lib.spreadsheets.tables import Column, Subject, Table, defuse, undo_defuse
from cohesion.lib.spreadsheets.writing import CONTENT_TYPES, write, write_to
