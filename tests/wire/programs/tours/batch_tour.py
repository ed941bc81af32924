"""Calls every method that a release of azure-batch has, once, and prints what came of each. Knows nothing of Batchyard.

    batch_tour.py PREFIX [aio]

What to call, in which order and with what, stands in one table for all releases; bodies are JSON, which every release takes.
"""
import asyncio
import inspect
import json
import os
import sys
import time

PREFIX = sys.argv[1]
IS_AIO = sys.argv[2:] == ["aio"]
ACCOUNT, KEY = os.environ["AZURE_BATCH_ACCOUNT"], os.environ["AZURE_BATCH_ACCESS_KEY"]
ENDPOINT = os.environ["AZURE_BATCH_ENDPOINT"]
P, Q, J, K, S = (f"{PREFIX}-{name}" for name in ("pool", "spare", "job", "old", "daily"))
CERTIFICATE = {"thumbprint": os.environ["TOUR_THUMBPRINT"], "thumbprintAlgorithm": "sha1"}
THUMB = ("sha1", CERTIFICATE["thumbprint"])


def pool(id, nodes):
    return {
        "id": id,
        "vmSize": "standard_d2s_v3",
        "targetDedicatedNodes": nodes,
        "virtualMachineConfiguration": {
            "imageReference": {"publisher": "debian", "offer": "debian-12", "sku": "12"},
            "nodeAgentSKUId": "batch.node.debian 12",
        },
    }


def task(id, script="true"):
    return {"id": id, "commandLine": f"/bin/sh -c '{script}'"}


job_of = {"poolInfo": {"poolId": P}}
schedule = {"recurrenceInterval": "PT1H"}
user = {"name": "tourist", "password": "Tour-0f-all!", "isAdmin": False}
replaced = {"certificateReferences": [], "applicationPackageReferences": [], "metadata": []}
formula = "$TargetDedicatedNodes = 0;"


class Named(dict):
    """Arguments by name: their order is not the same in all releases."""


KEPT = {"retentionTime": "P1D"}
PREPARED = {"jobPreparationTask": {"commandLine": "/bin/true"}}


def both(operation, *arguments):
    return (operation, arguments, arguments)


