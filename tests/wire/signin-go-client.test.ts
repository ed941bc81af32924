/** azidentity for Go, unmodified, with Azure's own addresses. Needs the toolchain, and its modules from the proxy or the cache. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { addCertificate } from "../../src/app/directory/certificate-credential.ts";
import { Directory } from "../../src/app/directory/directory.ts";
import { environmentWith, proxyVariables } from "../../src/cli/connect-mode.ts";
import { openSqliteStore } from "../../src/store/sqlite-store.ts";
import { applicationCertificate } from "./application-certificate.fixture.ts";
import { missing, printed, programEnd, programFile } from "./client-program.fixture.ts";
import { runningService } from "./running-service.fixture.ts";

const SOURCES = programFile("go-identity");

/** The first build compiles the library, which takes a minute; the next ones find it in Go's cache. */
test.skipIf(missing("Go, or azidentity's modules,", "go", ["-C", SOURCES, "mod", "download"]))(
  "azidentity signs in by secret, by certificate, and as the environment says",
  { timeout: 300_000 },
  async () => {
    const folder = mkdtempSync(join(tmpdir(), "go-identity-"));
    const program = join(folder, "program");
    const built = await programEnd("go", ["-C", SOURCES, "build", "-o", program, "."], process.env);
    expect(built.code, built.stderr).toBe(0);
    const service = await runningService();
    try {
      const { certificate, pem } = applicationCertificate(Date.now());
      const store = await openSqliteStore(join(service.folder, "state.db"));
      await addCertificate(new Directory(store), service.ready.clientId ?? "", certificate);
      await store.close();
      const file = join(folder, "certificate.pem");
      writeFileSync(file, pem, { mode: 0o600 });
      const variables = { ...proxyVariables(service.ready), SIGN_IN_CERTIFICATE: file };
      const batch = "https://batch.core.windows.net/";
      expect(printed(await programEnd(program, [], environmentWith(variables)))).toEqual({
        secret: [batch, "1", 200],
        certificate: [batch, "2", 200],
        default: [batch, "1", 200],
        refused: "AADSTS7000215",
      });
    } finally {
      await service.close();
      rmSync(folder, { recursive: true });
    }
  },
);
