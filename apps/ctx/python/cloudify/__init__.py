"""What scripts of operations know of Cloudify: `from cloudify import ctx, inputs`, and how they may end.

Not Cloudify's own package: it asks the operation that runs the script, as the program `ctx` does.
"""

import sys
import types

from cloudify._context import ctx
from cloudify._failure import install_hook

__all__ = ["ctx", "inputs"]


class _Package(types.ModuleType):
    @property
    def inputs(self):
        # Asked for when a script wants them, not before.
        from cloudify.state import ctx_parameters
        return ctx_parameters


# A module's own __getattr__ works from Python 3.7 on, the class of a module earlier.
sys.modules[__name__].__class__ = _Package

install_hook()
