/** The portal's own layers, and how little of the service it knows: facts of the protocols and pure rules, nothing that acts. */
import { expect, test } from "vitest";
import { importsOf, trackedFiles } from "./source-files.ts";

const ARROWS: Readonly<Record<string, readonly string[]>> = {
  api: ["src/client/", "src/wire/", "src/core/access/"],
  parts: ["portal/api/", "portal/queries.ts", "portal/routes.tsx", "src/wire/", "src/core/access/"],
  pages: ["portal/parts/", "portal/api/", "portal/queries.ts", "portal/routes.tsx", "src/wire/"],
};

const layered = trackedFiles.filter((file) => /^portal\/[^/]+\/.*\.tsx?$/.test(file));

test("pages stand on parts, parts on the planes' interfaces, and those on the protocols' facts", () => {
  const against = layered.flatMap((file) => {
    const layer = file.split("/")[1] ?? "";
    const targets = [`portal/${layer}/`, ...(ARROWS[layer] ?? [])];
    return importsOf(file)
      .filter((imported) => /^(portal|src)\//.test(imported))
      .filter((imported) => !targets.some((target) => imported.startsWith(target)))
      .map((imported) => `${file} -> ${imported}`);
  });
  expect(against).toEqual([]);
});

test("requests to the service are made in one place", () => {
  const asking = layered.filter((file) => !file.startsWith("portal/api/"));
  const found = asking.filter((file) =>
    importsOf(file).some((imported) => imported.includes("service-request")),
  );
  // What a refusal is, everybody may know; how to ask is the api's.
  expect(found.filter((file) => file.startsWith("portal/pages/"))).toEqual([]);
});
