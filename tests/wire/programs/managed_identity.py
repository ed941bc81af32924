"""Lists jobs as the node's managed identities, with azure.identity and msrestazure. Knows nothing of Batchyard.

Takes one JSON object: {client_id, object_id, resource_id} of an identity, and whether it is the only one there is (`alone`).
"""
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
names = json.loads(sys.argv[1])
seen = {}


def tell(name, token):
    claims = json.loads(base64.urlsafe_b64decode(token.split(".")[1] + "=="))
    client = BatchServiceClient(
        BasicTokenAuthentication({"access_token": token}), batch_url=os.environ["AZ_BATCH_ACCOUNT_URL"]
    )
    seen[name] = [claims["appid"], sorted(job.id for job in client.job.list())]


def msi(**name):
    authentication = MSIAuthentication(resource=RESOURCE, **name)
    authentication.set_token()
    return authentication.token["access_token"]


if names["alone"]:
    tell("managed", ManagedIdentityCredential().get_token(SCOPE).token)
    tell("default", DefaultAzureCredential().get_token(SCOPE).token)
    tell("msrestazure", msi())
tell("default by client id", DefaultAzureCredential(managed_identity_client_id=names["client_id"]).get_token(SCOPE).token)
tell("client id", ManagedIdentityCredential(client_id=names["client_id"]).get_token(SCOPE).token)
for name, value in (("object_id", names["object_id"]), ("mi_res_id", names["resource_id"])):
    tell(name, ManagedIdentityCredential(identity_config={name: value}).get_token(SCOPE).token)
tell("msrestazure by client id", msi(client_id=names["client_id"]))
tell("msrestazure by object id", msi(object_id=names["object_id"]))
tell("msrestazure by resource id", msi(msi_res_id=names["resource_id"]))
print(json.dumps(seen))
