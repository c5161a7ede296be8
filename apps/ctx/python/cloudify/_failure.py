"""Uncaught exceptions whose class says what is to become of the operation."""

import sys

from cloudify._context import ctx
from cloudify._endpoint import OperationStopped, is_there
from cloudify.exceptions import NonRecoverableError, OperationRetry, RecoverableError


def install_hook():
    show = sys.excepthook

    def show_and_tell(kind, error, traceback):
        show(kind, error, traceback)
        if is_there():
            _tell(error)

    sys.excepthook = show_and_tell


def _tell(error):
    # The exit code is 1 in any case: for a plain failure nothing more is to be said.
    try:
        if isinstance(error, NonRecoverableError):
            ctx.abort_operation(str(error))
        # A second verdict would be a mistake of its own, that is not tried again.
        elif _wants_retry(error) and not ctx.has_returned:
            ctx.retry_operation(error.message, error.retry_after)
    except OperationStopped:
        pass


def _wants_retry(error):
    if isinstance(error, OperationRetry):
        return True
    return isinstance(error, RecoverableError) and error.retry_after is not None
