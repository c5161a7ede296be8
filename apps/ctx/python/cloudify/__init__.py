"""What scripts of operations know of Cloudify: `from cloudify import ctx`, and how they may end.

Not Cloudify's own package: it asks the operation that runs the script, as the program `ctx` does.
"""

from cloudify._context import ctx
from cloudify._failure import install_hook

__all__ = ["ctx"]

install_hook()
