"""The demo programme: invented people, and a pilot season whose figures are known (A11–A13).

Everything is deterministic: no chance, the same ids every time. Spring 2021 lies on fixed days; a small layer around
today (`current.py`) gives every role something to do. The order is the house's own: organisations, people, training,
pairing, tasks, today.
"""
