"""One call of the operation's endpoint, $CTX_SOCKET_URL. Knows nothing of what can be asked."""

import http.client
import json
import os
import sys
import urllib.parse

from cloudify.exceptions import NonRecoverableError


class OperationStopped(SystemExit):
    """The operation has its verdict, and the script is over: its message goes to stderr, exit code 1.

    As a SystemExit it passes `except Exception`, and `finally` still runs.
    """


def is_there():
    return bool(os.environ.get("CTX_SOCKET_URL"))


def call(*words):
    """What the operation answers to these words. Raises what it refuses."""
    # What the script printed before is to be logged before.
    sys.stdout.flush()
    sys.stderr.flush()
    return _take(_post(json.dumps({"args": words})))


def call_function(*words, **named):
    """The same for functions. A map as the last word would be taken for named arguments, so there is
    one always; arguments that are None are not given."""
    return call(*words, {name: value for name, value in named.items() if value is not None})


def _post(body):
    if not is_there():
        raise RuntimeError("CTX_SOCKET_URL is not set: ctx works in scripts of operations only")
    address = urllib.parse.urlsplit(os.environ["CTX_SOCKET_URL"])
    # No timeout: a large resource takes its time, and an operation that dies closes the connection.
    connection = http.client.HTTPConnection(address.hostname, address.port)
    try:
        connection.request("POST", address.path, body.encode(),
                           {"Content-Type": "application/json"})
        answer = connection.getresponse()
        text = answer.read()
    finally:
        connection.close()
    if answer.status != 200:
        raise RuntimeError("the operation refused the call (HTTP {})".format(answer.status))
    return json.loads(text.decode())


def _take(answer):
    payload = answer["payload"]
    if answer["type"] == "result":
        return payload
    if answer["type"] == "stop_operation":
        raise OperationStopped(payload["message"])
    # Access that this kind of operation does not have: another try would fail in the same way.
    if payload["type"] == "NonRecoverableError":
        raise NonRecoverableError(payload["message"])
    raise RuntimeError(payload["message"])
