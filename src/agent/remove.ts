/**
 * Removes folders in which an agent's nodes have lain, with what belongs to ids that only an agent has, and paths of any length. A program of its
 * own, for whoever cannot: the service after its agent died, `batchyard up --ephemeral`, a test.
 *
 *   node agent/remove.ts FOLDER... [--cache FOLDER] [--user NAME]
 *
 * The cache is where an agent has compiled its init. The last option it gives itself, when it starts anew with more ids.
 */
import { mkdtempSync, realpathSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { removeTree } from "./files/remove-tree.ts";
import { enterIdNamespace } from "./id-namespace.ts";
import { findInitProgram } from "./init-program.ts";

const { values: options, positionals: folders } = parseArgs({
  allowPositionals: true,
  options: { cache: { type: "string" }, user: { type: "string" } },
});

const [first] = folders;
if (options.user === undefined && first !== undefined) {
  const ownCache = options.cache ?? realpathSync(mkdtempSync(join(tmpdir(), "batchyard-remove-")));
  if (options.cache === undefined) folders.push(ownCache);
  const words = options.cache === undefined ? [ownCache] : [];
  const obstacle = await enterIdNamespace(
    await findInitProgram(ownCache, undefined),
    dirname(realpathSync(first)),
    words,
  );
  if (obstacle !== undefined) process.stderr.write(`without ids of its own: ${obstacle}\n`);
}
for (const folder of folders) await removeTree(resolve(folder));
