/** Nothing that a request may hold is taken and then left undone without a word: every property stands on one of four lists. */
import { expect, test } from "vitest";
import { UNBUILT_PROPERTIES } from "../../src/core/model/unbuilt-properties.ts";
import { batchModels } from "../../src/wire/batch/models.gen.ts";
import type { BatchOperation } from "../../src/wire/batch/operation.ts";
import { batchOperations } from "../../src/wire/batch/operations.gen.ts";
import { PROPERTY_EFFECTS, type PropertyEffects } from "../../tools/batch/property-effects.ts";
import { contentOf } from "./source-files.ts";

const models: Readonly<Record<string, Readonly<Record<string, string>>>> = batchModels;
const LISTS = ["acts", "keeps", "refuses"] as const;

const namesIn = (effects: PropertyEffects | undefined, list: keyof PropertyEffects): string[] =>
  effects?.[list]?.split(" ") ?? [];

/** What a request may hold of a model, and the model that each is of. */
function writable(model: string): [name: string, type: string][] {
  return Object.entries(models[model] ?? {}).flatMap(([name, words]) => {
    const [type = "", ...marks] = words.split(" ");
    return marks.includes("ro") ? [] : [[name, type.replace("[]", "")] as [string, string]];
  });
}

/** Models of request bodies; what lies below a refused property is refused with it. */
function requestModels(): Set<string> {
  const found = new Set<string>();
  const visit = (model: string) => {
    if (found.has(model) || models[model] === undefined) return;
    found.add(model);
    const refused = namesIn(PROPERTY_EFFECTS[model], "refuses");
    for (const [name, type] of writable(model)) if (!refused.includes(name)) visit(type);
  };
  for (const { body } of Object.values(batchOperations) as BatchOperation[]) if (body) visit(body);
  return found;
}

test("every property of every request model stands on exactly one list, and no list names another", () => {
  const problems: string[] = [];
  const known = requestModels();
  for (const model of known) {
    const effects = PROPERTY_EFFECTS[model];
    const listed = LISTS.flatMap((list) => namesIn(effects, list));
    const names = writable(model).map(([name]) => name);
    for (const name of names)
      if (listed.filter((each) => each === name).length !== 1)
        problems.push(`${model}.${name} stands on ${listed.filter((each) => each === name).length} lists`);
    for (const name of listed) if (!names.includes(name)) problems.push(`${model} has no ${name}`);
  }
  for (const model of Object.keys(PROPERTY_EFFECTS))
    if (!known.has(model)) problems.push(`${model} is no model of a request`);
  expect(problems).toEqual([]);
});

test("what is listed as refused is refused, and the other way round", () => {
  const refused = new Set(Object.values(PROPERTY_EFFECTS).flatMap((effects) => namesIn(effects, "refuses")));
  // Key Vault's extensions are kept, so that their property is no refused one.
  const built = [...UNBUILT_PROPERTIES].filter((name) => name !== "extensions");
  expect([...refused].sort()).toEqual(built.map((name) => name.split(".").at(-1) ?? "").sort());
});

test("the lists stand on the compatibility page", () => {
  const page = contentOf("docs/compatibility.md");
  for (const model of Object.keys(PROPERTY_EFFECTS)) expect(page, model).toContain(`| ${model} |`);
});
