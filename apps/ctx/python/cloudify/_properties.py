"""Properties of nodes, and runtime properties of instances, which are stored as they are set."""

import atexit
import json
import os
import sys
import traceback

from cloudify._endpoint import call, call_function
from cloudify.exceptions import NonRecoverableError


class _Properties(dict):
    def __reduce__(self):
        """A copy, also one by copy.deepcopy or pickle, is a plain dict that nothing hangs on."""
        return dict, (dict(self),)


class ReadOnlyProperties(_Properties):
    def _refuse(self, *_args, **_kwargs):
        raise NonRecoverableError("these properties cannot be changed: only the runtime properties "
                                  "of the operation's own instances can")

    __setitem__ = __delitem__ = __ior__ = _refuse
    update = setdefault = pop = popitem = clear = _refuse


class RuntimeProperties(_Properties):
    """All runtime properties of one instance, read once.

    A property is stored when it is set. What changes within it, as by properties["a"]["b"] = 1, is
    seen by comparison: when the instance is updated, when a template is rendered, and when the
    script ends (not when it is killed or leaves by os._exit).
    """

    def __init__(self, instance):
        """@param instance  the words that lead to it, such as "source", "instance" """
        super().__init__()
        self._instance = instance
        self._stored = {}  # key to JSON, as the operation has it
        self.read()
        atexit.register(_save_at_exit, self)

    def read(self):
        super().clear()
        super().update(call(*self._instance, "runtime_properties"))
        self._stored = {key: _text_of(value) for key, value in self.items()}

    def save(self):
        """Store what has changed in place."""
        for key, value in self.items():
            if self._stored.get(key) != _text_of(value):
                self._store(key, value)

    def _store(self, key, value):
        text = _text_of(value)
        call_function(*self._instance, "set_runtime_property", str(key), value)
        self._stored[key] = text

    def __setitem__(self, key, value):
        self._store(key, value)
        super().__setitem__(key, value)

    def __delitem__(self, key):
        super().__delitem__(key)
        self._stored.pop(key, None)
        call_function(*self._instance, "delete_runtime_property", str(key))

    def update(self, *args, **kwargs):
        for key, value in dict(*args, **kwargs).items():
            self[key] = value

    def __ior__(self, other):
        self.update(other)
        return self

    def setdefault(self, key, default=None):
        if key not in self:
            self[key] = default
        return self[key]

    def pop(self, key, *default):
        if key not in self and default:
            return default[0]
        value = self[key]
        del self[key]
        return value

    def popitem(self):
        key = next(reversed(list(self)))
        return key, self.pop(key)

    def clear(self):
        for key in list(self):
            del self[key]


def _text_of(value):
    return json.dumps(value, sort_keys=True)


def _save_at_exit(properties):
    try:
        properties.save()
    except BaseException:
        # Python would print it and end with the exit code of before, which may be that of success.
        traceback.print_exc()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(1)
