/** The way out of a namespace node, tried in a network namespace of the test's own, whose addresses nobody else has. */
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { namespaceObstacle, outboundObstacle } from "./namespace-nodes.ts";

const PROGRAM = fileURLToPath(new URL("./outbound-network.program.ts", import.meta.url));
const OUTSIDE = "10.77.0.1";

const obstacle = namespaceObstacle ?? outboundObstacle;
if (obstacle) console.warn(`skipped, no outbound network of nodes here: ${obstacle}`);

test.skipIf(obstacle)(
  "tasks and their files reach what the machine reaches, but for its own addresses; without public addresses, nothing",
  { timeout: 90_000 },
  async () => {
    const isRoot = process.geteuid?.() === 0;
    const { stdout } = await promisify(execFile)("unshare", [
      ...(isRoot ? [] : ["--user", "--map-root-user"]),
      "--net",
      "sh",
      "-c",
      `ip link set lo up && ip addr add ${OUTSIDE}/32 dev lo && exec "$0" "$@"`,
      process.execPath,
      PROGRAM,
      OUTSIDE,
    ]);
    const failed = (why: string) => ({
      printed: [],
      failure: expect.stringMatching(new RegExp(`^BlobDownloadMiscError: .*: ${why}$`)),
    });
    const staysInside = expect.stringMatching(/^local \S+ dev lo /);
    expect(JSON.parse(stdout)).toEqual({
      open: [`hello from ${OUTSIDE}`],
      "loopback of the machine": ["no", "no"],
      "link-local": [staysInside, staysInside, staysInside],
      "an administrator's change": [expect.stringContaining("Operation not permitted")],
      closed: ["no"],
      "another machine": ["file for 10.78.0.1"],
      "a file from there": { printed: ["file for 10.78.0.1"] },
      "a file from this machine": failed("The URL leads to an address that transfers do not reach."),
      "a file, closed": failed("connect ENETUNREACH 10.78.0.2:80"),
      "a named file, closed": failed(
        "The node reaches nothing but the service: its pool has no public addresses",
      ),
    });
  },
);
