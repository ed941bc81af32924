import { expect, test } from "vitest";
import { imageSettings } from "./load-image.ts";

test("what one image says about itself is too long for whoever looks for another", () => {
  expect(imageSettings({ config: { Env: ["A=b=c", "PATH=/bin"] } }).environment).toEqual([
    ["A", "b=c"],
    ["PATH", "/bin"],
  ]);
  const Env = [`A=${"x".repeat(32_768)}`];
  expect(() => imageSettings({ config: { Env } })).toThrow("over 32768 characters");
});
