"""The smallest whole job, as programs for azure-batch before 15 are written: a pool of one node, one task, its output.

    pip install "azure-batch<15" azure-common
    ./bin/batchyard.js run -- python3 examples/first-program-before-15.py

A new program takes azure-batch 15 or later: first-program.py. Debian 12's python3-azure has a version before 15.
"""
import os
import time

import azure.batch.models as models
from azure.batch import BatchServiceClient
from azure.common.credentials import ServicePrincipalCredentials

credentials = ServicePrincipalCredentials(
    client_id=os.environ["AZURE_CLIENT_ID"],
    secret=os.environ["AZURE_CLIENT_SECRET"],
    tenant=os.environ["AZURE_TENANT_ID"],
    resource="https://batch.core.windows.net/",
)
batch = BatchServiceClient(credentials, batch_url=os.environ["AZURE_BATCH_ENDPOINT"])

name = f"hello-{int(time.time() * 1000)}"
batch.pool.add(
    models.PoolAddParameter(
        id=name,
        vm_size="standard_d2s_v3",
        target_dedicated_nodes=1,
        virtual_machine_configuration=models.VirtualMachineConfiguration(
            image_reference=models.ImageReference(
                publisher="debian", offer="debian-12", sku="12"
            ),
            node_agent_sku_id="batch.node.debian 12",
        ),
    )
)
try:
    batch.job.add(
        models.JobAddParameter(id=name, pool_info=models.PoolInformation(pool_id=name))
    )
    batch.task.add(
        name,
        models.TaskAddParameter(
            id="hello",
            command_line="/bin/sh -c 'echo \"hello from $AZ_BATCH_NODE_ID\"'",
        ),
    )
    while batch.task.get(name, "hello").state != models.TaskState.completed:
        time.sleep(0.2)
    output = batch.file.get_from_task(name, "hello", "stdout.txt")
    print(b"".join(output).decode().strip())
finally:
    batch.job.delete(name)
    batch.pool.delete(name)
