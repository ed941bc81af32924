/**
 * `/metadata/instance` as the page "Azure Instance Metadata Service" asks for it, by its own lines, inside tasks on nodes of both
 * kinds; and by cloud-init, whose Azure source reads all of it.
 */
import { execFileSync } from "node:child_process";
import { networkInterfaces } from "node:os";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { namespaceObstacle } from "../../e2e/nodes/namespace-nodes.ts";
import { IdentityPools } from "../arm/identity-pools.fixture.ts";
import type { Json } from "../batch-client.fixture.ts";
import { missing } from "../client-program.fixture.ts";
import { LOCATION, SUBSCRIPTION } from "../contoso.fixture.ts";

const PYTHON = "/usr/bin/python3";
const noCloudInit = missing("cloud-init", PYTHON, ["-c", "import cloudinit.sources.DataSourceAzure"]);
/** Where its modules are; elsewhere than the system's own are not seen from nodes otherwise. */
const cloudInitFolder = noCloudInit
  ? "/usr"
  : execFileSync(PYTHON, ["-c", "import cloudinit as c; print(c.__path__[0])"], { encoding: "utf8" })
      .trim()
      .replace(/\/cloudinit$/, "");
const TAGS = { Department: "IT", ReferenceNumber: "123456", TestStatus: "Pending" };
const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

describe.each(["namespace", "process"] as const)("on %s nodes", (isolation) => {
  describe.skipIf(isolation === "namespace" && namespaceObstacle !== undefined)("a task", () => {
    let pools: IdentityPools;
    beforeAll(async () => {
      const shown = [{ path: cloudInitFolder, isWritable: false }];
      pools = await IdentityPools.open(isolation, shown);
      await pools.add("tagged", ["alpha"], { resourceTags: TAGS });
    });
    afterAll(() => pools?.close());

    /** The page's line, with the address that this kind of node has. */
    const line = (rest: string) =>
      `curl -s -H Metadata:true --noproxy "*" "${isolation === "namespace" ? "http://169.254.169.254" : "$AZURE_POD_IDENTITY_AUTHORITY_HOST"}/metadata/${rest}"`;
    const ask = (rest: string): Promise<string> => pools.run("tagged", line(rest));
    const askJson = async (rest: string): Promise<Json> => JSON.parse(await ask(rest));

    test("reads all of it, as the account, the pool and the node have it", async () => {
      const { compute, network } = await askJson("instance?api-version=2025-04-07");
      const [node] = (await pools.batch.get("/pools/tagged/nodes")).value;
      expect(compute).toMatchObject({
        azEnvironment: "AzurePublicCloud",
        location: LOCATION,
        name: node.id,
        offer: "UbuntuServer",
        osProfile: { computerName: node.id },
        osType: "Linux",
        priority: "Regular",
        publisher: "Canonical",
        resourceGroupName: "lab",
        sku: "18.04-LTS",
        storageProfile: { imageReference: { publisher: "Canonical", version: "latest" } },
        subscriptionId: SUBSCRIPTION,
        tags: "Department:IT;ReferenceNumber:123456;TestStatus:Pending",
        tagsList: Object.entries(TAGS).map(([name, value]) => ({ name, value })),
        version: "latest",
        vmId: expect.stringMatching(GUID),
        vmSize: "STANDARD_D2S_V3",
        zone: "",
      });
      const [{ ipv4, macAddress }] = network.interface;
      expect(ipv4.ipAddress).toEqual([{ privateIpAddress: node.ipAddress, publicIpAddress: "" }]);
      const own = Object.values(networkInterfaces())
        .flatMap((each) => each ?? [])
        .find(({ address }) => address === node.ipAddress);
      if (own?.internal === false) {
        expect(macAddress).toBe(own.mac.replaceAll(":", "").toUpperCase());
        expect(`/${ipv4.subnet[0].prefix}`).toBe(own.cidr?.slice(own.cidr.indexOf("/")));
      }
    });

    test("reads parts of it by the page's samples", async () => {
      expect(await ask("instance/compute/vmId?api-version=2025-04-07&format=text")).toMatch(GUID);
      expect(await ask("instance/compute/platformFaultDomain?api-version=2025-04-07&format=text")).toBe("0");
      expect(await ask("instance/compute/tags?api-version=2025-04-07&format=text")).toBe(
        "Department:IT;ReferenceNumber:123456;TestStatus:Pending",
      );
      expect(await askJson("instance/compute/tagsList?api-version=2025-04-07")).toHaveLength(3);
      expect(await askJson("instance/compute?api-version=2025-04-07")).toMatchObject({ osType: "Linux" });
      const address = "instance/network/interface/0/ipv4/ipAddress/0/privateIpAddress";
      expect(await ask(`${address}?api-version=2017-08-01&format=text`)).toMatch(/^\d+\.\d+\.\d+\.\d+$/);
      expect((await askJson("versions")).apiVersions.at(-1)).toBe("2025-04-07");
      // What the Azure CLI asks for where it is to find its region.
      expect(await ask("instance/compute/location?format=text&api-version=2021-01-01")).toBe(LOCATION);
      expect(await askJson("instance")).toMatchObject({
        "newest-versions": ["2025-04-07", "2024-07-17", "2024-03-15"],
      });
    });

    test("of each node reads its own", async () => {
      const vmIds = await Promise.all(
        ["one", "two", "tagged"].map((pool) =>
          pools.run(pool, line("instance/compute/vmId?api-version=2021-02-01&format=text")),
        ),
      );
      expect(new Set(vmIds).size).toBe(3);
      const untagged = await pools.json("one", line("instance/compute/tagsList?api-version=2021-02-01"));
      expect(untagged).toEqual([]);
    });

    // Its address is written into it.
    test.skipIf(noCloudInit || isolation === "process")(
      "reads it with cloud-init's source of Azure",
      async () => {
        const program = [
          "import json",
          "from cloudinit.sources import DataSourceAzure as azure",
          "metadata = azure.get_metadata_from_imds(0, api_version=azure.IMDS_VER_WANT)",
          "azure.generate_network_config_from_instance_network_metadata(metadata['network'])",
        ].join("\n");
        const said = await pools.run(
          "tagged",
          `PYTHONPATH=${cloudInitFolder} ${PYTHON} - <<'.'\n${program}\nprint(json.dumps(metadata))\n.`,
        );
        expect(JSON.parse(said.trim().split("\n").at(-1) ?? "")).toMatchObject({
          compute: { location: LOCATION, vmSize: "STANDARD_D2S_V3" },
          network: { interface: [{ ipv4: { ipAddress: [{}] } }] },
        });
      },
    );
  });
});

test.skipIf(namespaceObstacle !== undefined)(
  "a namespace node without identities has it as well",
  async () => {
    const pools = await IdentityPools.open("namespace");
    try {
      const said = await pools.run(
        "none",
        "curl -s -H Metadata:true 'http://169.254.169.254/metadata/instance/compute/location?api-version=2021-02-01&format=text'",
      );
      expect(said).toBe(LOCATION);
    } finally {
      await pools.close();
    }
  },
);
