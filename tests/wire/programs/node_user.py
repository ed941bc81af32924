"""Adds, updates and deletes a user of a node, and logs in as it. Knows nothing of Batchyard. Prints one JSON line."""
import datetime
import json
import os
import subprocess

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
node = (os.environ["POOL_ID"], os.environ["NODE_ID"])
seen = {}


def code(call, *arguments):
    try:
        call(*arguments)
    except models.BatchErrorException as error:
        return [error.response.status_code, error.error.code]


def log_in(password):
    words = ["sh", os.path.join(os.path.dirname(__file__), "ssh-login.sh"), settings.remote_login_ip_address]
    words += [str(settings.remote_login_port), "frompython", password]
    return subprocess.run(words, check=True, capture_output=True, text=True).stdout.strip()


expiry = datetime.datetime.utcnow() + datetime.timedelta(hours=1)
user = models.ComputeNodeUser(name="frompython", password="the first one", expiry_time=expiry, is_admin=False)
client.compute_node.add_user(*node, user)
settings = client.compute_node.get_remote_login_settings(*node)
seen["exists"] = code(client.compute_node.add_user, *node, user)
seen["logins"] = [log_in("the first one")]
change = models.NodeUpdateUserParameter(password="the second one", expiry_time=expiry)
client.compute_node.update_user(*node, "frompython", change)
seen["logins"] += [log_in("the first one"), log_in("the second one")]
client.compute_node.delete_user(*node, "frompython")
seen["logins"].append(log_in("the second one"))
seen["gone"] = code(client.compute_node.delete_user, *node, "frompython")
print(json.dumps(seen))
