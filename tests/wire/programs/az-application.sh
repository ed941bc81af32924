# Makes an application with a package by the Azure CLI, and takes both away again. Knows nothing of Batchyard. Prints one JSON line.
set -eu
AZURE_CONFIG_DIR=$(mktemp -d)
export AZURE_CONFIG_DIR AZURE_CORE_COLLECT_TELEMETRY=0
trap 'rm -rf "$AZURE_CONFIG_DIR"' EXIT
account=$1 group=$2
cd "$AZURE_CONFIG_DIR"
printf 'an archive' >package.zip
line() { tr -d '\n '; }

az login --service-principal --username "$AZURE_CLIENT_ID" --password "$AZURE_CLIENT_SECRET" --tenant "$AZURE_TENANT_ID" >/dev/null
of() { az batch application "$@" --name "$account" --resource-group "$group" --output json; }
of create --application-name blender >/dev/null
made=$(of package create --application-name blender --version 1.0 --package-file package.zip --query '[name, state, format]' | line)
of set --application-name blender --default-version 1.0 --display-name Renderer >/dev/null
again=$(of package activate --application-name blender --version 1.0 --format zip --query state | line)
shown=$(of show --application-name blender --query '[name, displayName, defaultVersion]' | line)
packages=$(of package list --application-name blender --query '[].name' | line)
of package create --application-name blender --version 2 --package-file package.zip >/dev/null
of package delete --application-name blender --version 2 --yes >/dev/null
left=$(of package show --application-name blender --version 1.0 --query state | line)
list=$(of list --query '[].name' | line)
echo "{\"made\":$made,\"again\":$again,\"shown\":$shown,\"packages\":$packages,\"left\":$left,\"list\":$list}"
