"""Kazakh forms of dates and numbers, which Django lacks: «2026 ж. 23 қараша», «23.11.2026», «1 234,5»."""

DATE_FORMAT = "Y\xa0ж. j\xa0E"
TIME_FORMAT = "H:i"
DATETIME_FORMAT = "Y\xa0ж. j\xa0E, H:i"
YEAR_MONTH_FORMAT = "Y\xa0ж. F"
MONTH_DAY_FORMAT = "j\xa0E"
SHORT_DATE_FORMAT = "d.m.Y"
SHORT_DATETIME_FORMAT = "d.m.Y H:i"
FIRST_DAY_OF_WEEK = 1
DATE_INPUT_FORMATS = ["%d.%m.%Y", "%d.%m.%y", "%Y-%m-%d"]
TIME_INPUT_FORMATS = ["%H:%M", "%H:%M:%S"]
DATETIME_INPUT_FORMATS = ["%d.%m.%Y %H:%M", "%d.%m.%Y %H:%M:%S", "%Y-%m-%d %H:%M:%S"]
DECIMAL_SEPARATOR = ","
THOUSAND_SEPARATOR = "\xa0"
NUMBER_GROUPING = 3
