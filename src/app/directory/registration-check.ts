/** What a registration may say. Source: Graph's resource type "application" and "Redirect URI (reply URL) restrictions". */
import type { Registration } from "../../wire/entra/registration.ts";
import { azureResourceAppId } from "../../wire/entra/resources.ts";
import { badDirectoryRequest } from "./directory-fault.ts";

const MAX_DISPLAY_NAME = 256;
const MAX_REDIRECT_URIS = 256;
const MAX_URI = 256;
/** "Configurable token lifetimes": 10 minutes to a day. Ours begins at a second, for tests. */
const MAX_ACCESS_TOKEN_SECONDS = 86_400;

/** @throws Fault Request_BadRequest naming the property */
export function checkRegistration(displayName: string, registration: Registration): void {
  if (displayName === "" || displayName.length > MAX_DISPLAY_NAME)
    throw badDirectoryRequest(`A display name has 1 to ${MAX_DISPLAY_NAME} characters.`, "displayName");
  const { web, spa, publicClient, identifierUris, accessTokenLifetimeSeconds } = registration;
  const uris = [...web.redirectUris, ...spa.redirectUris, ...publicClient.redirectUris];
  if (uris.length > MAX_REDIRECT_URIS)
    throw badDirectoryRequest(`At most ${MAX_REDIRECT_URIS} redirect URIs.`, "redirectUris");
  for (const uri of web.redirectUris) checkRedirectUri(uri, "web.redirectUris", isHttpsOrLoopback);
  for (const uri of spa.redirectUris) checkRedirectUri(uri, "spa.redirectUris", isHttpsOrLoopback);
  // A native application's need not lead anywhere: any scheme but those that run what they carry.
  for (const uri of publicClient.redirectUris)
    checkRedirectUri(uri, "publicClient.redirectUris", ({ protocol }) => !RUNNING_SCHEMES.test(protocol));
  if (web.logoutUrl) checkRedirectUri(web.logoutUrl, "web.logoutUrl", isHttpsOrLoopback);
  for (const uri of identifierUris) {
    if (!/^(https?:\/\/|api:\/\/|urn:|ms-appx:\/\/)\S+$/i.test(uri) || uri.length > MAX_URI)
      throw badDirectoryRequest(`'${uri}' is no identifier URI.`, "identifierUris");
    if (azureResourceAppId(uri) !== undefined)
      throw badDirectoryRequest(`'${uri}' is a resource of Azure's own.`, "identifierUris");
  }
  checkLifetime(accessTokenLifetimeSeconds);
}

const RUNNING_SCHEMES = /^(javascript|data|vbscript|file|blob|about):$/;

function checkRedirectUri(uri: string, property: string, isAllowed: (url: URL) => boolean): void {
  const url = URL.canParse(uri) ? new URL(uri) : undefined;
  const isClean = url !== undefined && url.username === "" && url.password === "" && !/[#*\s\\]/.test(uri);
  if (url === undefined || !isClean || uri.length > MAX_URI || !isAllowed(url))
    throw badDirectoryRequest(`'${uri}' cannot be a redirect URI of this platform.`, property);
}

function isHttpsOrLoopback({ protocol, hostname }: URL): boolean {
  return protocol === "https:" || (protocol === "http:" && isLoopbackHost(hostname));
}

/** Names that mean this machine, as a URL has them. */
export const isLoopbackHost = (hostname: string): boolean =>
  /^(localhost|127\.0\.0\.1|\[::1\])$/i.test(hostname);

function checkLifetime(seconds: number | null): void {
  if (seconds === null) return;
  if (!Number.isInteger(seconds) || seconds < 1 || seconds > MAX_ACCESS_TOKEN_SECONDS)
    throw badDirectoryRequest(
      `An access token lives 1 to ${MAX_ACCESS_TOKEN_SECONDS} seconds.`,
      "accessTokenLifetimeSeconds",
    );
}
