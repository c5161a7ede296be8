"""Scripts import this also where they do without, so what is refused is only the use of it."""

from cloudify.exceptions import NonRecoverableError


def get_rest_client(*_args, **_kwargs):
    raise NonRecoverableError(
        "there is no manager here, and no REST client of one: what a script needs to know comes by "
        "ctx and by the inputs of its operation, secrets by get_secret in such an input")
