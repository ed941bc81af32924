/** What this program calls itself. */
import { readFileSync } from "node:fs";

/** From the package's own description: beside `src/` in the repository, beside `dist/` in the published package. */
export const version: string = JSON.parse(
  readFileSync(new URL("../../package.json", import.meta.url), "utf8"),
).version;
