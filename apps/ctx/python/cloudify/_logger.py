"""ctx.logger: a logger of Python's own, whose records go to the events of the execution."""

import logging

from cloudify._endpoint import call

_NAMES = ((logging.CRITICAL, "critical"), (logging.ERROR, "error"), (logging.WARNING, "warning"),
          (logging.INFO, "info"))


class _EventHandler(logging.Handler):
    def emit(self, record):
        try:
            text = self.format(record)
        except Exception:  # too few arguments, say: reported, as by every handler
            self.handleError(record)
            return
        call("logger", _name_of(record.levelno), text)


def _name_of(level):
    for least, name in _NAMES:
        if level >= least:
            return name
    return "debug"


def make_logger():
    logger = logging.getLogger("ctx")
    logger.setLevel(logging.DEBUG)
    logger.propagate = False
    logger.addHandler(_EventHandler())
    return logger
