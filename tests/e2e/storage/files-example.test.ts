/** The example of the guide, as it stands: a task's files by the pool's identity, made with the Azure CLI. */
import { writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { missing } from "../../wire/client-program.fixture.ts";
import { batchyard, batchyardBin, temporaryFolder, up } from "../batchyard-process.ts";

const tmp = await temporaryFolder();
afterAll(tmp.remove);
const example = join(dirname(batchyardBin), "../examples/files-by-identity.sh");

test.skipIf(missing("the Azure CLI", "az", ["version"]))(
  "examples/files-by-identity.sh sorts a blob into another",
  async () => {
    const data = ["--data", join(tmp.path, "state")];
    const command = `#!/bin/sh\nexec "${process.execPath}" "${batchyardBin}" "$@"\n`;
    writeFileSync(join(tmp.path, "batchyard"), command, { mode: 0o755 });
    const environment = { ...process.env, PATH: `${tmp.path}${delimiter}${process.env.PATH}` };
    const service = await up([...data, "--allow-unisolated-identities"]);
    try {
      const { code, stdout, stderr } = await batchyard(["run", ...data, "--", "sh", example, ...data], {
        environment,
      });
      expect([code, stdout], stderr).toEqual([0, "apple\npear\n"]);
      expect(stderr).toContain("success");
    } finally {
      await service.stop();
    }
  },
  240_000,
);
