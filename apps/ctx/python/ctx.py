"""The context of the operation as a module: `import ctx`, then ctx.logger.info(...)."""

import sys
import types

from cloudify import ctx


class _ContextModule(types.ModuleType):
    def __getattr__(self, name):
        return getattr(ctx, name)


# A module's own __getattr__ works from Python 3.7 on, the class of a module earlier.
sys.modules[__name__].__class__ = _ContextModule
