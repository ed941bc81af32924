import { expect, test } from "vitest";
import { packageVariables } from "./package-variables.ts";

const P = "AZ_BATCH_APP_PACKAGE_";

test("full stops, hyphens and number signs become underscores, and the case is kept", () => {
  expect(packageVariables("blender", "2.7", false)).toEqual([`${P}blender_2_7`]);
  expect(packageVariables("blender", "2.80-daily-2019-10-14", true)).toEqual([
    `${P}blender_2_80_daily_2019_10_14`,
    `${P}blender`,
  ]);
});

test("an application with capitals is found in small letters, too", () => {
  expect(packageVariables("Agent-linux-x64", "1.1.46.0", true)).toEqual([
    `${P}Agent_linux_x64_1_1_46_0`,
    `${P}agent_linux_x64_1_1_46_0`,
    `${P}Agent_linux_x64`,
    `${P}agent_linux_x64`,
  ]);
});
