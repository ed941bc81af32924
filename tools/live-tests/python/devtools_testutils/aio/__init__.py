"""The half of the stand-in that tests of asynchronous clients import."""
import functools

from devtools_testutils import trim_kwargs_from_test_function


def recorded_by_proxy_async(function):
    @functools.wraps(function)
    async def wrapper(*positional, **arguments):
        given = dict(arguments)
        trim_kwargs_from_test_function(function, given)
        return await function(*positional, **given)

    return wrapper
