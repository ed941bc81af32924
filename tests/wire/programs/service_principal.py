"""Signs in as an application and runs a job, as the documentation of Azure Batch shows it. Knows nothing of Batchyard."""
import json
import os
import time

import azure.batch.models as models
from azure.batch import BatchServiceClient
from azure.common.credentials import ServicePrincipalCredentials

TENANT_ID = os.environ["AZURE_TENANT_ID"]
CLIENT_ID = os.environ["AZURE_CLIENT_ID"]
CLIENT_SECRET = os.environ["AZURE_CLIENT_SECRET"]
RESOURCE = "https://batch.core.windows.net/"
BATCH_ACCOUNT_URL = "https://myaccount.mylocation.batch.azure.com"

credentials = ServicePrincipalCredentials(
    client_id=CLIENT_ID, secret=CLIENT_SECRET, tenant=TENANT_ID, resource=RESOURCE
)
client = BatchServiceClient(credentials, batch_url=BATCH_ACCOUNT_URL)
seen = {"before": [job.id for job in client.job.list()]}

image = models.ImageReference(publisher="debian", offer="debian-12", sku="12")
client.pool.add(
    models.PoolAddParameter(
        id="pool",
        vm_size="standard_d2s_v3",
        target_dedicated_nodes=2,
        task_slots_per_node=2,
        virtual_machine_configuration=models.VirtualMachineConfiguration(
            image_reference=image, node_agent_sku_id="batch.node.debian 12"
        ),
    )
)
client.job.add(models.JobAddParameter(id="job", pool_info=models.PoolInformation(pool_id="pool")))
added = client.task.add_collection(
    "job",
    [
        models.TaskAddParameter(id=f"task{n}", command_line=f"/bin/sh -c 'echo task {n}'")
        for n in range(120)  # More than one request takes: the client splits them.
    ],
)
seen["added"] = {str(result.status) for result in added.value} == {"TaskAddStatus.success"}

deadline = time.monotonic() + 30
while any(task.state != models.TaskState.completed for task in client.task.list("job")):
    if time.monotonic() > deadline:
        raise TimeoutError("the tasks did not complete")
    time.sleep(0.1)

counts = client.job.get_task_counts("job").task_counts
seen["counts"] = [counts.completed, counts.succeeded, counts.failed]
seen["stdout"] = b"".join(client.file.get_from_task("job", "task7", "stdout.txt")).decode()
page = client.task.list("job", models.TaskListOptions(select="id,state", filter="startswith(id, 'task11')", max_results=3))
seen["selected"] = sorted([task.id, task.state.value, task.command_line] for task in page)
seen["exists"] = [client.pool.exists("pool"), client.pool.exists("absent")]
seen["nodes"] = sorted(node.is_dedicated for node in client.compute_node.list("pool"))
job = client.job.get("job")
seen["job"] = [job.state.value, job.execution_info.pool_id, job.creation_time.tzinfo is not None]
try:
    client.job.patch("job", models.JobPatchParameter(priority=5), models.JobPatchOptions(if_match='"0x0"'))
except models.BatchErrorException as error:
    seen["stale"] = [error.response.status_code, error.error.code]
client.job.patch("job", models.JobPatchParameter(priority=5), models.JobPatchOptions(if_match=job.e_tag))
seen["priority"] = client.job.get("job").priority
try:
    client.job.get("absent")
except models.BatchErrorException as error:
    seen["missing"] = [error.error.code, "does not exist" in error.error.message.value]

client.job.delete("job")
client.pool.delete("pool")
deadline = time.monotonic() + 30
while list(client.job.list()) or list(client.pool.list()):
    if time.monotonic() > deadline:
        raise TimeoutError("the job or the pool did not go")
    time.sleep(0.05)
print(json.dumps(seen))
