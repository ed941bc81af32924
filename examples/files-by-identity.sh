# A task whose input and output are blobs that only its pool's managed identity may read and write, with the Azure CLI.
#
#   batchyard up                                                    # in another terminal; `npm install azurite` once
#   batchyard run -- sh examples/files-by-identity.sh
#
# Roles are given by `batchyard role assign`, for the first start's application may not assign any. Takes its options.
set -eu
work=$(mktemp -d)
export AZURE_CONFIG_DIR="$work/az" AZURE_CORE_COLLECT_TELEMETRY=0
trap 'rm -rf "$work"' EXIT
group=batchyard account=$AZURE_BATCH_ACCOUNT storage=$AZURE_STORAGE_ACCOUNT
blobs=https://$storage.blob.core.windows.net

az login --service-principal -u "$AZURE_CLIENT_ID" -p "$AZURE_CLIENT_SECRET" --tenant "$AZURE_TENANT_ID" >/dev/null
identity=$(az identity create -g "$group" -n files --query id -o tsv)
principal=$(az identity show --ids "$identity" --query principalId -o tsv)
storage_id=$(az storage account show -g "$group" -n "$storage" --query id -o tsv)
account_id=$(az batch account show -g "$group" -n "$account" --query id -o tsv)
batchyard role assign --principal "$principal" --role "Storage Blob Data Contributor" --scope "$storage_id" "$@" >&2

key=$(az storage account keys list -g "$group" -n "$storage" --query '[0].value' -o tsv)
blob() { az storage "$@" --account-name "$storage" --account-key "$key" --no-progress -o none; }
az storage container create -n files --account-name "$storage" --account-key "$key" -o none
printf 'pear\napple\n' >"$work/in.txt"
blob blob upload -c files -n in.txt -f "$work/in.txt" --overwrite 2>/dev/null

# Only management gives a pool its identities.
cat >"$work/pool.json" <<POOL
{ "identity": { "type": "UserAssigned", "userAssignedIdentities": { "$identity": {} } },
  "properties": {
    "vmSize": "STANDARD_D2S_V3",
    "scaleSettings": { "fixedScale": { "targetDedicatedNodes": 1 } },
    "deploymentConfiguration": { "virtualMachineConfiguration": {
      "imageReference": { "publisher": "debian", "offer": "debian-12", "sku": "12", "version": "latest" },
      "nodeAgentSkuId": "batch.node.debian 12" } } } }
POOL
az rest --method put --url "https://management.azure.com$account_id/pools/files?api-version=2024-07-01" \
  --body "@$work/pool.json" -o none

az batch account login -g "$group" -n "$account"
az batch job create --id files --pool-id files
cat >"$work/task.json" <<TASK
{ "id": "sort", "commandLine": "/bin/sh -c 'sort in.txt > out.txt'",
  "resourceFiles": [
    { "httpUrl": "$blobs/files/in.txt", "filePath": "in.txt", "identityReference": { "resourceId": "$identity" } } ],
  "outputFiles": [
    { "filePattern": "out.txt",
      "destination": { "container": {
        "containerUrl": "$blobs/files", "path": "out.txt", "identityReference": { "resourceId": "$identity" } } },
      "uploadOptions": { "uploadCondition": "taskSuccess" } } ] }
TASK
az batch task create --job-id files --json-file "$work/task.json" -o none
state() { az batch task show --job-id files --task-id sort --query "$1" -o tsv; }
until [ "$(state state)" = completed ]; do sleep 0.2; done
state '[executionInfo.result, executionInfo.failureInfo.message]' >&2
blob blob download -c files -n out.txt -f "$work/out.txt" 2>/dev/null
cat "$work/out.txt"
