/**
 * The portal, a single-page application present in every tenant: where it may be answered depends on where this installation serves its
 * pages, so no registration says it. Nothing else on this machine's name is the portal: here a loopback address's port counts.
 */
import type { Client } from "../../../app/directory/directory.ts";
import { redirectUriPlatform } from "../../../app/sign-in/redirect-uri.ts";
import type { Platform } from "../../../app/sign-in/sign-in.ts";
import { PORTAL_APP_ID } from "../../../wire/entra/first-party.ts";
import type { EntraContext } from "./endpoint.ts";

type Answered = Pick<Client, "appId" | "registration">;

/** By which platform the application is answered at this URI; undefined: not at all. */
export function answerPlatform(
  { portalOrigins }: Pick<EntraContext, "portalOrigins">,
  client: Answered,
  uri: string,
): Platform | undefined {
  if (client.appId !== PORTAL_APP_ID) return redirectUriPlatform(client.registration, uri);
  return portalOrigins().some((origin) => uri === `${origin}/portal/`) ? "spa" : undefined;
}

/** Whether scripts of this origin are the application's. */
export function isPageOf(
  { portalOrigins }: Pick<EntraContext, "portalOrigins">,
  { appId, registration }: Answered,
  origin: string,
): boolean {
  if (appId === PORTAL_APP_ID) return portalOrigins().includes(origin);
  return registration.spa.redirectUris.some((uri) => URL.parse(uri)?.origin === origin);
}
