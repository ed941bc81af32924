/** Every fault that the Batch side raises has a status and a text: an unknown code would leave as a 500. */
import { expect, test } from "vitest";
import { batchErrorCode } from "../../src/wire/batch/error-codes.ts";
import { contentOf, isTest, sourceFiles } from "./source-files.ts";

const BATCH_SIDE =
  /^src\/(planes\/batch|core\/(model|odata)|app\/(accounts|jobs|node-life|nodes|pools|tasks))\//;
/** Management's own requests for a pool, whose codes are Resource Manager's. */
const MANAGEMENT_SIDE = ["src/app/pools/pool-delete.ts", "src/app/pools/pool-put.ts"];

test("every code raised on the Batch side stands in the table of error codes", () => {
  const unknown = sourceFiles
    .filter((file) => BATCH_SIDE.test(file) && !MANAGEMENT_SIDE.includes(file) && !isTest(file))
    .flatMap((file) => {
      const raised = [...contentOf(file).matchAll(/new Fault\(\s*"(\w+)"/g)].map(([, code = ""]) => code);
      return raised.filter((code) => batchErrorCode(code) === undefined).map((code) => `${file}: ${code}`);
    });
  expect(unknown).toEqual([]);
});
