/** Endpoints that people's sign-in needs and that are not built yet: each answers 501 in this plane's error shape. */
import { notBuilt } from "./aadsts.ts";
import type { Endpoint } from "./endpoint.ts";

function declared(what: string, methods: Endpoint["methods"], ...paths: string[]): Endpoint {
  return {
    methods,
    paths,
    handle: () => {
      throw notBuilt(what);
    },
  };
}

export const declaredEndpoints: readonly Endpoint[] = [
  declared("The authorization endpoint", ["GET", "POST"], "oauth2/authorize", "oauth2/v2.0/authorize"),
  declared("The device authorization endpoint", ["POST"], "oauth2/devicecode", "oauth2/v2.0/devicecode"),
  declared("The sign-out endpoint", ["GET", "POST"], "oauth2/logout", "oauth2/v2.0/logout"),
  declared("The user information endpoint", ["GET", "POST"], "openid/userinfo"),
  declared("The user realm endpoint", ["GET"], "userrealm/*"),
];
