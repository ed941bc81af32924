"""Lists jobs as the node's managed identities, with azure.identity and msrestazure. Knows nothing of Batchyard."""
import base64
import json
import os
import sys

from azure.batch import BatchServiceClient
from azure.identity import DefaultAzureCredential, ManagedIdentityCredential
from msrest.authentication import BasicTokenAuthentication
from msrestazure.azure_active_directory import MSIAuthentication

RESOURCE = "https://batch.core.windows.net/"
SCOPE = RESOURCE + "/.default"
names = json.loads(sys.argv[1]) if len(sys.argv) > 1 else {}
seen = {}


def tell(name, token):
    claims = json.loads(base64.urlsafe_b64decode(token.split(".")[1] + "=="))
    client = BatchServiceClient(
        BasicTokenAuthentication({"access_token": token}), batch_url=os.environ["AZ_BATCH_ACCOUNT_URL"]
    )
    seen[name] = [claims["appid"], [job.id for job in client.job.list()]]


tell("managed", ManagedIdentityCredential().get_token(SCOPE).token)
tell("default", DefaultAzureCredential().get_token(SCOPE).token)
tell("client id", ManagedIdentityCredential(client_id=names["client_id"]).get_token(SCOPE).token)
msi = MSIAuthentication(resource=RESOURCE)
msi.set_token()
tell("msrestazure", msi.token["access_token"])
print(json.dumps(seen))
