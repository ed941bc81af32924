# Runs a task on a pool with the Azure CLI, signed in to the account by Entra ID. Knows nothing of Batchyard. Prints one JSON line.
set -eu
AZURE_CONFIG_DIR=$(mktemp -d)
export AZURE_CONFIG_DIR AZURE_CORE_COLLECT_TELEMETRY=0
trap 'rm -rf "$AZURE_CONFIG_DIR"' EXIT

line() { tr -d '\n '; }
json() { az batch "$@" --output json | line; }

az login --service-principal --username "$AZURE_CLIENT_ID" --password "$AZURE_CLIENT_SECRET" --tenant "$AZURE_TENANT_ID" >/dev/null
az batch account login --name "$AZURE_BATCH_ACCOUNT" --resource-group "$RESOURCE_GROUP"
az batch pool create --id az --vm-size standard_d2s_v3 --target-dedicated-nodes 1 \
  --image debian:debian-12:12 --node-agent-sku-id 'batch.node.debian 12'
az batch job create --id az --pool-id az
az batch task create --job-id az --task-id one --command-line "/bin/sh -c 'echo from az'" >/dev/null
until [ "$(az batch task show --job-id az --task-id one --query state --output tsv)" = completed ]; do sleep 0.2; done
task=$(json task show --job-id az --task-id one --query '[state, executionInfo.exitCode]')
pool=$(json pool show --pool-id az --query '[id, vmSize, currentDedicatedNodes, allocationState]')
az batch task file download --job-id az --task-id one --file-path stdout.txt --destination "$AZURE_CONFIG_DIR/out" >/dev/null
az batch pool delete --pool-id az --yes
az batch job delete --job-id az --yes
echo "{\"task\":$task,\"pool\":$pool,\"output\":\"$(line <"$AZURE_CONFIG_DIR/out")\"}"
