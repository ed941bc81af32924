/**
 * Builds the portal into `portal/dist`, unless what lies there is newer than everything that it is made from. Whoever reads it meanwhile
 * sees the old one or the new one whole; who comes while it is being built waits for it.
 *
 *     node tools/build-portal.ts
 */
import { readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import { withFolderLock } from "./folder-lock.ts";
import { installPortalPackages } from "./portal-packages.ts";

const repository = join(import.meta.dirname, "..");
const root = join(repository, "portal");
const output = join(root, "dist");
const SOURCES = [
  "portal",
  "src/client",
  "src/core/access",
  "src/wire",
  "package-lock.json",
  "tools/build-portal.ts",
];

// Whoever started this may have a mode of its own; React reads this one and is twice as large in any other.
process.env.NODE_ENV = "production";

if (await isStale()) {
  await installPortalPackages();
  await withFolderLock(`${output}-lock`, async () => {
    if (await isStale()) await buildAnew();
  });
}

async function buildAnew(): Promise<void> {
  console.log("portal: being built from its sources");
  const startedAt = performance.now();
  const building = `${output}-${process.pid}`;
  try {
    // Not needed to find out that there is nothing to do.
    const { build } = await import("vite");
    await build({
      root,
      configFile: join(root, "vite.config.ts"),
      // Read as it is: Vite would first write a copy of it among the packages, which may be somebody else's.
      configLoader: "native",
      logLevel: "warn",
      build: { outDir: building },
    });
    await compress(building);
    await writeFile(join(building, "built"), "");
    await rm(output, { recursive: true, force: true });
    await rename(building, output);
  } finally {
    await rm(building, { recursive: true, force: true });
  }
  console.log(`portal: built in ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
}

async function isStale(): Promise<boolean> {
  const built = await stat(join(output, "built")).catch(() => undefined);
  if (built === undefined) return true;
  const times = await Promise.all(SOURCES.map((source) => newest(join(repository, source))));
  return Math.max(...times) > built.mtimeMs;
}

/** The latest time that something below was written, in milliseconds since the epoch. */
async function newest(path: string): Promise<number> {
  const own = await stat(path);
  if (!own.isDirectory()) return own.mtimeMs;
  const names = (await readdir(path)).filter((name) => !name.startsWith("dist") && name !== "node_modules");
  return Math.max(0, ...(await Promise.all(names.map((name) => newest(join(path, name))))));
}

/** Each file beside its compressed forms, so that serving compresses nothing. */
async function compress(folder: string): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((file) => join(file.parentPath, file.name));
  await Promise.all(
    files.map(async (file) => {
      const plain = await readFile(file);
      const params = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY };
      await writeFile(`${file}.br`, await promisify(brotliCompress)(plain, { params }));
      await writeFile(`${file}.gz`, await promisify(gzip)(plain, { level: 9 }));
    }),
  );
}
