// For .ci/run: says as whom it runs, and what nodes are there, by `batchyard doctor`.
import { spawnSync } from "node:child_process";
import { userInfo } from "node:os";

const { stdout, stderr } = spawnSync(process.execPath, ["bin/batchyard.js", "doctor", "--json"], {
  encoding: "utf8",
});
const who = `user ${userInfo().username} (${process.geteuid()})`;
try {
  const { isolation, ids, idsObstacle } = JSON.parse(stdout);
  const own = ids
    ? `${ids.count} nodes have ${ids.length} ids each`
    : `nodes have one id (${idsObstacle ?? "the user's"})`;
  console.log(`${who}, isolation ${isolation}, ${own}`);
} catch {
  console.log(`${who}, and batchyard doctor fails: ${stderr.trim()}`);
}
