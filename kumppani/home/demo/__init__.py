"""The demo programme: invented people, and a pilot season whose figures are known (A11–A13).

Nothing is drawn by lot: names, codes, days and figures are the same every time. Spring 2021 lies on fixed days; a
small layer around today (`current.py`) gives every role something to do. The order is the house's own: organisations,
people, training, pairing, tasks, today.
"""
