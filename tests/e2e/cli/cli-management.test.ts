import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { batchyard, temporaryFolder, type UpProcess, up } from "../batchyard-process.ts";

const tmp = await temporaryFolder();
const data = ["--data", join(tmp.path, "state")];
const cli = (...words: string[]) => batchyard([...words, ...data]);

let service: UpProcess;
beforeAll(async () => {
  service = await up(data);
});
afterAll(async () => {
  await service?.stop();
  await tmp.remove();
});

it("makes, shows, keys and deletes accounts in groups, as lines and as JSON", async () => {
  const group = await cli("group", "create", "farm", "--location", "West Europe", "--json");
  expect(JSON.parse(group.stdout)).toMatchObject({ name: "farm", location: "westeurope" });
  expect((await cli("group", "list")).stdout).toMatch(/^ {2}batchyard +eastus\n {2}farm +westeurope\n$/);

  const created = await cli("account", "create", "render1", "--group", "farm", "--location", "westeurope");
  expect(created.stdout).toMatch(/Batch +https:\/\/localhost:\d+\n/);
  expect(created.stdout).toContain("https://render1.westeurope.batch.azure.com");
  await cli("account", "create", "second");
  const listed = JSON.parse((await cli("account", "list", "--json")).stdout);
  expect(listed.map(({ name }: { name: string }) => name)).toEqual(["myaccount", "render1", "second"]);
  const shown = JSON.parse((await cli("account", "show", "RENDER1")).stdout);
  expect(shown.properties.provisioningState).toBe("Succeeded");

  const before = JSON.parse((await cli("account", "keys", "render1", "--json")).stdout);
  const after = JSON.parse((await cli("account", "keys", "render1", "--renew", "primary", "--json")).stdout);
  expect(after.primary).not.toBe(before.primary);
  expect(after.secondary).toBe(before.secondary);
  expect((await cli("account", "keys", "render1")).stdout).toContain(after.primary);

  expect((await cli("group", "delete", "farm", "--yes")).stdout).toBe("deleted farm\n");
  expect((await cli("account", "list")).stdout).not.toContain("render1");
});

it("says in one line what was wrong", async () => {
  const wrong: readonly (readonly [words: string[], code: number, line: RegExp])[] = [
    [["account", "paint"], 2, /there is no 'paint'; one of create, list, show, keys/],
    [["account", "create"], 2, /which account\?/],
    [["account", "create", "Not-A-Name"], 1, /InvalidAccountName: /],
    [["account", "create", "myaccount", "--group", "absent"], 1, /ResourceGroupNotFound: /],
    [["account", "show", "absent"], 1, /there is no account 'absent'/],
    [["account", "keys", "myaccount", "--renew", "third"], 2, /primary or secondary/],
    [["group", "create", "ends."], 1, /InvalidResourceGroupName: /],
    [["group", "delete", "batchyard"], 2, /--yes/],
    [["group", "delete", "absent", "--yes"], 1, /ResourceGroupNotFound: /],
  ];
  for (const [words, code, line] of wrong) {
    const end = await cli(...words);
    expect(end.code, words.join(" ")).toBe(code);
    expect(end.stderr.trim().split("\n"), words.join(" ")).toHaveLength(1);
    expect(end.stderr).toMatch(line);
  }
});
