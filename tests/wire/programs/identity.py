"""Signs in with azure.identity, as the environment says, and lists jobs. Knows nothing of Batchyard."""
import base64
import json
import os

from azure.batch import BatchServiceClient
from azure.identity import ClientSecretCredential, DefaultAzureCredential, EnvironmentCredential
from msrest.authentication import BasicTokenAuthentication

SCOPE = "https://batch.core.windows.net//.default"
seen = {}
for name, credential in {
    "secret": ClientSecretCredential(
        os.environ["AZURE_TENANT_ID"], os.environ["AZURE_CLIENT_ID"], os.environ["AZURE_CLIENT_SECRET"]
    ),
    "environment": EnvironmentCredential(),
    "default": DefaultAzureCredential(),
}.items():
    token = credential.get_token(SCOPE).token
    claims = json.loads(base64.urlsafe_b64decode(token.split(".")[1] + "=="))
    client = BatchServiceClient(
        BasicTokenAuthentication({"access_token": token}), batch_url=os.environ["AZURE_BATCH_ENDPOINT"]
    )
    seen[name] = [claims["aud"], claims["appid"] == os.environ["AZURE_CLIENT_ID"], len(list(client.job.list()))]
try:
    ClientSecretCredential(
        os.environ["AZURE_TENANT_ID"], os.environ["AZURE_CLIENT_ID"], "wrong"
    ).get_token(SCOPE)
except Exception as error:
    seen["wrong secret"] = "AADSTS7000215" in str(error)
print(json.dumps(seen))
