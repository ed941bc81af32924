/**
 * Generates `src/wire/batch/*.gen.ts` from the API descriptions: facts only (names, types, limits), none of their prose.
 *
 *     node tools/generate-batch-wire.ts [--specs DIR] [--check]
 */
import { readDescriptions } from "./batch/descriptions.ts";
import { emitModels, emitModelTypes } from "./batch/emit-models.ts";
import { emitApiVersions, emitOperations } from "./batch/emit-operations.ts";
import { buildModelTimelines } from "./batch/model-timeline.ts";
import { readSchemaChanges } from "./batch/schema-changes.ts";
import { deliver, skipped } from "./generated-files.ts";
import { specsFolder } from "./specs-folder.ts";

const argv = process.argv.slice(2);
const folder = specsFolder(argv);
if (folder === null) skipped("generate-batch-wire");
else {
  const descriptions = readDescriptions(folder);
  const changes = readSchemaChanges(folder, descriptions.apiVersions);
  const timelines = buildModelTimelines(descriptions, changes);
  const files = new Map([
    ["src/wire/batch/operations.gen.ts", emitOperations(descriptions, changes)],
    ["src/wire/batch/api-versions.gen.ts", emitApiVersions(descriptions)],
    ["src/wire/batch/models.gen.ts", emitModels(timelines)],
    ["src/wire/batch/models-types.gen.ts", emitModelTypes(timelines)],
  ]);
  deliver("generate-batch-wire", files, argv);
}
