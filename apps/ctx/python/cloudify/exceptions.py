"""How a script says that its operation failed. Any other exception is a failure as well: one that
is tried again."""


class NonRecoverableError(Exception):
    """Trying again would not help."""

    def __init__(self, *args, **kwargs):
        self.causes = kwargs.pop("causes", None) or []
        super().__init__(*args, **kwargs)


class RecoverableError(Exception):
    """To be tried again: after `retry_after` seconds, or when the run does so anyway."""

    def __init__(self, message="", retry_after=None, causes=None):
        self.message = message
        self.retry_after = retry_after
        self.causes = causes or []
        super().__init__(message)


class OperationRetry(RecoverableError):
    """Nothing failed, but the operation wants another turn."""


class HttpException(NonRecoverableError):
    def __init__(self, url, code, message, causes=None):
        self.url = url
        self.code = code
        self.message = message
        super().__init__("{} ({}): {}".format(code, url, message), causes=causes)


class CommandExecutionError(RuntimeError):
    """A command could not be started."""

    def __init__(self, command, error=None):
        self.command = command
        self.error = error
        super().__init__("cannot run '{}': {}".format(command, error))


class CommandExecutionException(Exception):
    """A command ran and failed."""

    def __init__(self, command, error, output, code):
        self.command = command
        self.error = error
        self.output = output
        self.code = code
        super().__init__("'{}' ended with exit code {}: {}".format(command, code, error or output))


class TimeoutException(Exception):
    pass
