def up(**k): pass
