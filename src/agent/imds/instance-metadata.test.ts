import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { IMDS_API_VERSIONS } from "../../wire/imds/api-versions.ts";
import { instanceMetadata, type NodeInstance, type Part, partAt, textOf } from "./instance-metadata.ts";

const NODE: NodeInstance = {
  nodeId: "tvm-1",
  isDedicated: false,
  facts: {
    vmId: "5f6c1b1e-0000-8000-8000-000000000000",
    tenantId: "t",
    subscriptionId: "s",
    resourceGroup: "lab",
    location: "westeurope",
    vmSize: "standard_d1_v2",
    image: {
      id: "",
      communityGalleryImageId: "",
      sharedGalleryImageId: "",
      offer: "UbuntuServer",
      publisher: "Canonical",
      sku: "18.04-LTS",
      version: "latest",
    },
    tags: {},
  },
  network: { address: "10.1.2.3", subnet: "10.1.2.0", prefix: "24", macAddress: "0011AAFFBB22" },
};

interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
}

const folder = join(
  process.env.BATCHYARD_SPECS ?? "",
  "specification/imds/data-plane/Microsoft.InstanceMetadataService/stable",
);
const hasDescriptions = process.env.BATCHYARD_SPECS !== undefined && existsSync(folder);
if (!hasDescriptions) console.warn("skipped: the descriptions of the instance metadata service are not here");

describe.skipIf(!hasDescriptions)("as the description has it", () => {
  test.each(["2018-02-01", "2023-07-01"])(
    "%s: all its properties and no others, all of them texts",
    (version) => {
      const { definitions } = JSON.parse(readFileSync(join(folder, version, "imds.json"), "utf8")) as {
        definitions: Record<string, Schema>;
      };
      const resolve = ({ $ref, ...schema }: Schema): Schema =>
        $ref === undefined ? schema : (definitions[$ref.split("/").at(-1) ?? ""] ?? {});
      // The page has it since 2019-02-01, and the description does not.
      const undescribed = ["customData"];
      const problems: string[] = [];
      const compare = (part: Part | undefined, given: Schema, path: string): void => {
        const { type, properties, items } = resolve(given);
        if (type === "array") {
          for (const each of part as readonly Part[]) compare(each, items ?? {}, `${path}[]`);
        } else if (properties !== undefined) {
          const names = Object.keys(part as object).filter((name) => !undescribed.includes(name));
          const wanted = Object.keys(properties);
          problems.push(
            ...wanted.filter((name) => !names.includes(name)).map((name) => `no ${path}.${name}`),
          );
          problems.push(...names.filter((name) => !wanted.includes(name)).map((name) => `${path}.${name}?`));
          for (const [name, schema] of Object.entries(properties))
            compare((part as Record<string, Part>)[name], schema, `${path}.${name}`);
        } else if (typeof part !== "string") problems.push(`${path} is no text`);
      };
      compare(instanceMetadata(NODE, version), definitions.Instance ?? {}, "instance");
      expect(problems).toEqual([]);
    },
  );
});

test("what came later is not there before", () => {
  const names = (version: string) => Object.keys(instanceMetadata(NODE, version).compute as object);
  expect(names("2017-04-02")).not.toContain("tags");
  expect(names("2017-08-01")).toContain("tags");
  expect(names("2019-06-01")).not.toContain("tagsList");
  expect(names("2019-06-04")).toContain("tagsList");
  for (const [index, version] of IMDS_API_VERSIONS.entries()) {
    const before = IMDS_API_VERSIONS[index - 1];
    if (before) expect(names(version)).toEqual(expect.arrayContaining(names(before)));
  }
});

test("a low-priority node is a spot machine; a path leads to what is there", () => {
  const whole = instanceMetadata(NODE, "2021-02-01");
  expect(partAt(whole, ["COMPUTE", "priority"])).toBe("Spot");
  expect(partAt(whole, ["network", "interface", "0", "ipv4", "subnet", "0", "prefix"])).toBe("24");
  for (const path of [["compute", "name", "0"], ["network", "interface", "1"], ["__proto__"], ["length"]])
    expect(partAt(whole, path)).toBeUndefined();
  expect(textOf(partAt(whole, ["compute", "osProfile"]) ?? "")).toBe(
    "adminUsername\ncomputerName\ndisablePasswordAuthentication",
  );
});
