/**
 * `/metadata/endpoints`: where a client that knows only Resource Manager's address finds the rest of this cloud. Answered
 * without a token, in the three shapes that clients of different ages parse: one flat object (az cloud register, msrestazure),
 * a list of clouds (az with ARM_CLOUD_METADATA_URL, Azure PowerShell), one cloud (Terraform's azurerm).
 */

import type { VersionDoor } from "../../core/version/version-door.ts";
import type { Exchange } from "../../http/exchange.ts";
import { ARM_AUDIENCES } from "../../wire/arm/audiences.ts";
import { BATCH_RESOURCE_NAMES } from "../../wire/entra/resources.ts";
import { supportedApiVersion } from "./request/api-version.ts";

const FLAT_VERSIONS: readonly string[] = ["1.0", "2015-01-01"];
const LIST_VERSIONS: readonly string[] = ["2019-05-01", "2019-10-01", "2020-06-01"];
const SINGLE_VERSIONS: readonly string[] = ["2022-09-01", "2023-11-01"];

export function isMetadataEndpoints({ method, path }: Exchange): boolean {
  return (method === "GET" || method === "HEAD") && /^\/metadata\/endpoints\/?$/i.test(path);
}

/** @throws Fault MissingApiVersionParameter, InvalidApiVersionParameter */
export function metadataEndpoints(door: VersionDoor, exchange: Exchange): object {
  const known = [...FLAT_VERSIONS, ...LIST_VERSIONS, ...SINGLE_VERSIONS];
  const version = supportedApiVersion(door, exchange.query, known, "metadata/endpoints");
  const addresses = exchange.authority.answeredAs === "arm" ? AZURE : local(exchange);
  if (FLAT_VERSIONS.includes(version)) return flat(addresses);
  // Terraform appends the tenant by itself and would take `adfs` for a part of the host's address.
  return LIST_VERSIONS.includes(version)
    ? [cloud(addresses, addresses.trustedLogin)]
    : cloud(addresses, addresses.login);
}

interface CloudAddresses {
  readonly name: string;
  /** Without a slash at the end: clients append one and the tenant. */
  readonly login: string;
  /** The login as clients trust it without asking login.microsoftonline.com. */
  readonly trustedLogin: string;
  readonly resourceManager: string;
  readonly graph: string;
  readonly microsoftGraph: string;
  readonly portal: string;
}

const AZURE: CloudAddresses = {
  name: "AzureCloud",
  login: "https://login.microsoftonline.com",
  trustedLogin: "https://login.microsoftonline.com",
  resourceManager: "https://management.azure.com/",
  graph: "https://graph.windows.net/",
  microsoftGraph: "https://graph.microsoft.com/",
  portal: "https://portal.azure.com",
};

/** Always https, also when asked in clear: no client signs in otherwise. */
function local({ authority }: Exchange): CloudAddresses {
  const base = `https://${authority.host}`;
  return {
    // Any name but AzureCloud, whose login az overwrites.
    name: "Batchyard",
    login: base,
    trustedLogin: `${base}/adfs`,
    resourceManager: `${base}/`,
    graph: `${base}/`,
    microsoftGraph: `${base}/`,
    portal: base,
  };
}

function flat({ trustedLogin, graph, portal }: CloudAddresses): object {
  return {
    galleryEndpoint: GALLERY,
    graphEndpoint: graph,
    portalEndpoint: portal,
    authentication: { loginEndpoint: trustedLogin, audiences: AUDIENCES },
  };
}

function cloud(addresses: CloudAddresses, loginEndpoint: string): object {
  return {
    name: addresses.name,
    portal: addresses.portal,
    authentication: { loginEndpoint, audiences: AUDIENCES, tenant: "common", identityProvider: "AAD" },
    resourceManager: addresses.resourceManager,
    graph: addresses.graph,
    graphAudience: addresses.graph,
    microsoftGraphResourceId: addresses.microsoftGraph,
    batch: BATCH_RESOURCE_NAMES.find((name) => name.endsWith("/")),
    ...NOT_SERVED,
  };
}

const AUDIENCES = ARM_AUDIENCES.filter((audience) => audience.endsWith("/"));

const GALLERY = "https://gallery.azure.com/";

/** Services of the public cloud that are not here: clients insist on the names, and mostly never call them. */
const NOT_SERVED = {
  gallery: GALLERY,
  media: "https://rest.media.azure.net",
  sqlManagement: "https://management.core.windows.net:8443/",
  vmImageAliasDoc:
    "https://raw.githubusercontent.com/Azure/azure-rest-api-specs/master/arm-compute/quickstart-templates/aliases.json",
  activeDirectoryDataLake: "https://datalake.azure.net/",
  suffixes: {
    storage: "core.windows.net",
    keyVaultDns: "vault.azure.net",
    sqlServerHostname: "database.windows.net",
    acrLoginServer: "azurecr.io",
    azureDataLakeStoreFileSystem: "azuredatalakestore.net",
    azureDataLakeAnalyticsCatalogAndJob: "azuredatalakeanalytics.net",
    azureFrontDoorEndpointSuffix: "azurefd.net",
    mhsmDns: "managedhsm.azure.net",
    mysqlServerEndpoint: "mysql.database.azure.com",
    postgresqlServerEndpoint: "postgres.database.azure.com",
    mariadbServerEndpoint: "mariadb.database.azure.com",
    synapseAnalytics: "dev.azuresynapse.net",
  },
};
