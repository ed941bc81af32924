"""What a job manager of 2020 did, with azure-batch 8: a certificate, a pool of cloud services, a job with a manager, tasks. Knows nothing of Batchyard."""
import os

from azure.batch import BatchServiceClient, models
from azure.batch.batch_auth import SharedKeyCredentials

THUMBPRINT = os.environ["THUMBPRINT"]

batch = BatchServiceClient(
    SharedKeyCredentials(os.environ["AZURE_BATCH_ACCOUNT"], os.environ["AZURE_BATCH_ACCESS_KEY"]),
    batch_url=os.environ["AZURE_BATCH_ENDPOINT"],
)
batch.certificate.add(
    models.CertificateAddParameter(
        thumbprint=THUMBPRINT,
        thumbprint_algorithm="sha1",
        data=os.environ["CER"],
        certificate_format=models.CertificateFormat.cer,
    )
)
batch.pool.add(
    models.PoolAddParameter(
        id="cloud",
        vm_size="small",
        cloud_service_configuration=models.CloudServiceConfiguration(os_family="6"),
        target_dedicated_nodes=0,
        max_tasks_per_node=2,
        certificate_references=[
            models.CertificateReference(
                thumbprint=THUMBPRINT,
                thumbprint_algorithm="sha1",
                store_location=models.CertificateStoreLocation.current_user,
            )
        ],
    )
)
batch.job.add(
    models.JobAddParameter(
        id="managed",
        pool_info=models.PoolInformation(pool_id="cloud"),
        on_all_tasks_complete=models.OnAllTasksComplete.terminate_job,
        job_manager_task=models.JobManagerTask(
            id="manager",
            command_line="cmd /c manager.exe",
            authentication_token_settings=models.AuthenticationTokenSettings(access=[models.AccessScope.job]),
        ),
    )
)
batch.task.add_collection("managed", [models.TaskAddParameter(id="one", command_line="cmd /c echo")])
batch.job.get_task_counts("managed")
for task in batch.task.list("managed", models.TaskListOptions(select="id,state")):
    print(task.id)
for certificate in batch.certificate.list():
    print(certificate.thumbprint)
batch.job.delete("managed")
