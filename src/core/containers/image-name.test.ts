import { expect, test } from "vitest";
import { imageKey } from "./image-name.ts";

test.each([
  ["python", "python:latest"],
  ["python:3.12", "python:3.12"],
  ["docker.io/library/python:3.12", "python:3.12"],
  ["registry.example:5000/team/tool", "team/tool:latest"],
  ["localhost/tool:1", "tool:1"],
  ["team/tool@sha256:00", "team/tool@sha256:00"],
])("the image %s is known as %s", (name, key) => {
  expect(imageKey(name)).toBe(key);
});
