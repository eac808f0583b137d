"""The rules of the process, pure: no Django, no clock, no database.

`values` says what a definition is, `facts` what is known of a run, `gates` when a transition may be taken, `plan` what
follows from facts and a command, `checker` whether a definition is sound, `conflicts` who may not judge, `tally` what
reviews add up to, `chain` how events are linked.
"""
