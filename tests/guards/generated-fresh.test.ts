/** Generated files equal what their generators would write now. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { repository } from "./source-files.ts";

function runCheck(generator: string): { status: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(repository, "tools", generator), "--check"],
    {
      encoding: "utf8",
    },
  );
  return { status, output: stdout + stderr };
}

const specs = process.env.BATCHYARD_SPECS;
if (!specs)
  console.log(
    "generated-fresh: BATCHYARD_SPECS is not set; the wire tables are not compared with the API descriptions",
  );

test.skipIf(!specs).each(["generate-batch-wire.ts", "generate-arm-wire.ts"])(
  "%s finds its files fresh",
  (generator) => {
    const { status, output } = runCheck(generator);
    expect(status, output).toBe(0);
  },
);

test.each(["generate-client.ts", "generate-compatibility.ts", "generate-permissions.ts"])(
  "%s finds its files fresh without descriptions",
  (generator) => {
    const { status, output } = runCheck(generator);
    expect(status, output).toBe(0);
  },
);