def steps(node):
    """The operation, its arguments before 15, its arguments since."""
    log = {"containerUrl": os.environ["TOUR_LOGS"], "startTime": "2026-01-01T00:00:00Z"}
    n = (P, node)
    return [
        both("pool.exists", P), both("pool.get", P), both("pool.list"),
        both("pool.patch", P, {"metadata": [{"name": "a", "value": "b"}]}),
        ("pool.update_properties", (P, replaced), (P, {k: v for k, v in replaced.items() if k[0] != "c"})),
        both("account.list_supported_images"), both("account.list_node_agent_skus"), both("account.list_pool_node_counts"),
        both("application.list"), both("application.get", "tour"),
        both("certificate.add", {**CERTIFICATE, "data": os.environ["TOUR_CER"], "certificateFormat": "cer"}),
        both("certificate.list"), both("certificate.get", *THUMB), both("certificate.delete", *THUMB),
        both("certificate.cancel_deletion", *THUMB),
        both("task.get", J, "one"), both("task.list", J),
        ("task.add_collection", (J, [task("two"), task("three", "sleep 60")]),
         (J, {"value": [task("two"), task("three", "sleep 60")]})),
        ("task.update", (J, "three", Named(constraints=KEPT)), (J, "three", {"constraints": KEPT})),
        both("task.list_subtasks", J, "one"), both("task.terminate", J, "three"), both("task.reactivate", J, "three"),
        both("file.list_from_task", J, "one"), both("file.get_from_task", J, "one", "stdout.txt"),
        both("file.get_properties_from_task", J, "one", "stdout.txt"),
        both("file.delete_from_task", J, "one", "wd/gone.txt"),
        both("file.list_from_compute_node", *n), both("file.get_from_compute_node", *n, f"workitems/{J}/job-1/one/stdout.txt"),
        both("file.get_properties_from_compute_node", *n, f"workitems/{J}/job-1/one/stdout.txt"),
        both("file.delete_from_compute_node", *n, f"workitems/{J}/job-1/one/wd/kept.txt"),
        both("task.delete", J, "two"),
        both("job.get", J), both("job.list"), both("job.get_task_counts", J),
        both("job.list_preparation_and_release_task_status", J),
        both("job.get_all_lifetime_statistics"), both("pool.get_all_lifetime_statistics"), both("pool.list_usage_metrics"),
        both("job.patch", J, {"priority": 3}), both("job.update", J, {**job_of, "priority": 4}),
        ("job.disable", (J, "requeue"), (J, {"disableTasks": "requeue"})), both("job.enable", J),
        ("job.terminate", (K, Named(terminate_reason="done")), (K, {"terminateReason": "done"})), both("job.delete", K),
        both("job_schedule.add", {"id": S, "schedule": schedule, "jobSpecification": job_of}),
        both("job_schedule.exists", S), both("job_schedule.get", S), both("job_schedule.list"),
        both("job_schedule.patch", S, {"metadata": []}),
        both("job_schedule.update", S, {"schedule": schedule, "jobSpecification": job_of}),
        both("job.list_from_job_schedule", S), both("job_schedule.disable", S), both("job_schedule.enable", S),
        both("job_schedule.terminate", S), both("job_schedule.delete", S),
        both("compute_node.list", P), both("compute_node.get", *n), both("compute_node.add_user", *n, user),
        both("compute_node.update_user", *n, "tourist", {"password": "An-0ther!"}),
        both("compute_node.delete_user", *n, "tourist"), both("compute_node.get_remote_login_settings", *n),
        both("compute_node.get_remote_desktop", *n), both("compute_node.upload_batch_service_logs", *n, log),
        both("compute_node_extension.list", *n), both("compute_node_extension.get", *n, "absent"),
        ("compute_node.disable_scheduling", (*n, Named(node_disable_scheduling_option="requeue")),
         (*n, {"nodeDisableSchedulingOption": "requeue"})),
        both("compute_node.enable_scheduling", *n),
        ("compute_node.reboot", (*n, Named(node_reboot_option="requeue")), (*n, {"nodeRebootOption": "requeue"})), "idle",
        ("compute_node.reimage", (*n, Named(node_reimage_option="requeue")), (*n, {"nodeReimageOption": "requeue"})), "idle",
        both("compute_node.deallocate", *n, {"nodeDeallocateOption": "requeue"}), "deallocated",
        both("compute_node.start", *n), "idle",
        both("pool.upgrade_os", P, "*"),
        ("pool.enable_auto_scale", (Q, Named(auto_scale_formula=formula, auto_scale_evaluation_interval="PT5M")),
         (Q, {"autoScaleFormula": formula, "autoScaleEvaluationInterval": "PT5M"})),
        ("pool.evaluate_auto_scale", (Q, formula), (Q, {"autoScaleFormula": formula})), both("pool.disable_auto_scale", Q),
        both("pool.resize", P, {"targetDedicatedNodes": 2}), both("pool.stop_resize", P), "steady",
        both("pool.remove_nodes", P, {"nodeList": [node]}), "steady",
        both("job.delete", J), both("pool.delete", Q), both("pool.delete", P),
    ]


# What 15 calls otherwise than by the rule `verb_group`.
NOW = json.loads(os.environ["TOUR_METHODS"])


