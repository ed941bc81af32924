"""Signs a user in with every credential of azure-identity, with MSAL and with ADAL. Prints one JSON line."""
import base64
import json
import os
import threading

import adal
import msal
from azure.identity import (
    CertificateCredential,
    DeviceCodeCredential,
    InteractiveBrowserCredential,
    UsernamePasswordCredential,
)

from browser import visit

BATCH = "https://batch.core.windows.net/"
SCOPE = BATCH + "/.default"
CLIENT = os.environ["AZURE_CLIENT_ID"]
TENANT = os.environ["AZURE_TENANT_ID"]
USER = os.environ["SIGN_IN_USER"]
PASSWORD = os.environ["SIGN_IN_PASSWORD"]
AZ = "04b07795-8ddb-461a-bbee-02f9e1bf7b46"


def claims(token):
    payload = token.split(".")[1]
    decoded = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    return [decoded["aud"], decoded.get("upn"), decoded.get("scp"), decoded["appidacr"]]


def on_device(uri, code, _=None):
    threading.Thread(target=visit, args=(uri, code)).start()


seen = {}
# Consents, so that the credentials after it need not ask.
browser = InteractiveBrowserCredential(client_id=CLIENT, tenant_id=TENANT)
seen["browser"] = claims(browser.get_token(SCOPE).token)
seen["silent"] = claims(browser.get_token(SCOPE).token)
seen["default application"] = claims(InteractiveBrowserCredential().get_token(SCOPE).token)
device = DeviceCodeCredential(client_id=CLIENT, tenant_id=TENANT, prompt_callback=on_device)
record = device.authenticate(scopes=[SCOPE])
seen["device"] = [record.username, record.tenant_id == TENANT]
seen["device token"] = claims(device.get_token(SCOPE).token)
seen["other resource"] = claims(device.get_token("https://graph.microsoft.com/.default").token)
password = UsernamePasswordCredential(CLIENT, USER, PASSWORD, tenant_id=TENANT)
seen["password"] = claims(password.get_token(SCOPE).token)
certificate = CertificateCredential(TENANT, CLIENT, os.environ["SIGN_IN_CERTIFICATE"])
seen["certificate"] = claims(certificate.get_token(SCOPE).token)
chain = CertificateCredential(TENANT, CLIENT, os.environ["SIGN_IN_CERTIFICATE"], send_certificate_chain=True)
seen["certificate chain"] = claims(chain.get_token(SCOPE).token)

authority = "https://login.microsoftonline.com/" + TENANT
public = msal.PublicClientApplication(AZ, authority="https://login.microsoftonline.com/organizations")
flow = public.initiate_device_flow([SCOPE])
on_device(flow["verification_uri"], flow["user_code"])
seen["msal device"] = claims(public.acquire_token_by_device_flow(flow)["access_token"])
account = public.get_accounts()[0]
seen["msal silent"] = claims(
    public.acquire_token_silent([SCOPE], account=account, force_refresh=True)["access_token"]
)

context = adal.AuthenticationContext(authority)
codes = context.acquire_user_code(BATCH, AZ)
on_device(codes["verification_url"], codes["user_code"])
token = context.acquire_token_with_device_code(BATCH, codes, AZ)
seen["adal device"] = claims(token["accessToken"])
refreshed = context.acquire_token_with_refresh_token(token["refreshToken"], AZ, BATCH)
seen["adal refresh"] = claims(refreshed["accessToken"])
seen["adal password"] = claims(
    context.acquire_token_with_username_password(BATCH, USER, PASSWORD, AZ)["accessToken"]
)
print(json.dumps(seen))
