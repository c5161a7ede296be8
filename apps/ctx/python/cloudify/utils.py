"""Helpers that scripts use and that need no manager: commands of this machine, loggers, names."""

import collections
import logging
import os
import random
import shlex
import string
import subprocess
import sys
import tempfile
import traceback

from cloudify.exceptions import CommandExecutionError, CommandExecutionException

CommandExecutionResponse = collections.namedtuple(
    "CommandExecutionResponse", ("command", "std_out", "std_err", "return_code"))


class LocalCommandRunner:
    """Runs commands without a shell and gives what they printed."""

    def __init__(self, logger=None, host="localhost"):
        self.logger = logger or setup_logger("LocalCommandRunner")
        self.host = host

    def run(self, command, exit_on_failure=True, stdout_pipe=True, stderr_pipe=True, cwd=None,
            execution_env=None, encoding="utf-8"):
        """@param command  a list, or a text that is taken apart as a shell would
        @param execution_env  variables besides those of this process
        Raises CommandExecutionException unless the command succeeds or exit_on_failure is False.
        """
        words = shlex.split(command) if isinstance(command, str) else list(command)
        shown = command if isinstance(command, str) else " ".join(words)
        self.logger.debug("[%s] run: %s", self.host, shown)
        try:
            done = subprocess.Popen(words, cwd=cwd, env=dict(os.environ, **(execution_env or {})),
                                    stdout=subprocess.PIPE if stdout_pipe else None,
                                    stderr=subprocess.PIPE if stderr_pipe else None)
        except OSError as error:
            raise CommandExecutionError(shown, str(error)) from error
        printed, complaints = (_text_of(one, encoding) for one in done.communicate())
        if done.returncode != 0:
            failure = CommandExecutionException(shown, complaints, printed, done.returncode)
            if exit_on_failure:
                raise failure
            self.logger.error("%s", failure)
        return CommandExecutionResponse(shown, printed, complaints, done.returncode)


def _text_of(output, encoding):
    return "" if output is None else output.decode(encoding, "replace").rstrip()


def id_generator(size=6, chars=string.ascii_uppercase + string.digits):
    return "".join(random.choice(chars) for _ in range(size))


def generate_user_password(password_length=32):
    """Of letters, digits and signs that need no quotes."""
    signs = random.SystemRandom()
    return "".join(signs.choice(string.ascii_letters + string.digits + "-_")
                   for _ in range(password_length))


def setup_logger(logger_name, logger_level=logging.DEBUG, handlers=None,
                 remove_existing_handlers=True, logger_format=None, propagate=True):
    """A logger that prints, unless other handlers are given."""
    logger = logging.getLogger(logger_name)
    if remove_existing_handlers:
        logger.handlers[:] = []
    form = logging.Formatter(
        logger_format or "%(asctime)s [%(levelname)s] [%(name)s] %(message)s", "%H:%M:%S")
    for handler in handlers or [logging.StreamHandler(sys.stdout)]:
        handler.setFormatter(form)
        handler.setLevel(logger_level)
        logger.addHandler(handler)
    logger.setLevel(logger_level)
    logger.propagate = propagate
    return logger


def get_exec_tempdir():
    return os.environ.get("CFY_EXEC_TEMP") or tempfile.gettempdir()


def create_temp_folder():
    return tempfile.mkdtemp(dir=get_exec_tempdir())


def format_exception(error):
    return "".join(traceback.format_exception(type(error), error, error.__traceback__))


def get_tenant_name():
    from cloudify._context import ctx
    return ctx.tenant_name
