"""Russian forms of dates and numbers where Django's own differ from current usage."""

DATE_FORMAT = "j\xa0E Y\xa0г."
DATETIME_FORMAT = "j\xa0E Y\xa0г., H:i"
YEAR_MONTH_FORMAT = "F Y\xa0г."
MONTH_DAY_FORMAT = "j\xa0E"
SHORT_DATE_FORMAT = "d.m.Y"
SHORT_DATETIME_FORMAT = "d.m.Y H:i"
DECIMAL_SEPARATOR = ","
THOUSAND_SEPARATOR = "\xa0"
NUMBER_GROUPING = 3
