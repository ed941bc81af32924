/**
 * azure-identity and Azure's Batch client for Java, unmodified, with Azure's own addresses. Needs a JDK from 11 on, and the libraries that Maven
 * lays beside the program: `mvn -q -B -f tests/wire/programs/java-identity`.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { environmentWith, proxyVariables } from "../../../src/cli/connect/connect-mode.ts";
import { missing, printed, programFile } from "../client-program.fixture.ts";
import { javaProperties } from "../java-properties.fixture.ts";
import { runningService } from "../running-service.fixture.ts";
import { programWithDeviceUser } from "./device-user.fixture.ts";
import { registerCertificate } from "./registered-certificate.fixture.ts";

const SOURCE = programFile("java-identity/SignIn.java");
const LIBRARIES = programFile("java-identity/build/lib");
const BATCH = "https://batch.core.windows.net/";

test.skipIf(
  missing("a JDK", "keytool", ["-help"]) ||
    missing("azure-identity for Java", "sh", ["-c", 'ls "$1"/azure-identity-*.jar', "sh", LIBRARIES]),
)("azure-identity, ADAL and the Batch client for Java", { timeout: 180_000 }, async () => {
  const service = await runningService();
  const folder = mkdtempSync(join(tmpdir(), "java-identity-"));
  try {
    const certificate = await registerCertificate(service, folder);
    const words = [...javaProperties(service, folder), "-cp", `${LIBRARIES}/*`, SOURCE];
    const environment = environmentWith({
      ...proxyVariables(service.ready),
      SIGN_IN_CERTIFICATE: certificate,
    });
    const seen = printed(await programWithDeviceUser(service, "java", words, environment));
    expect(seen).toEqual({
      secret: [BATCH, null, "1", 0],
      certificate: [BATCH, null, "2", 0],
      "certificate chain": [BATCH, null, "2", 0],
      default: [BATCH, null, "1", 0],
      device: [BATCH, service.ready.username, "0", 0],
      adal: 0,
      refused: "AADSTS7000215",
      "wrong audience": "AuthenticationFailed",
    });
  } finally {
    await service.close();
    rmSync(folder, { recursive: true });
  }
});
