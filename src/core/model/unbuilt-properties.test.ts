import { expect, test } from "vitest";
import { batchModels } from "../../wire/batch/models.gen.ts";
import { refuseUnbuiltProperties, UNBUILT_PROPERTIES } from "./unbuilt-properties.ts";

test("a property that nothing acts on is refused by name and place", () => {
  const resourceFiles = [{ httpUrl: "https://example.org/x", filePath: "x" }];
  const body = {
    value: [
      { id: "a", commandLine: "b" },
      { id: "c", commandLine: "d", resourceFiles },
    ],
  };
  expect(() => refuseUnbuiltProperties(body)).toThrow(
    expect.objectContaining({
      code: "NotImplemented",
      values: [
        { key: "PropertyName", value: "resourceFiles" },
        { key: "PropertyPath", value: "value[1].resourceFiles" },
      ],
    }),
  );
});

test("what asks for nothing, or is acted on, passes", () => {
  expect(() => refuseUnbuiltProperties(undefined)).not.toThrow();
  expect(() => refuseUnbuiltProperties({ resourceFiles: [], outputFiles: [] })).not.toThrow();
  const environmentSettings = [{ name: "resourceFiles", value: "resourceFiles" }];
  expect(() => refuseUnbuiltProperties({ id: "t", commandLine: "x", environmentSettings })).not.toThrow();
});

test("each of them is a property of some model", () => {
  const known = new Set(Object.values(batchModels).flatMap((model) => Object.keys(model)));
  for (const name of UNBUILT_PROPERTIES) expect(known, name).toContain(name);
});
