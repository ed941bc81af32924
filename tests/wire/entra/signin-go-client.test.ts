/** azidentity for Go, unmodified, with Azure's own addresses. Needs the toolchain, and its modules from the proxy or the cache. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { environmentWith, proxyVariables } from "../../../src/cli/connect/connect-mode.ts";
import { missing, printed, programEnd, programFile } from "../client-program.fixture.ts";
import { runningService } from "../running-service.fixture.ts";
import { programWithDeviceUser } from "./device-user.fixture.ts";
import { registerCertificate } from "./registered-certificate.fixture.ts";

const SOURCES = programFile("go-identity");

/** The first build compiles the library, which takes a minute; the next ones find it in Go's cache. */
test.skipIf(missing("Go, or azidentity's modules,", "go", ["-C", SOURCES, "mod", "download"]))(
  "azidentity signs in by secret, by certificate, as the environment says, and a user on a device",
  { timeout: 300_000 },
  async () => {
    const folder = mkdtempSync(join(tmpdir(), "go-identity-"));
    const program = join(folder, "program");
    const built = await programEnd("go", ["-C", SOURCES, "build", "-o", program, "."], process.env);
    expect(built.code, built.stderr).toBe(0);
    const service = await runningService();
    try {
      const variables = {
        ...proxyVariables(service.ready),
        SIGN_IN_CERTIFICATE: await registerCertificate(service, folder),
      };
      const batch = "https://batch.core.windows.net/";
      expect(printed(await programWithDeviceUser(service, program, [], environmentWith(variables)))).toEqual({
        secret: [batch, "", "1", 200],
        certificate: [batch, "", "2", 200],
        default: [batch, "", "1", 200],
        device: [batch, service.ready.username, "0", 200],
        refused: "AADSTS7000215",
      });
    } finally {
      await service.close();
      rmSync(folder, { recursive: true });
    }
  },
);
