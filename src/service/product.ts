/** What this program calls itself. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** From the package's own description: beside `src/` in the repository, beside `dist/` in the published package. */
export const version: string = JSON.parse(
  readFileSync(new URL("../../package.json", import.meta.url), "utf8"),
).version;

/** Where the built portal lies: in the published package in its `dist/`, in a checkout below its sources. */
export const portalFolder: string = fileURLToPath(
  new URL(import.meta.url.endsWith(".ts") ? "../../portal/dist" : "../portal", import.meta.url),
);
