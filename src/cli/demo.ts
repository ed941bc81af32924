/** `batchyard demo`: runs `examples/demo.ts` as `batchyard run` would run it, on a service of its own. */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseOptions } from "./command/command-line.ts";
import { endLikeChild, runChild } from "./connect/child-program.ts";
import { environmentWith, proxyVariables } from "./connect/connect-mode.ts";
import { hostEphemeralService } from "./service/hosted-service.ts";
import { holdStopSignals } from "./service/stop-signal.ts";

export const help = `Sign in as an application, make a pool of 2 nodes, run 100 real tasks.

Usage: batchyard demo

  --verbose   show the service's log
  --json      one JSON line at the end; the rest goes to stderr

The program it runs is examples/demo.ts: ordinary code for Azure Batch. Where
Azure's packages are not installed it is examples/demo-own-client.ts.
`;

export async function execute(argv: readonly string[]): Promise<number> {
  const options = parseOptions(argv, {
    verbose: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
  });
  const script = demoScript();
  const signals = holdStopSignals();
  const service = await hostEphemeralService({
    port: 0,
    log: (line) => void (options.verbose && process.stderr.write(`${line}\n`)),
  });
  const end = await runChild(
    {
      words: [process.execPath, script],
      environment: environmentWith(proxyVariables(service.ready)),
      stdio: options.json ? ["inherit", 2, 2] : "inherit",
    },
    signals,
  ).finally(service.close);
  signals.release();
  if (options.json) {
    const seconds = Number((performance.now() / 1000).toFixed(2));
    process.stdout.write(`${JSON.stringify({ ok: end.code === 0, seconds })}\n`);
  }
  return endLikeChild(end);
}

/** With Azure's packages where they are installed; the service itself does not need them. */
function demoScript(): string {
  const name = isInstalled("@azure/batch") && isInstalled("@azure/identity") ? "demo" : "demo-own-client";
  // Beside the sources, and in the published package within `dist`.
  const script = [`../../examples/${name}.ts`, `../examples/${name}.js`]
    .map((path) => fileURLToPath(new URL(path, import.meta.url)))
    .find((path) => existsSync(path));
  if (script === undefined) throw new Error("the demo's script is missing from this installation");
  return script;
}

function isInstalled(name: string): boolean {
  try {
    import.meta.resolve(name);
    return true;
  } catch {
    return false;
  }
}
