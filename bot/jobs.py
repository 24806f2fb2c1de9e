"""What is done because it is time: each room offers `jobs()`, name -> `due(ctx)`, called for one workspace at a time.

A job computes what is due instead of remembering it, so that a missed tick loses nothing, and claims it in the
database, so that two processes do not both do it.
"""

from collections.abc import Awaitable, Callable, Mapping

from bot.context import Context

Job = Callable[[Context], Awaitable[bool | None]]
"""Does whatever is due in one workspace at `ctx.now`, in one transaction; called often, mostly with nothing to do.

True: that was one page of what is due, and there is more. It is called again soon, after others have had their turn.
"""

Jobs = Mapping[str, Job]
