"""
Stands in for the recording library of Microsoft's tests, which is in no package: every test runs live, against the service that `batchyard run`
leads to. Makes what the tests' preparers ask for (groups, storage accounts), hands out credentials, records nothing.

Waits of the tests, which are for Azure's machines, are cut to half a second.
"""
import asyncio
import functools
import inspect
import os
import random
import string
import time
from collections import namedtuple

import pytest
import requests

ARM = "https://management.azure.com"
SUBSCRIPTION = os.environ["AZURE_SUBSCRIPTION_ID"]
LONGEST_WAIT_S = 0.5

FakeResource = namedtuple("FakeResource", ["name", "id"])

_sleep = time.sleep
_sleep_async = asyncio.sleep
time.sleep = lambda seconds: _sleep(min(seconds, LONGEST_WAIT_S))
asyncio.sleep = lambda seconds, *more: _sleep_async(min(seconds, LONGEST_WAIT_S), *more)


class AzureTestError(Exception):
    """A preparer could not make what it is to make."""


def credential(is_async=False):
    """The application's own, by its secret."""
    from azure.identity import ClientSecretCredential
    from azure.identity.aio import ClientSecretCredential as AsyncClientSecretCredential

    kind = AsyncClientSecretCredential if is_async else ClientSecretCredential
    names = ["AZURE_TENANT_ID", "AZURE_CLIENT_ID", "AZURE_CLIENT_SECRET"]
    return kind(*(os.environ[name] for name in names), disable_instance_discovery=True)


def manage(method, path, version, body=None):
    """A request to Resource Manager below the subscription; waits for what goes on after a 202."""
    token = credential().get_token(f"{ARM}/.default").token
    headers = {"Authorization": f"Bearer {token}"}
    url = f"{ARM}/subscriptions/{SUBSCRIPTION}/{path}?api-version={version}"
    reply = requests.request(method, url, json=body, headers=headers, timeout=60)
    while reply.status_code == 202 and "Location" in reply.headers and method != "DELETE":
        time.sleep(LONGEST_WAIT_S)
        reply = requests.get(reply.headers["Location"], headers=headers, timeout=60)
    reply.raise_for_status()
    return reply


def random_name(prefix, length):
    letters = string.ascii_lowercase + string.digits
    return (prefix + "".join(random.choice(letters) for _ in range(length)))[:length]


def trim_kwargs_from_test_function(function, arguments):
    """A test is given what it takes; another preparer, everything."""
    if getattr(function, "__is_preparer", False):
        return
    parameters = inspect.signature(function).parameters
    if any(parameter.kind == parameter.VAR_KEYWORD for parameter in parameters.values()):
        return
    for name in [name for name in arguments if name not in parameters]:
        del arguments[name]


class AzureMgmtPreparer:
    """A decorator that makes a resource before a test, gives it to the test, and removes it after."""

    def __init__(self, name_prefix="", random_name_length=24, client_kwargs=None, **_recording):
        self.name_prefix, self.random_name_length = name_prefix, random_name_length
        self.client_kwargs = client_kwargs or {}
        self.moniker = name_prefix
        self.is_live = True
        self.resource = self.test_class_instance = None

    def create_mgmt_client(self, client, base_url=ARM, **more):
        return client(credential(), SUBSCRIPTION, base_url=base_url, **more)

    def create_resource(self, name, **arguments):
        return {}

    def remove_resource(self, name, **arguments):
        pass

    def _prepare(self, test, function, arguments):
        self.test_class_instance = test
        name = random_name(self.name_prefix or "p", self.random_name_length)
        everything = {**arguments, **(self.create_resource(name, **arguments) or {})}
        given = dict(everything)
        trim_kwargs_from_test_function(function, given)
        return name, everything, given

    def __call__(self, function):
        if inspect.iscoroutinefunction(function):

            @functools.wraps(function)
            async def wrapper(test, **arguments):
                name, everything, given = self._prepare(test, function, arguments)
                try:
                    return await function(test, **given)
                finally:
                    self.remove_resource(name, **everything)

        else:

            @functools.wraps(function)
            def wrapper(test, **arguments):
                name, everything, given = self._prepare(test, function, arguments)
                try:
                    return function(test, **given)
                finally:
                    self.remove_resource(name, **everything)

        # What preparers give is no fixture of pytest's; what the test is parametrized by is.
        signature = inspect.signature(function)
        kept = [one for one in signature.parameters.values() if one.name in ("self", "BatchClient")]
        wrapper.__signature__ = signature.replace(parameters=kept)
        setattr(wrapper, "__is_preparer", True)
        return wrapper


class ResourceGroupPreparer(AzureMgmtPreparer):
    def __init__(self, location="westus", **_more):
        super().__init__("rg", 20)
        self.location = location

    def create_resource(self, name, **arguments):
        manage("PUT", f"resourcegroups/{name}", "2021-04-01", {"location": self.location})
        group = FakeResource(name, f"/subscriptions/{SUBSCRIPTION}/resourceGroups/{name}")
        return {"resource_group": group, "location": self.location}

    def remove_resource(self, name, **arguments):
        manage("DELETE", f"resourcegroups/{name}", "2021-04-01")


CachedResourceGroupPreparer = RandomNameResourceGroupPreparer = ResourceGroupPreparer


class StorageAccountPreparer(AzureMgmtPreparer):
    def __init__(self, name_prefix="store", location="westus", **_more):
        super().__init__(name_prefix, 20)
        self.location = location

    def create_resource(self, name, **arguments):
        group = arguments["resource_group"].name
        path = f"resourceGroups/{group}/providers/Microsoft.Storage/storageAccounts/{name}"
        body = {"location": self.location, "sku": {"name": "Standard_LRS"}, "kind": "StorageV2"}
        manage("PUT", path, "2023-01-01", body)
        key = manage("POST", f"{path}/listKeys", "2023-01-01").json()["keys"][0]["value"]
        account = FakeResource(name, f"/subscriptions/{SUBSCRIPTION}/{path}")
        return {"storage_account": account, "storage_account_key": key}


def EnvironmentVariableLoader(_directory, **values):
    class Loader(AzureMgmtPreparer):
        def create_resource(self, name, **arguments):
            return {name: os.environ.get(name.upper(), value) for name, value in values.items()}

    return Loader()


class AzureRecordedTestCase:
    is_live = True
    in_recording = False
    settings = os.environ

    def get_settings_value(self, name):
        return os.environ[f"AZURE_{name}"]

    def get_resource_name(self, prefix):
        return random_name(prefix, len(prefix) + 8)

    def create_random_name(self, prefix):
        return random_name(prefix, 20)

    def get_credential(self, client=None, is_async=False, **_more):
        return credential(is_async or ".aio" in getattr(client, "__module__", ""))

    def sleep(self, seconds):
        time.sleep(seconds)


class AzureMgmtRecordedTestCase(AzureRecordedTestCase):
    def create_mgmt_client(self, client, is_async=False, **more):
        return client(self.get_credential(client, is_async), SUBSCRIPTION, **{"base_url": ARM, **more})


def recorded_by_proxy(function):
    @functools.wraps(function)
    def wrapper(*positional, **arguments):
        given = dict(arguments)
        trim_kwargs_from_test_function(function, given)
        return function(*positional, **given)

    return wrapper


def _record_nothing(*_positional, **_arguments):
    pass


add_general_regex_sanitizer = add_header_regex_sanitizer = add_body_key_sanitizer = _record_nothing
set_custom_default_matcher = remove_batch_sanitizers = _record_nothing


@pytest.fixture(scope="session")
def test_proxy():
    yield
