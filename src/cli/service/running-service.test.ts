import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { findRunningService } from "./running-service.ts";

test.each(["", "{", "null", "7", "[]", "{}", '{"plain":7,"pid":1}', '{"plain":"nowhere","pid":-1}'])(
  "a file that says %j is no running service",
  async (content) => {
    const folder = mkdtempSync(join(tmpdir(), "batchyard-file-"));
    try {
      writeFileSync(join(folder, "service.json"), content);
      expect(await findRunningService(folder)).toBeUndefined();
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
);
