"""Calls methods of a Batch client library as it is told to, one a line of stdin, and says what came of each. Knows nothing of Batchyard.

    caller.py batch|batch-aio|management

First it prints the names of all methods that the library has, by inspection. A line is {"method", "path": [...], "body"?: {...}, "leaves"?: bool}:
`path` is what the address is made of, the body is JSON; `leaves` starts an operation without waiting for its end. Outcomes are "ok", or
[status, code], or a text.
"""
import asyncio
import inspect
import json
import os
import re
import sys
import warnings

warnings.simplefilter("ignore")
KIND = sys.argv[1]
OTHERS = {"close", "send_request", "create_tasks"}


def batch_client():
    account, key, endpoint = (os.environ[f"AZURE_BATCH_{name}"] for name in ("ACCOUNT", "ACCESS_KEY", "ENDPOINT"))
    module = __import__("azure.batch.aio" if KIND == "batch-aio" else "azure.batch", fromlist=["BatchClient"])
    if hasattr(module, "BatchClient"):
        from azure.core.credentials import AzureNamedKeyCredential

        return module.BatchClient(endpoint, AzureNamedKeyCredential(account, key))
    from azure.batch.batch_auth import SharedKeyCredentials

    credentials = SharedKeyCredentials(account, key)
    try:
        return module.BatchServiceClient(credentials, batch_url=endpoint)
    except TypeError:
        return module.BatchServiceClient(credentials, base_url=endpoint)


class StaticToken:
    def get_token(self, *_, **__):
        from azure.core.credentials import AccessToken

        return AccessToken(os.environ["TOUR_TOKEN"], 1 << 40)


def management_client():
    from azure.mgmt.batch import BatchManagementClient

    url, subscription = os.environ["TOUR_MANAGEMENT"], os.environ["AZURE_SUBSCRIPTION_ID"]
    is_old = "credential" not in inspect.signature(BatchManagementClient).parameters
    if not is_old:
        return BatchManagementClient(StaticToken(), subscription, base_url=url, credential_scopes=[f"{url}/.default"])
    from msrest.authentication import BasicTokenAuthentication

    credentials = BasicTokenAuthentication({"access_token": os.environ["TOUR_TOKEN"]})
    client = BatchManagementClient(credentials, subscription, base_url=url)
    client.config.long_running_operation_timeout = 0
    return client


def methods(client):
    groups = [name for name, value in vars(client).items() if type(value).__name__.endswith("Operations")]
    if groups:
        return [
            f"{group}.{name}"
            for group in groups
            for name in dir(getattr(client, group))
            if name[0] != "_" and inspect.ismethod(getattr(getattr(client, group), name))
        ]
    return [name for name in dir(client) if name[0] != "_" and name not in OTHERS and callable(getattr(client, name))]


def snake(name):
    return re.sub("(?<=[a-z])[A-Z]", lambda letter: f"_{letter[0]}", name).lower()


def spread(method, count, body):
    """A body's members, where the method takes those and no body."""
    takes = list(inspect.signature(method).parameters)[count:]
    members = {snake(name): value for name, value in body.items()}
    return members if any(name in takes for name in members) else None


async def call(client, line):
    method = client
    for part in line["method"].split("."):
        method = getattr(method, part)
    path, body, keywords = line["path"], line.get("body"), {}
    if method.__name__.startswith("begin_"):
        keywords["polling_interval"] = 0
    members = None if body is None else spread(method, len(path), body)
    arguments = path if body is None or members is not None else [*path, body]
    result = method(*arguments, **(members or {}), **keywords)
    if inspect.isawaitable(result):
        result = await result
    if line.get("leaves"):
        return
    if hasattr(result, "wait") and hasattr(result, "done"):
        waited = result.wait() if KIND != "batch-aio" else result.result()
        if inspect.isawaitable(waited):
            await waited
    elif KIND == "batch-aio" and hasattr(result, "__aiter__"):
        async for _ in result:
            pass
    elif hasattr(result, "__next__"):
        for _ in result:
            pass


def failure(error):
    status = getattr(getattr(error, "response", None), "status_code", None) or getattr(error, "status_code", None)
    told = getattr(error, "error", None)
    inner = getattr(told, "error", None)
    # The first management libraries keep the code as a text.
    code = inner if isinstance(inner, str) else getattr(told, "code", None) or getattr(inner, "code", None)
    return [status, code] if status else f"{type(error).__name__}: {error}"[:200]


async def main():
    client = management_client() if KIND == "management" else batch_client()
    print(json.dumps(methods(client)), flush=True)
    loop = asyncio.get_running_loop()
    while text := await loop.run_in_executor(None, sys.stdin.readline):
        try:
            await call(client, json.loads(text))
            outcome = "ok"
        except Exception as error:
            outcome = failure(error)
        print(json.dumps(outcome), flush=True)
    if KIND == "batch-aio":
        await client.close()


asyncio.run(main())
