"""The command line's own commands, one module each.

A command's module offers `arguments(parser)` and `async run(args, program) -> int` (the exit status). It is
imported only when its command is asked for.
"""
