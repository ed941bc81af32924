/** What Java takes as options, not from the environment: the proxy, the roots that it trusts. */
import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import type { RunningService } from "./running-service.fixture.ts";

/** @param folder where the file of trusted roots is laid */
export function javaProperties({ ready }: RunningService, folder: string): string[] {
  const store = join(folder, "trusted.p12");
  const password = randomBytes(16).toString("hex");
  const words = ["-importcert", "-noprompt", "-alias", "service", "-file", ready.caFile];
  const made = spawnSync("keytool", [...words, "-keystore", store, "-storepass", password], {
    encoding: "utf8",
  });
  if (made.status !== 0) throw new Error(made.stderr);
  const { hostname, port } = new URL(ready.proxy);
  return [
    // The Batch client's library looks into java.util's classes, which Java 17 no longer lets it do by itself.
    "--add-opens=java.base/java.util=ALL-UNNAMED",
    `-Djavax.net.ssl.trustStore=${store}`,
    `-Djavax.net.ssl.trustStorePassword=${password}`,
    `-Dhttps.proxyHost=${hostname}`,
    `-Dhttps.proxyPort=${port}`,
  ];
}
