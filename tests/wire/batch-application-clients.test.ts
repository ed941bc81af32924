/** The Azure CLI's way with applications, unmodified: it uploads the package by the URL that management gives. */
import { expect, test } from "vitest";
import { batchyardRun, missing, printed, programFile } from "./client-program.fixture.ts";

test.skipIf(missing("the Azure CLI", "sh", ["-c", "command -v az"]))(
  "az batch application",
  async () => {
    const program = ["sh", programFile("az-application.sh"), "myaccount", "batchyard"];
    expect(printed(await batchyardRun(program, ["--ephemeral"]))).toEqual({
      made: ["1.0", "Active", "zip"],
      again: "Active",
      shown: ["blender", "Renderer", "1.0"],
      packages: ["1.0"],
      left: "Active",
      list: ["blender"],
    });
  },
  180_000,
);
