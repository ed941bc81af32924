"""The smallest whole job: sign in, a pool of one node, one task, its output.

    pip install azure-batch azure-identity
    ./bin/batchyard.js run -- python3 examples/first-program.py

For azure-batch 15 and later. Programs for earlier versions go on working here: first-program-before-15.py.
"""
import os
import time

from azure.batch import BatchClient, models
from azure.identity import DefaultAzureCredential

batch = BatchClient(endpoint=os.environ["AZURE_BATCH_ENDPOINT"], credential=DefaultAzureCredential())

name = f"hello-{int(time.time() * 1000)}"
batch.create_pool(
    models.BatchPoolCreateOptions(
        id=name,
        vm_size="standard_d2s_v3",
        target_dedicated_nodes=1,
        virtual_machine_configuration=models.VirtualMachineConfiguration(
            image_reference=models.BatchVmImageReference(
                publisher="debian", offer="debian-12", sku="12"
            ),
            node_agent_sku_id="batch.node.debian 12",
        ),
    )
)
try:
    batch.create_job(
        models.BatchJobCreateOptions(id=name, pool_info=models.BatchPoolInfo(pool_id=name))
    )
    batch.create_task(
        name,
        models.BatchTaskCreateOptions(
            id="hello",
            command_line="/bin/sh -c 'echo \"hello from $AZ_BATCH_NODE_ID\"'",
        ),
    )
    while batch.get_task(name, "hello").state != models.BatchTaskState.COMPLETED:
        time.sleep(0.2)
    output = batch.download_task_file(name, "hello", "stdout.txt")
    print(b"".join(output).decode().strip())
finally:
    batch.begin_delete_job(name, polling_interval=1).result()
    batch.begin_delete_pool(name, polling_interval=1).result()
