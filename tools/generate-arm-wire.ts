/**
 * Generates `src/wire/arm/operations.gen.ts` from the API descriptions.
 *
 *     node tools/generate-arm-wire.ts [--specs DIR] [--check]
 */
import { readArmOperations } from "./arm/arm-descriptions.ts";
import { readTypeVersions } from "./arm/arm-versions.ts";
import { emitArmOperations } from "./arm/emit-arm-operations.ts";
import { deliver, skipped } from "./generated-files.ts";
import { specsFolder } from "./specs-folder.ts";

const argv = process.argv.slice(2);
const folder = specsFolder(argv);
if (folder === null) skipped("generate-arm-wire");
else {
  const content = emitArmOperations(readArmOperations(folder), readTypeVersions(folder));
  deliver("generate-arm-wire", new Map([["src/wire/arm/operations.gen.ts", content]]), argv);
}
