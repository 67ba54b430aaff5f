"""Finnish dates and numbers: 4.5.2021, 17.00, 1 234,50."""

DATE_FORMAT = "j.n.Y"
SHORT_DATE_FORMAT = "j.n.Y"
TIME_FORMAT = "H.i"
DATETIME_FORMAT = r"j.n.Y \k\l\o H.i"
