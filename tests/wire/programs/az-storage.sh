# Uploads and downloads blobs with the Azure CLI, by login and by key. Knows nothing of Batchyard. Prints one JSON line.
set -eu
AZURE_CONFIG_DIR=$(mktemp -d)
export AZURE_CONFIG_DIR AZURE_CORE_COLLECT_TELEMETRY=0
trap 'rm -rf "$AZURE_CONFIG_DIR"' EXIT
account=$1 group=$2
cd "$AZURE_CONFIG_DIR"
printf 'some text' >in.txt
line() { tr -d '\n '; }

az login --service-principal --username "$AZURE_CLIENT_ID" --password "$AZURE_CLIENT_SECRET" --tenant "$AZURE_TENANT_ID" >/dev/null
by_login() { az storage "$@" --account-name "$account" --auth-mode login --output json; }
by_login container create --name made >/dev/null
by_login blob upload --container-name made --name "a b/in.txt" --file in.txt --no-progress >/dev/null 2>&1
by_login blob download --container-name made --name "a b/in.txt" --file login.txt --no-progress >/dev/null 2>&1
list=$(by_login blob list --container-name made --query '[].[name, properties.contentLength]' | line)

key=$(az storage account keys list --account-name "$account" --resource-group "$group" --query '[0].value' --output tsv)
by_key() { az storage "$@" --account-name "$account" --account-key "$key" --auth-mode key --output json; }
by_key blob upload --container-name made --name two --file in.txt --no-progress >/dev/null 2>&1
by_key blob download --container-name made --name two --file key.txt --no-progress >/dev/null 2>&1
echo "{\"login\":\"$(cat login.txt)\",\"key\":\"$(cat key.txt)\",\"list\":$list}"
