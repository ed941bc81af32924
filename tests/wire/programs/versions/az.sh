# What az sends for an account, a pool and a task of the job "az": az.sh OPTIONS AZ..., options of making the pool and the words that start az.
# Knows nothing of Batchyard.
set -eu
options=$1
shift
AZURE_CONFIG_DIR=$(mktemp -d)
export AZURE_CONFIG_DIR AZURE_CORE_COLLECT_TELEMETRY=0 AZURE_CORE_LOGIN_EXPERIENCE_V2=off
trap 'rm -rf "$AZURE_CONFIG_DIR"' EXIT
batch() {
  "$@" --account-name "$AZURE_BATCH_ACCOUNT" --account-key "$AZURE_BATCH_ACCESS_KEY" \
    --account-endpoint "$AZURE_BATCH_ENDPOINT" --output none
}

"$@" login --service-principal --username "$AZURE_CLIENT_ID" --password "$AZURE_CLIENT_SECRET" \
  --tenant "$AZURE_TENANT_ID" --output none
"$@" batch account show --resource-group "$AZURE_RESOURCE_GROUP" --name "$AZURE_BATCH_ACCOUNT" --output none
batch "$@" batch pool create --id az --vm-size Standard_D2_v2 --image debian:debian-12:12 \
  --node-agent-sku-id "batch.node.debian 12" $options
batch "$@" batch pool show --pool-id az
batch "$@" batch task create --job-id az --task-id one --command-line true