class Tour:
    def __init__(self):
        self.seen, self.tried = {}, set()
        if NOW and hasattr(__import__("azure.batch").batch, "BatchClient"):
            from azure.core.credentials import AzureNamedKeyCredential

            module = __import__("azure.batch.aio" if IS_AIO else "azure.batch", fromlist=["BatchClient"])
            self.client, self.is_new = module.BatchClient(ENDPOINT, AzureNamedKeyCredential(ACCOUNT, KEY)), True
        else:
            from azure.batch import BatchServiceClient
            from azure.batch.batch_auth import SharedKeyCredentials

            credentials = SharedKeyCredentials(ACCOUNT, KEY)
            self.is_new = False
            try:
                self.client = BatchServiceClient(credentials, batch_url=ENDPOINT)
            except TypeError:
                self.client = BatchServiceClient(credentials, base_url=ENDPOINT)

    def method(self, operation):
        name = NOW.get(operation) if self.is_new else operation
        found = self.client
        for part in (name or "none.").split("."):
            found = getattr(found, part, None)
        self.tried.add(name)
        return found

    async def call(self, operation, once, now):
        method = self.method(operation)
        if method is None:
            return None
        keywords = {"polling_interval": 0} if self.is_new and method.__name__.startswith("begin_") else {}
        arguments = now if self.is_new else once
        for argument in arguments:
            if isinstance(argument, Named):
                keywords.update(argument)
        result = method(*(argument for argument in arguments if not isinstance(argument, Named)), **keywords)
        if inspect.isawaitable(result):
            result = await result
        if operation == "pool.resize":
            return result  # It is stopped next.
        if hasattr(result, "wait") and hasattr(result, "polling_method"):
            waited = result.wait()
            if inspect.isawaitable(waited):
                await waited
            return result
        if IS_AIO and hasattr(result, "__aiter__"):
            return [item async for item in result]
        if hasattr(result, "__iter__") and not isinstance(result, (dict, str)) and not hasattr(result, "as_dict"):
            return list(result)
        return result

    async def note(self, operation, once, now):
        if self.method(operation) is None:
            return
        try:
            await self.call(operation, once, now)
            outcome = "ok"
        except Exception as error:
            outcome = failure(error)
        if self.seen.get(operation, "ok") == "ok":
            self.seen[operation] = outcome

    async def until(self, holds, what):
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline:
            if await holds():
                return
            await asyncio.sleep(0.1)
        raise TimeoutError(what)

    async def one(self, operation, *arguments):
        return await self.call(operation, arguments, arguments)

    async def state(self, node):
        for found in await self.one("compute_node.list", P):
            if found.id == node:
                return str(getattr(found.state, "value", found.state))
        return None

    async def run(self):
        await self.note(*both("pool.add", pool(P, 1)))
        await self.note(*both("pool.add", pool(Q, 0)))
        for job in (J, K):
            await self.note(*both("job.add", {"id": job, **job_of, **PREPARED}))
        script = "echo hello; echo x >kept.txt; echo y >gone.txt"
        await self.note(*both("task.add", J, task("one", script)))

        async def completed():
            state = (await self.one("task.get", J, "one")).state
            return str(getattr(state, "value", state)) == "completed"

        await self.until(completed, "task")
        node = (await self.one("compute_node.list", P))[0].id

        async def idle():
            return await self.state(node) in ("idle", "running")

        async def deallocated():
            # Only releases that deallocate a node wait for it.
            return self.method("compute_node.deallocate") is None or await self.state(node) == "deallocated"

        async def steady():
            state = (await self.one("pool.get", P)).allocation_state
            return str(getattr(state, "value", state)) == "steady"

        for step in steps(node):
            if isinstance(step, str):
                await self.until({"idle": idle, "steady": steady, "deallocated": deallocated}[step], step)
            else:
                await self.note(*step)
        return {"seen": self.seen, "untried": sorted(set(self.methods()) - self.tried)}

    def methods(self):
        """All that the release has, by inspection."""
        if self.is_new:
            names = [name for name in dir(self.client) if name[0] != "_"]
            others = {"close", "send_request", "create_tasks"}
            return [name for name in names if name not in others and callable(getattr(self.client, name))]
        groups = [name for name, value in vars(self.client).items() if type(value).__name__.endswith("Operations")]
        return [
            f"{group}.{name}"
            for group in groups
            for name in dir(getattr(self.client, group))
            if name[0] != "_" and inspect.ismethod(getattr(getattr(self.client, group), name))
        ]


def failure(error):
    response = getattr(error, "response", None)
    status = getattr(response, "status_code", None)
    code = getattr(getattr(error, "error", None), "code", None)
    return [status, code] if status else f"{type(error).__name__}: {error}"[:200]


async def main():
    tour = Tour()
    seen = await tour.run()
    if IS_AIO:
        await tour.client.close()
    print(json.dumps(seen))


asyncio.run(main())
