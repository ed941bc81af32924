/**
 * The ways a client reaches the service, as environment variables. Pure: text about a connection, no I/O, no shell.
 * A null value means that the variable would get in the way and must not be set.
 */
import type { ServiceConnection } from "../service/service-connection.ts";
import { cloudAccountUrl } from "./cloud-account.ts";

export type Variables = Readonly<Record<string, string | null>>;

/** A program's environment: ours, with the variables of a mode in place. */
export function environmentWith(variables: Variables, base = process.env): NodeJS.ProcessEnv {
  const environment = { ...base };
  for (const [name, value] of Object.entries(variables)) {
    if (value === null) delete environment[name];
    else environment[name] = value;
  }
  return environment;
}

/**
 * Proxy mode: Azure's own addresses, led here by the proxy. Programs stay as they are.
 * Both spellings of each name, because curl reads only the lower one and some libraries only the upper.
 */
export function proxyVariables(connection: ServiceConnection): Variables {
  const direct = "localhost,127.0.0.1,169.254.169.254";
  return {
    HTTPS_PROXY: connection.proxy,
    https_proxy: connection.proxy,
    NO_PROXY: direct,
    no_proxy: direct,
    // Node's own fetch looks at the proxy variables only when told to.
    NODE_USE_ENV_PROXY: "1",
    ...trustVariables(connection),
    AZURE_AUTHORITY_HOST: null,
    AZURE_TENANT_ID: connection.tenantId,
    ...applicationVariables(connection),
    AZURE_BATCH_ENDPOINT: cloudAccountUrl(connection),
  };
}

/**
 * Direct mode: `https://localhost` and ports. The tenant `adfs` keeps sign-in libraries from asking Microsoft whether they
 * may trust this authority.
 */
export function directVariables(connection: ServiceConnection): Variables {
  return {
    HTTPS_PROXY: null,
    https_proxy: null,
    NODE_USE_ENV_PROXY: null,
    ...trustVariables(connection),
    AZURE_AUTHORITY_HOST: connection.login,
    AZURE_TENANT_ID: "adfs",
    ...applicationVariables(connection),
    AZURE_BATCH_ENDPOINT: connection.batch,
  };
}

/** Python's and curl's variables replace the trusted roots, so they get a bundle; Node's adds to them. */
export function trustVariables({ bundleFile, caFile }: ServiceConnection): Variables {
  return {
    REQUESTS_CA_BUNDLE: bundleFile,
    CURL_CA_BUNDLE: bundleFile,
    SSL_CERT_FILE: bundleFile,
    NODE_EXTRA_CA_CERTS: caFile,
  };
}

/** The names that azure-identity and `az batch` read. */
function applicationVariables(connection: ServiceConnection): Variables {
  return {
    AZURE_CLIENT_ID: connection.clientId,
    AZURE_CLIENT_SECRET: connection.clientSecret,
    AZURE_SUBSCRIPTION_ID: connection.subscriptionId,
    AZURE_BATCH_ACCOUNT: connection.account,
    AZURE_BATCH_ACCESS_KEY: connection.accountKey,
    AZURE_STORAGE_ACCOUNT: connection.storageAccount,
  };
}

/** What `--unset` removes: all that any mode sets. */
export const modeVariableNames: readonly string[] = [
  "HTTPS_PROXY",
  "https_proxy",
  "NO_PROXY",
  "no_proxy",
  "NODE_USE_ENV_PROXY",
  "REQUESTS_CA_BUNDLE",
  "CURL_CA_BUNDLE",
  "SSL_CERT_FILE",
  "NODE_EXTRA_CA_CERTS",
  "AZURE_AUTHORITY_HOST",
  "AZURE_TENANT_ID",
  "AZURE_CLIENT_ID",
  "AZURE_CLIENT_SECRET",
  "AZURE_SUBSCRIPTION_ID",
  "AZURE_BATCH_ACCOUNT",
  "AZURE_BATCH_ACCESS_KEY",
  "AZURE_BATCH_ENDPOINT",
  "AZURE_STORAGE_ACCOUNT",
];
