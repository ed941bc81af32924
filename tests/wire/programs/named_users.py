"""Runs tasks as two users of a pool. Knows nothing of Batchyard. Prints one JSON line."""
import json
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
client = BatchServiceClient(credentials, batch_url=os.environ["ACCOUNT_URL"])
pool_id = os.environ["POOL_ID"]
image = models.ImageReference(publisher="canonical", offer="0001-com-ubuntu-server-jammy", sku="22_04-lts")

client.pool.add(
    models.PoolAddParameter(
        id=pool_id,
        vm_size="standard_d2s_v3",
        target_dedicated_nodes=1,
        virtual_machine_configuration=models.VirtualMachineConfiguration(
            image_reference=image, node_agent_sku_id="batch.node.ubuntu 22.04"
        ),
        user_accounts=[
            models.UserAccount(
                name="worker",
                password="the worker's password",
                elevation_level=models.ElevationLevel.non_admin,
            ),
            models.UserAccount(
                name="other",
                password="the other's password",
                elevation_level=models.ElevationLevel.non_admin,
                linux_user_configuration=models.LinuxUserConfiguration(uid=4321, gid=98765),
            ),
        ],
    )
)
client.job.add(models.JobAddParameter(id=pool_id, pool_info=models.PoolInformation(pool_id=pool_id)))


def run(id, user, script):
    identity = models.UserIdentity(user_name=user)
    command = "/bin/sh -c '%s'" % script
    client.task.add(pool_id, models.TaskAddParameter(id=id, command_line=command, user_identity=identity))
    while client.task.get(pool_id, id).state != models.TaskState.completed:
        time.sleep(0.1)
    return b"".join(client.file.get_from_task(pool_id, id, "stdout.txt")).decode().strip()


seen = {
    "shown": [
        [user.name, user.elevation_level.value, user.password is not None]
        for user in client.pool.get(pool_id).user_accounts
    ],
    "worker": run("worker", "worker", "echo $(id -un; id -u)"),
    "other": run("other", "other", "echo $(id -un; id -u)"),
}
write = "for t in worker/wd worker; do touch ../../$t/x 2>/dev/null && echo written || echo refused; done"
seen["theirs"] = run("theirs", "other", "echo $(%s)" % write)
identity = models.UserIdentity(
    user_name="worker", auto_user=models.AutoUserSpecification(elevation_level=models.ElevationLevel.admin)
)
try:
    client.task.add(pool_id, models.TaskAddParameter(id="both", command_line="true", user_identity=identity))
except models.BatchErrorException as error:
    seen["both"] = [error.response.status_code, error.error.code]
print(json.dumps(seen))
