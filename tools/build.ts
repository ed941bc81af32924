/**
 * Makes what the published package runs: `dist/`, which is `src/` with the types stripped, the portal, and the node's init built for
 * each architecture that a compiler here can build for. Node strips types too, but not below `node_modules`.
 *
 *     node tools/build.ts
 */
import { execFile } from "node:child_process";
import { cp, glob, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { stripTypeScriptTypes } from "node:module";
import { dirname, join, relative } from "node:path";
import { promisify } from "node:util";

const repository = join(import.meta.dirname, "..");
const source = join(repository, "src");
const output = join(repository, "dist");
const native = join(repository, "native");

/** Each with the compilers that can build for it, the first one at hand being used. */
const architectures: Readonly<Record<string, readonly string[]>> = {
  "linux-x64": ["x86_64-linux-gnu-gcc"],
  "linux-arm64": ["aarch64-linux-gnu-gcc"],
};

await rm(output, { recursive: true, force: true });
let written = 0;
for await (const path of glob("**/*", { cwd: source, withFileTypes: true })) {
  if (!path.isFile() || /\.(test|fixture)\.ts$/.test(path.name)) continue;
  const from = join(path.parentPath, path.name);
  await publish(from, join(output, relative(source, from)));
  written++;
}
for (const name of ["demo.ts", "demo-own-client.ts"]) {
  await publish(join(repository, "examples", name), join(output, "examples", name));
  written++;
}
console.log(`dist: ${written} files`);
await buildPortal();
await declareClient();
await buildInit();

/** TypeScript becomes JavaScript of the same line numbers; anything else is copied. */
async function publish(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  if (!from.endsWith(".ts")) return cp(from, to);
  const script = stripTypeScriptTypes(await readFile(from, "utf8"), { mode: "strip" });
  await writeFile(to.replace(/\.ts$/, ".js"), withPublishedNames(script));
}

/** `"./x.ts"` becomes `"./x.js"` wherever a module is named: imports, and URLs of files to start. What lies in `src` lies in `dist`. */
function withPublishedNames(script: string): string {
  return script
    .replaceAll('from "../src/', 'from "../')
    .replace(/(["'`])(\.{1,2}\/[^"'`\n]+)\.ts\1/g, "$1$2.js$1");
}

async function buildPortal(): Promise<void> {
  await promisify(execFile)(process.execPath, [join(import.meta.dirname, "build-portal.ts")]);
  await cp(join(repository, "portal", "dist"), join(output, "portal"), { recursive: true });
}

/** The one part that other people's TypeScript imports, so the one that needs declarations. */
async function declareClient(): Promise<void> {
  const tsc = join(repository, "node_modules", ".bin", "tsc");
  await promisify(execFile)(tsc, ["-p", join(repository, "tsconfig.client.json")]);
  for await (const path of glob("**/*.d.ts", { cwd: output, withFileTypes: true })) {
    const file = join(path.parentPath, path.name);
    await writeFile(file, withPublishedNames(await readFile(file, "utf8")));
  }
}

async function buildInit(): Promise<void> {
  const build = join(native, "build");
  await rm(build, { recursive: true, force: true });
  for (const [architecture, cross] of Object.entries(architectures)) {
    const own = architecture === `${process.platform}-${process.arch}` ? ["cc"] : [];
    const program = join(build, architecture, "node-init");
    await mkdir(dirname(program), { recursive: true });
    const compiler = await firstThatCompiles([...own, ...cross], program);
    console.log(`node-init for ${architecture}: ${compiler ?? "no compiler here; left out"}`);
    if (compiler === undefined) await rm(dirname(program), { recursive: true });
  }
}

async function firstThatCompiles(compilers: readonly string[], program: string): Promise<string | undefined> {
  const sources = (await readdir(native, { recursive: true })).filter((name) => name.endsWith(".c"));
  for (const compiler of compilers) {
    const flags = ["-static", "-std=gnu11", "-O2", "-s", "-I", native, "-o", program];
    flags.push(...sources.map((name) => join(native, name)));
    try {
      await promisify(execFile)(compiler, flags);
      return compiler;
    } catch (error) {
      // A compiler that is there and fails is a defect of the source, or of the machine; both want to be seen.
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    }
  }
  return undefined;
}
