"""Would a test notice? Code is changed in small ways, one at a time; a change that no test fails for is a survivor (docs/adr/0019).

`python -m tests.mutants [ROOM or FILE…]`; Linux only, minutes to hours, so outside the normal suite.
"""
