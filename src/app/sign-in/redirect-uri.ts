/**
 * Whether an application may be answered at a redirect URI, and by which platform. Pure, and literal: what differs by an escape,
 * a slash or a letter's case is another URI. Only the port of a loopback address is free (RFC 8252 section 7.3).
 */
import type { Registration } from "../../wire/entra/registration.ts";
import type { Platform } from "./sign-in.ts";

export function redirectUriPlatform(registration: Registration, uri: string): Platform | undefined {
  const { web, spa, publicClient } = registration;
  const isRegistered = ({ redirectUris }: { readonly redirectUris: readonly string[] }) =>
    redirectUris.some((registered) => isSameRedirectUri(registered, uri));
  if (isRegistered(spa)) return "spa";
  if (isRegistered(web)) return "web";
  return isRegistered(publicClient) ? "publicClient" : undefined;
}

function isSameRedirectUri(registered: string, uri: string): boolean {
  if (registered === uri) return true;
  const loopback = loopbackWithoutPort(registered);
  return loopback !== undefined && loopback === loopbackWithoutPort(uri);
}

const LOOPBACK = /^http:\/\/(localhost|127\.0\.0\.1|\[::1\])(?::[0-9]{1,5})?(\/[^?#\\\s]*)?(\?[^#\\\s]*)?$/;

function loopbackWithoutPort(uri: string): string | undefined {
  const [match, host, path = "/", query = ""] = LOOPBACK.exec(uri) ?? [];
  return match && `${host}${path}${query}`;
}
