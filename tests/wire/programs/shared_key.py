"""Signs every kind of request with an account's key. Knows nothing of Batchyard."""
import json
import os

import azure.batch.models as models
from azure.batch import BatchServiceClient
from azure.batch.batch_auth import SharedKeyCredentials

credentials = SharedKeyCredentials(os.environ["AZURE_BATCH_ACCOUNT"], os.environ["AZURE_BATCH_ACCESS_KEY"])
client = BatchServiceClient(credentials, batch_url="https://myaccount.mylocation.batch.azure.com")
seen = {}


def outcome(call, *arguments):
    """`ok`, or the status and code of the error."""
    try:
        call(*arguments)
        return "ok"
    except models.BatchErrorException as error:
        return [error.response.status_code, error.error.code]


pool_info = models.PoolInformation(pool_id="absent")
seen["add"] = outcome(client.job.add, models.JobAddParameter(id="job", pool_info=pool_info))
seen["get"] = outcome(client.job.get, "job")
seen["get with options"] = outcome(
    client.job.get, "job", models.JobGetOptions(select="id,state", timeout=20, if_none_match='"0x0"')
)
seen["list"] = [job.id for job in client.job.list(models.JobListOptions(filter="id eq 'job'", max_results=5))]
seen["patch"] = outcome(client.job.patch, "job", models.JobPatchParameter(priority=1))
seen["update"] = outcome(client.job.update, "job", models.JobUpdateParameter(pool_info=pool_info))
seen["disable"] = outcome(client.job.disable, "job", models.DisableJobOption.requeue)
seen["terminate"] = outcome(client.job.terminate, "job")
seen["exists"] = client.pool.exists("absent")
seen["task"] = outcome(client.task.get, "job", "absent")
seen["delete"] = outcome(client.job.delete, "job")

ODD = ["we ird(x)\u00e9", "a b", "(x)", "\u00e9", "a+b", "100%", "a&b=c", "'quoted'", "~tilde!*"]
seen["odd"] = {
    odd: [
        outcome(client.job.get, odd),
        outcome(client.job.delete, odd),
        outcome(client.task.get, "job", odd),
        outcome(client.task.delete, "job", odd),
        outcome(client.pool.get, odd),
        outcome(client.file.get_from_task, "job", "t", f"wd/{odd}.txt"),
    ]
    for odd in ODD
}
seen["odd add"] = {
    odd: outcome(client.job.add, models.JobAddParameter(id=odd, pool_info=pool_info)) for odd in ODD
}

stranger = BatchServiceClient(
    SharedKeyCredentials("myaccount", "A" * 86 + "=="), batch_url="https://myaccount.mylocation.batch.azure.com"
)
try:
    list(stranger.job.list())
except models.BatchErrorException as error:
    seen["wrong key"] = [error.response.status_code, error.error.code]
print(json.dumps(seen))
