"""The names that scripts import; there is no manager to talk to."""

from cloudify.manager import get_rest_client as CloudifyClient

__all__ = ["CloudifyClient"]
