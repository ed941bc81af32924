/**
 * Changes and shows the images of one data folder. A program of its own, for `batchyard image`; prints one JSON value, or a line on
 * stderr with exit code 1.
 *
 *   node agent/images/main.ts FOLDER load ARCHIVE [NAME]
 *   node agent/images/main.ts FOLDER list
 *   node agent/images/main.ts FOLDER remove NAME
 */
import { resolve } from "node:path";
import { ImageStore } from "./image-store.ts";
import { loadImage } from "./load-image.ts";

const [folder = "", verb, word = "", name] = process.argv.slice(2);
const store = new ImageStore(resolve(folder));

async function answer(): Promise<unknown> {
  if (verb === "list") return store.all();
  if (verb === "load") return loadImage(store, resolve(word), name);
  if (!store.forget(word)) throw new Error(`there is no image ${word}`);
  return null;
}

try {
  process.stdout.write(`${JSON.stringify(await answer())}\n`);
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
}
