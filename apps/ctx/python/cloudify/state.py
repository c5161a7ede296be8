"""`from cloudify.state import ctx_parameters as inputs`: the inputs of the operation."""

import json
import os

from cloudify import _endpoint
from cloudify._context import ctx

__all__ = ["ctx", "ctx_parameters", "current_ctx"]


class Parameters(dict):
    """A dict whose items are attributes, too."""

    def __getattr__(self, name):
        try:
            return self[name]
        except KeyError:
            raise AttributeError(name) from None

    def __setattr__(self, name, value):
        self[name] = value


def _from_environment():
    """The inputs of a script that has no endpoint (process.ctx_proxy_type: none).

    All that is left are environment variables, and these do not tell inputs from other variables,
    the text "80" from the number, nor "None" from null: what may be JSON is taken for JSON.
    """
    return {name: _decode(text) for name, text in os.environ.items()}


def _decode(text):
    if text == "None":
        return None
    try:
        return json.loads(text)
    except ValueError:
        return text


ctx_parameters = Parameters(
    _endpoint.call("operation", "inputs") if _endpoint.is_there() else _from_environment())


class _CurrentContext:
    """There is one operation, so there is one context."""

    def get_ctx(self):
        return ctx

    def get_parameters(self):
        return ctx_parameters


current_ctx = _CurrentContext()
