"""For each line that comes, asks the Batch service once through each client, which keep their tokens. Prints a line per round."""
import os
import sys

from azure.batch import BatchServiceClient
from azure.common.credentials import ServicePrincipalCredentials
from azure.identity import ClientSecretCredential
from msrest.authentication import BasicTokenAuthentication

URL = os.environ["AZURE_BATCH_ENDPOINT"]
WHO = [os.environ[f"AZURE_{name}"] for name in ("TENANT_ID", "CLIENT_ID", "CLIENT_SECRET")]
SCOPE = "https://batch.core.windows.net//.default"

which = sys.argv[1]
if which == "adal":
    tenant, client_id, secret = WHO
    credentials = ServicePrincipalCredentials(
        client_id=client_id, secret=secret, tenant=tenant, resource="https://batch.core.windows.net/"
    )
else:
    identity = ClientSecretCredential(*WHO)
    credentials = BasicTokenAuthentication({})
client = BatchServiceClient(credentials, batch_url=URL)
for _ in sys.stdin:
    if which == "identity":
        credentials.token = {"access_token": identity.get_token(SCOPE).token}
    print(client.pool.exists("none"), flush=True)
