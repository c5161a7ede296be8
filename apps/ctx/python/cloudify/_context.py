"""ctx: what the operation knows and does. Asked for when a script looks at it, not before."""

from cloudify._endpoint import call, call_function
from cloudify._logger import make_logger
from cloudify._properties import ReadOnlyProperties, RuntimeProperties


class Record(dict):
    """A map that came with an answer; its items are attributes, too."""

    def __getattr__(self, name):
        try:
            return _as_record(self[name])
        except KeyError:
            raise AttributeError(name) from None


def _as_record(value):
    return Record(value) if type(value) is dict else value


class Remote:
    """Attributes that are not known here are those of the endpoint: ctx.a.b is `ctx a b`."""

    def __init__(self, *path):
        self._path = path

    def __getattr__(self, name):
        if name.startswith("_"):  # asked for by Python: by copy, pickle, inspect
            raise AttributeError(name)
        try:
            return _as_record(call(*self._path, name))
        except RuntimeError as error:
            raise AttributeError(str(error)) from None


class Node(Remote):
    _properties = None

    @property
    def properties(self):
        if self._properties is None:
            self._properties = ReadOnlyProperties(call(*self._path, "properties"))
        return self._properties


class Instance(Remote):
    _runtime_properties = None

    @property
    def runtime_properties(self):
        if self._runtime_properties is None:
            self._runtime_properties = RuntimeProperties(self._path)
        return self._runtime_properties

    @runtime_properties.setter
    def runtime_properties(self, values):
        properties = self.runtime_properties
        values = dict(values)
        for key in set(properties) - set(values):
            del properties[key]
        properties.update(values)

    @property
    def node(self):
        return Node(*self._path, "node")

    @property
    def relationships(self):
        return [Relationship(one) for one in call(*self._path, "relationships")]

    def save(self):
        """Tell the operation what changed within runtime properties."""
        if self._runtime_properties is not None:
            self._runtime_properties.save()

    def update(self):
        """Store the runtime properties now, so that others see them."""
        self.save()
        call(*self._path, "update")

    def refresh(self, force=False):
        """Read them as they are stored now. @param force  give up what was not stored"""
        if not force:
            self.save()
        call(*self._path, "refresh", bool(force))
        if self._runtime_properties is not None:
            self._runtime_properties.read()


class Subject:
    """The node and the instance of an operation, or of one end of its relationship."""

    def __init__(self, *path):
        self.node = Node(*path, "node")
        self.instance = Instance(*path, "instance")


class Relationship(Record):
    """What another node and instance are like, as seen from this one: to be read only."""

    @property
    def target(self):
        target = Record(self["target"])
        for part, properties in (("node", "properties"), ("instance", "runtime_properties")):
            known = target[part] = Record(target[part])
            known[properties] = ReadOnlyProperties(known.get(properties) or {})
        return target


class Operation(Remote):
    def retry(self, message=None, retry_after=None):
        """To be run again when the script has ended, after so many seconds."""
        call_function(*self._path, "retry", message=message, retry_after=retry_after)


class Capabilities:
    """Runtime properties of the instances that this one has relationships to."""

    def get_all(self):
        return call_function("capabilities", "get_all")

    def __getitem__(self, key):
        try:
            return call_function("capabilities", key)
        except RuntimeError as error:  # none has it, or several have
            raise KeyError(str(error)) from None

    def __contains__(self, key):
        return any(key in properties for properties in self.get_all().values())

    def get(self, key, default=None):
        return self[key] if key in self else default


class Context(Remote):
    def __init__(self):
        super().__init__()
        self.logger = make_logger()
        self.operation = Operation("operation")
        self.plugin = Remote("plugin")
        self.deployment = Remote("deployment")
        self.blueprint = Remote("blueprint")
        self.has_returned = False
        self._subjects = {}

    def _subject(self, *path, probe):
        """@param probe  the words of a call that is refused where the operation has no such subject"""
        if path not in self._subjects:
            call(*path, *probe)
            self._subjects[path] = Subject(*path)
        return self._subjects[path]

    @property
    def node(self):
        return self._subject(probe=("node", "id")).node

    @property
    def instance(self):
        return self._subject(probe=("instance", "id")).instance

    @property
    def source(self):
        return self._subject("source", probe=("instance", "id"))

    @property
    def target(self):
        return self._subject("target", probe=("instance", "id"))

    @property
    def capabilities(self):
        return Capabilities()

    def has_cancel_request(self):
        return call("has_cancel_request")

    def get_operation(self):
        return _as_record(call("get_operation"))

    def get_execution(self, execution_id=None):
        return _as_record(call_function("get_execution", execution_id=execution_id))

    def get_config(self, name=None, scope=None):
        return call_function("get_config", name=name, scope=scope)

    def get_managers(self, network="default"):
        return [Record(one) for one in call_function("get_managers", network=network)]

    def get_brokers(self, network="default"):
        return [Record(one) for one in call_function("get_brokers", network=network)]

    def send_event(self, event):
        call_function("send_event", str(event))

    def returns(self, value=None):
        """The result of the operation. The script goes on."""
        call_function("returns", value)
        self.has_returned = True

    def abort_operation(self, message=None):
        """Fail for good. Does not return, and neither does retry_operation."""
        call_function("abort_operation", message=message)

    def retry_operation(self, message=None, retry_after=None):
        call_function("retry_operation", message=message, retry_after=retry_after)

    def get_resource(self, resource_path):
        """The content of a text file beside the blueprint. For others: download_resource."""
        return call_function("get_resource", resource_path)

    def get_resource_and_render(self, resource_path, template_variables=None):
        self._save_properties()
        return call_function("get_resource_and_render", resource_path,
                             template_variables=template_variables)

    def download_resource(self, resource_path, target_path=None):
        """The path of a copy of that file."""
        return call_function("download_resource", resource_path, target_path=target_path)

    def download_resource_and_render(self, resource_path, target_path=None,
                                     template_variables=None):
        self._save_properties()
        return call_function("download_resource_and_render", resource_path,
                             target_path=target_path, template_variables=template_variables)

    def download_directory(self, resource_path, target_path=None):
        return call_function("download_directory", resource_path, target_path=target_path)

    def _save_properties(self):
        # Templates see the runtime properties as the operation has them.
        for subject in self._subjects.values():
            subject.instance.save()


ctx = Context()
