/**
 * Changes and shows the images of one data folder. A program of its own, for `batchyard image`; prints one JSON value, or a line on
 * stderr with exit code 1.
 *
 *   node agent/images/main.ts FOLDER load ARCHIVE [NAME]
 *   node agent/images/main.ts FOLDER list
 *   node agent/images/main.ts FOLDER remove NAME
 *
 * The option `--user` it gives itself, when it starts anew with the ids to which images belong.
 */
import { mkdirSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { enterIdNamespace } from "../id-namespace.ts";
import { findInitProgram } from "../init-program.ts";
import { ImageStore } from "./image-store.ts";
import { loadImage } from "./load-image.ts";

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { user: { type: "string" } },
});
const [folder = "", verb, word = "", name] = positionals;
const store = new ImageStore(resolve(folder));

/** Who has none says so when they are needed. */
async function takeIds(): Promise<void> {
  const dataFolder = dirname(store.folder);
  mkdirSync(dataFolder, { recursive: true, mode: 0o700 });
  const program = await findInitProgram(join(dataFolder, "agent"), process.env.BATCHYARD_NODE_INIT);
  await enterIdNamespace(program, dataFolder);
}

async function answer(): Promise<unknown> {
  if (verb === "list") return store.all();
  if (verb === "load") return loadImage(store, resolve(word), name);
  if (!(await store.forget(word))) throw new Error(`there is no image ${word}`);
  return null;
}

try {
  if (verb !== "list" && options.user === undefined) await takeIds();
  process.stdout.write(`${JSON.stringify(await answer())}\n`);
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
}
