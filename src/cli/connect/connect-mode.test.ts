import { describe, expect, it } from "vitest";
import type { ServiceConnection } from "../service/service-connection.ts";
import { directVariables, environmentWith, modeVariableNames, proxyVariables } from "./connect-mode.ts";

const connection: ServiceConnection = {
  login: "https://localhost:8443",
  management: "https://localhost:8443",
  graph: "https://localhost:8443",
  batch: "https://localhost:20001",
  blob: "https://localhost:8442/mystorageaccount",
  portal: null,
  proxy: "http://127.0.0.1:3128",
  plain: "http://127.0.0.1:8080",
  caFile: "/state/ca.pem",
  bundleFile: "/state/bundle.pem",
  tenantId: "tenant",
  subscriptionId: "subscription",
  resourceGroup: "group",
  storageAccount: "mystorageaccount",
  account: "myaccount",
  location: "mylocation",
  clientId: "client",
  clientSecret: "secret",
  username: null,
  password: null,
  accountKey: "key",
};

describe("connect modes", () => {
  it("proxy mode keeps Azure's own addresses and clears an authority host that would bypass them", () => {
    expect(proxyVariables(connection)).toMatchObject({
      HTTPS_PROXY: "http://127.0.0.1:3128",
      AZURE_AUTHORITY_HOST: null,
      AZURE_TENANT_ID: "tenant",
      AZURE_BATCH_ENDPOINT: "https://myaccount.mylocation.batch.azure.com",
      AZURE_BATCH_ACCESS_KEY: "key",
    });
  });

  it("direct mode uses localhost, the tenant adfs and no proxy", () => {
    expect(directVariables(connection)).toMatchObject({
      HTTPS_PROXY: null,
      AZURE_AUTHORITY_HOST: "https://localhost:8443",
      AZURE_TENANT_ID: "adfs",
      AZURE_BATCH_ENDPOINT: "https://localhost:20001",
    });
  });

  it("gives Node our CA alone and everyone else the whole bundle", () => {
    const { NODE_EXTRA_CA_CERTS, ...others } = proxyVariables(connection);
    expect(NODE_EXTRA_CA_CERTS).toBe("/state/ca.pem");
    expect(others).toMatchObject({
      REQUESTS_CA_BUNDLE: "/state/bundle.pem",
      CURL_CA_BUNDLE: "/state/bundle.pem",
      SSL_CERT_FILE: "/state/bundle.pem",
    });
  });

  it("unsetting covers exactly the names that some mode sets", () => {
    const names = Object.keys({ ...proxyVariables(connection), ...directVariables(connection) });
    expect([...modeVariableNames].sort()).toEqual(names.sort());
  });

  it("a program's environment keeps the rest and loses what is in the way", () => {
    const base = { HOME: "/home/me", AZURE_AUTHORITY_HOST: "https://elsewhere", NO_PROXY: "mine" };
    const environment = environmentWith(proxyVariables(connection), base);
    expect(environment).toMatchObject({ HOME: "/home/me", AZURE_CLIENT_ID: "client" });
    expect(environment).not.toHaveProperty("AZURE_AUTHORITY_HOST");
    expect(environment.NO_PROXY).toBe("localhost,127.0.0.1,169.254.169.254");
    expect(base.AZURE_AUTHORITY_HOST).toBe("https://elsewhere");
  });
});
