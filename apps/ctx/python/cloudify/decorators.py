"""Functions of plugins are marked by @operation. In a script it means nothing: who calls the function
is the script."""


def operation(function=None, **_options):
    """@operation and @operation(resumable=True)."""
    if function is None:
        return lambda decorated: decorated
    return function
