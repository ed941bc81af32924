# Registers applications and people with the Azure CLI. Knows nothing of Batchyard. Prints one JSON line.
# $1: the folder of the one-attribute shim that Debian's az 2.45 needs for `az role` and for `--role`.
set -eu
AZURE_CONFIG_DIR=$(mktemp -d)
export AZURE_CONFIG_DIR AZURE_CORE_COLLECT_TELEMETRY=0
trap 'rm -rf "$AZURE_CONFIG_DIR"' EXIT
shim=$1
BATCH=ddbf3205-c6bd-46ae-8127-60eb93363864

line() { tr -d '\n '; }
json() { az "$@" --output json --only-show-errors | line; }
text() { az "$@" --output tsv --only-show-errors; }
shimmed() { PYTHONPATH=$shim az "$@" --output json --only-show-errors | line; }

# The first start's application registers another one.
az login --service-principal --username "$AZURE_CLIENT_ID" --password="$AZURE_CLIENT_SECRET" --tenant "$AZURE_TENANT_ID" >/dev/null
app_id=$(text ad app create --display-name az-app --web-redirect-uris https://az.example/back --query appId)
again=$(text ad app create --display-name az-app --web-home-page-url https://az.example --query appId)
az ad app update --id "$app_id" --identifier-uris "api://$app_id"
listed=$(json ad app list --display-name az-app --query '[].[displayName, identifierUris[0]]')
shown=$(json ad app show --id "api://$app_id" --query '[displayName, signInAudience, web.redirectUris]')
sp=$(text ad sp create --id "$app_id" --query id)
scope=$(text ad sp show --id $BATCH --query 'oauth2PermissionScopes[0].id')
az ad app permission add --id "$app_id" --api $BATCH --api-permissions "$scope=Scope" --only-show-errors
granted=$(json ad app permission grant --id "$app_id" --api $BATCH --scope user_impersonation --query '[consentType, scope]')
permissions=$(json ad app permission list --id "$app_id" --query '[].resourceAccess[0].type')
secret=$(text ad app credential reset --id "$app_id" --append --query password)
user=$(json ad user create --display-name 'Az User' --user-principal-name "az@${2}" --password 'az-Password-1' --query '[displayName, userPrincipalName]')
users=$(json ad user list --upn "az@${2}" --query '[].displayName')
group=$(text ad group create --display-name az-group --mail-nickname az-group --query id)
az ad group member add --group "$group" --member-id "$sp"
members=$(json ad group member list --group az-group --query '[].displayName')
denied=$(az ad signed-in-user show 2>&1 | grep -c delegated || true)
assigned=$(shimmed role assignment create --assignee "$sp" --role Reader --scope "/subscriptions/$AZURE_SUBSCRIPTION_ID" 2>&1 | grep -o AuthorizationFailed | head -1)

# It signs in with its secret, and is told what it may not.
az login --service-principal --username "$app_id" --password="$secret" --tenant "$AZURE_TENANT_ID" --allow-no-subscriptions >/dev/null
refused=$(az ad app create --display-name more 2>&1 | grep -c 'Insufficient privileges' || true)

# The administrator signs in, and makes an application with a role.
az login --username "$SIGN_IN_USER" --password "$SIGN_IN_PASSWORD" --only-show-errors >/dev/null
me=$(json ad signed-in-user show --query '[userPrincipalName, displayName]')
rbac=$(shimmed ad sp create-for-rbac --name az-rbac --role Reader --scopes "/subscriptions/$AZURE_SUBSCRIPTION_ID" --query '[displayName, tenant, appId, password]')
by_name=$(shimmed role assignment create --assignee "az@${2}" --role Reader --scope "/subscriptions/$AZURE_SUBSCRIPTION_ID" --query '[principalType]')
by_id=$(shimmed role assignment create --assignee "$group" --role Reader --scope "/subscriptions/$AZURE_SUBSCRIPTION_ID" --query '[principalType]')
az ad app delete --id "$app_id"
left=$(json ad app list --display-name az-app)
gone=$(az login --service-principal --username "$app_id" --password="$secret" --tenant "$AZURE_TENANT_ID" 2>&1 | grep -o 'AADSTS[0-9]*' | head -1)

echo "{\"again\":$([ "$app_id" = "$again" ] && echo true || echo false),\"appId\":\"$app_id\",\"listed\":$listed,\"shown\":$shown,\"granted\":$granted,\"permissions\":$permissions," \
  "\"user\":$user,\"users\":$users,\"members\":$members,\"denied\":$denied,\"assigned\":\"$assigned\",\"refused\":$refused,\"me\":$me,\"rbac\":$rbac," \
  "\"byName\":$by_name,\"byId\":$by_id,\"left\":$left,\"gone\":\"$gone\"}"
