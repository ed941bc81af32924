/**
 * Installs what the portal alone is built from (`portal/package.json`), unless what lies there is what its lock file says. Whoever only runs
 * the service installs none of it.
 *
 *     node tools/portal-packages.ts
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { copyFile, readFile } from "node:fs/promises";
import { join } from "node:path";
import { withFolderLock } from "./folder-lock.ts";

const portal = join(import.meta.dirname, "..", "portal");
const wanted = join(portal, "package-lock.json");
/** The lock file by which the packages were installed, put beside them when all of them are there. */
const installed = join(portal, "node_modules", ".installed-lock.json");

if (import.meta.main) await installPortalPackages();

/** @throws Error when npm is not there, or cannot get the packages. */
export async function installPortalPackages(): Promise<void> {
  if (await isInstalled()) return;
  await withFolderLock(join(portal, "dist-packages-lock"), async () => {
    if (await isInstalled()) return;
    console.log("portal: its packages are being installed");
    const startedAt = performance.now();
    // What is developed here is built from both kinds of dependencies, whatever mode the caller is in.
    const options = ["--include=dev", "--prefer-offline", "--no-audit", "--no-fund", "--loglevel=error"];
    const child = spawn("npm", ["ci", ...options], { cwd: portal, stdio: ["ignore", "inherit", "inherit"] });
    const [code] = await once(child, "close");
    if (code !== 0) throw new Error("npm could not install the packages of portal/package.json");
    await copyFile(wanted, installed);
    console.log(`portal: packages installed in ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
  });
}

async function isInstalled(): Promise<boolean> {
  const had = await readFile(installed, "utf8").catch(() => undefined);
  return had !== undefined && had === (await readFile(wanted, "utf8"));
}
