"""Signs in with five values that a user has copied, as the documentation shows it; lists jobs, and adds one. Knows nothing of Batchyard."""
import json
import os

import azure.batch.models as models
from azure.batch import BatchServiceClient
from azure.common.credentials import ServicePrincipalCredentials

copied = json.loads(os.environ["COPIED_VALUES"])
credentials = ServicePrincipalCredentials(
    client_id=copied["CLIENT_ID"],
    secret=copied["SECRET"],
    tenant=copied["TENANT_ID"],
    resource=copied["RESOURCE"],
)
client = BatchServiceClient(credentials, batch_url=copied["BATCH_ACCOUNT_URL"])
seen = {"listed": [job.id for job in client.job.list()]}
try:
    client.job.add(models.JobAddParameter(id="sample", pool_info=models.PoolInformation(pool_id="empty")))
    seen["added"] = True
except models.BatchErrorException as error:
    seen["refused"] = error.response.status_code
print(json.dumps(seen))
