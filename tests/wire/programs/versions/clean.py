"""A program for azure-batch 15.1, which sends 2025-06-01: a pool, a job, tasks, their end. Knows nothing of Batchyard."""
import os

from azure.batch import BatchClient, models
from azure.core.credentials import AzureNamedKeyCredential
from azure.core.exceptions import HttpResponseError

batch = BatchClient(
    os.environ["AZURE_BATCH_ENDPOINT"],
    AzureNamedKeyCredential(os.environ["AZURE_BATCH_ACCOUNT"], os.environ["AZURE_BATCH_ACCESS_KEY"]),
)
batch.create_pool(
    models.BatchPoolCreateOptions(
        id="clean",
        vm_size="standard_d2s_v3",
        target_dedicated_nodes=0,
        task_slots_per_node=2,
        task_scheduling_policy=models.BatchTaskSchedulingPolicy(
            node_fill_type=models.BatchNodeFillType.PACK, job_default_order=models.BatchJobDefaultOrder.CREATION_TIME
        ),
        virtual_machine_configuration=models.VirtualMachineConfiguration(
            image_reference=models.BatchVmImageReference(publisher="debian", offer="debian-12", sku="12"),
            node_agent_sku_id="batch.node.debian 12",
        ),
    )
)
batch.create_job(models.BatchJobCreateOptions(id="clean", pool_info=models.BatchPoolInfo(pool_id="clean")))
batch.create_tasks("clean", [models.BatchTaskCreateOptions(id="one", command_line="true")])
print([task.id for task in batch.list_tasks("clean", select=["id", "state"])])
print(batch.get_pool("clean").task_scheduling_policy.job_default_order)
print(batch.get_job_task_counts("clean").task_counts.active)
try:
    batch.get_job("absent")
except HttpResponseError as error:
    print(error.status_code)
batch.begin_delete_job("clean", polling_interval=0).result()
batch.begin_delete_pool("clean", polling_interval=0).result()
