/**
 * `oidc-provider` as it issues tokens fastest: clients and grants in memory, RS256 access tokens under a 2048-bit key, nothing
 * switched on that client credentials do not need. Prints its port.
 *
 *   node oidc-provider-server.ts LEAF_FILE PACKAGE_FOLDER CLIENTS_FILE AUDIENCE
 */
import { generateKeyPairSync } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer } from "node:https";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Credentials } from "../service/batch-session.ts";

const [leafFile = "", packageFolder = "", clientsFile = "", audience = ""] = process.argv.slice(2);
const { cert, key } = JSON.parse(readFileSync(leafFile, "utf8"));
const clients = JSON.parse(readFileSync(clientsFile, "utf8")) as Credentials[];
const entry = createRequire(join(packageFolder, "package.json")).resolve("oidc-provider");
const { default: Provider } = await import(pathToFileURL(entry).href);

const signingKey = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({ format: "jwk" });
const resourceServer = {
  scope: "",
  audience,
  accessTokenTTL: 3600,
  accessTokenFormat: "jwt",
  jwt: { sign: { alg: "RS256" } },
};
const provider = new Provider("https://localhost", {
  clients: clients.map(({ clientId, clientSecret }) => ({
    client_id: clientId,
    client_secret: clientSecret,
    grant_types: ["client_credentials"],
    redirect_uris: [],
    response_types: [],
    token_endpoint_auth_method: "client_secret_post",
  })),
  jwks: { keys: [{ ...signingKey, alg: "RS256", use: "sig" }] },
  features: {
    clientCredentials: { enabled: true },
    devInteractions: { enabled: false },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => audience,
      getResourceServerInfo: () => resourceServer,
    },
  },
});

const server = createServer({ cert, key }, provider.callback());
server.listen(0, "127.0.0.1", () => console.log((server.address() as AddressInfo).port));
