import { expect, test } from "vitest";
import { batchOperations } from "../../../wire/batch/operations.gen.ts";
import { routeFind } from "./route.ts";

test("every operation of the table is found at its own path, with its parameters", () => {
  for (const { id, method, path } of Object.values(batchOperations)) {
    const segments = path
      .slice(1)
      .replaceAll(/\{(\w+)\}/g, "<$1>")
      .split("/");
    const match = routeFind(method, segments);
    const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    expect(match, `${method} ${path}`).toEqual({
      route: { id, parameters: Object.fromEntries(names.map((name) => [name, `<${name}>`])) },
    });
  }
});

test("a file's path keeps its slashes", () => {
  expect(routeFind("GET", ["jobs", "j", "tasks", "t", "files", "wd", "out", "a.txt"])).toEqual({
    route: { id: "File_GetFromTask", parameters: { jobId: "j", taskId: "t", filePath: "wd/out/a.txt" } },
  });
});

test("an unknown path and a path without the method are told apart", () => {
  expect(routeFind("GET", ["nothing"])).toBe("unknownPath");
  expect(routeFind("GET", [])).toBe("unknownPath");
  expect(routeFind("DELETE", ["jobs"])).toBe("unknownMethod");
});
