import { expect, test } from "vitest";
import { accessTo, imageKey, imageReference, isLoopback } from "./image-name.ts";

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

const DIGEST = `@sha256:${"0".repeat(64)}`;

test.each([
  ["python", "docker.io", "library/python", ":latest"],
  ["team/tool:1", "docker.io", "team/tool", ":1"],
  ["Registry.example:5000/a/b/c:1.2-x", "registry.example:5000", "a/b/c", ":1.2-x"],
  ["localhost/tool", "localhost", "tool", ":latest"],
  [`mcr.example/tool:1${DIGEST}`, "mcr.example", "tool", DIGEST],
])("%s is to be had at %s", (name, registry, repository, version) => {
  expect(imageReference(name)).toEqual({ registry, repository, version });
});

test.each([
  "",
  "Upper/case",
  "a//b",
  "a:",
  "-a",
  "a b",
  "a@sha256:1",
  "a:--",
  "x".repeat(513),
  "../a",
  "host:x/a",
])("%s is no reference", (name) => {
  expect(imageReference(name)).toBeUndefined();
});

test("a registry's access is known by its host", () => {
  const given = [{ server: "https://Mine.example/v2/" }, { server: "index.docker.io" }, { server: "" }];
  const of = (name: string) => accessTo(imageReference(name) as never, given)?.server;
  expect(of("mine.example/a")).toBe("https://Mine.example/v2/");
  expect(of("python")).toBe("index.docker.io");
  expect(of("other.example/a")).toBeUndefined();
  expect(["localhost:5000", "127.0.0.1", "localhost.example", "128.0.0.1"].map(isLoopback)).toEqual([
    true,
    true,
    false,
    false,
  ]);
});
