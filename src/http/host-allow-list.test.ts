import { expect, test } from "vitest";
import { hostAllowList } from "./host-allow-list.ts";

const hosts = hostAllowList(["Box.Lab.Example", "192.0.2.7"]);

test.each([
  ["localhost", "local"],
  ["127.0.0.1", "local"],
  ["::1", "local"],
  ["box.lab.example", "local"],
  ["192.0.2.7", "local"],
  ["login.microsoftonline.com", "entra"],
  ["sts.windows.net", "entra"],
  ["management.azure.com", "arm"],
  ["graph.windows.net", "graph"],
  ["acct.westeurope.batch.azure.com", "batch"],
  ["acct.batch.azure.com", "batch"],
  ["centraluseuap.management.azure.com", "arm"],
  ["acct.blob.core.windows.net", "storage"],
  ["169.254.169.254", "metadata"],
])("%s is answered as %s", (name, service) => {
  expect(hosts.answers(name)).toBe(service);
});

test.each([
  "example.com",
  "evil.localhost",
  "login.microsoftonline.com.evil.example",
  "evillogin.microsoftonline.com",
  "batch.azure.com",
  ".batch.azure.com",
  "a..b.batch.azure.com",
  "-a.batch.azure.com",
  "a b.batch.azure.com",
  'a".batch.azure.com',
  `${"a".repeat(64)}.batch.azure.com`,
  `${"a.".repeat(130)}b.batch.azure.com`,
  "xbatch.azure.com",
  "10.0.0.1",
  "",
])("%s is not answered", (name) => {
  expect(hosts.answers(name)).toBeUndefined();
});
