import { describe, expect, test } from "vitest";
import { batchApiVersions } from "../../wire/batch/api-versions.gen.ts";
import type { BatchModelName } from "../../wire/batch/models.gen.ts";
import type { PoolAddParameter } from "../../wire/batch/models-types.gen.ts";
import { Fault } from "../fault.ts";
import { checkBody } from "../model/body-check.ts";
import { checkUserAccounts } from "./user-account-check.ts";

const NEWEST_WITH_CLOUD_SERVICES = batchApiVersions.findIndex(({ version }) => version === "2022-10-01.16.0");
const LINUX = {
  imageReference: { publisher: "canonical", offer: "0001-com-ubuntu-server-jammy", sku: "22_04-lts" },
  nodeAgentSKUId: "batch.node.ubuntu 22.04",
};
const WINDOWS = { ...LINUX, nodeAgentSKUId: "batch.node.windows amd64" };
const PASSWORD = "a secret of ann's";
const account = (more: object = {}) => ({ name: "ann", password: PASSWORD, ...more });
const poolOf = (userAccounts: object[], more: object = {}) =>
  ({
    id: "p",
    vmSize: "standard_d2s_v3",
    virtualMachineConfiguration: LINUX,
    userAccounts,
    ...more,
  }) as unknown as PoolAddParameter;

function told(check: () => unknown): object | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return { code: error.code, ...Object.fromEntries(error.values.map(({ key, value }) => [key, value])) };
  }
}
const refusal = (model: BatchModelName, body: object) =>
  told(() => checkBody(model, NEWEST_WITH_CLOUD_SERVICES, body));
const refusalOf = (...accounts: object[]) => refusal("PoolAddParameter", poolOf(accounts));
const linux = (configuration: object) => account({ linuxUserConfiguration: configuration });

describe("accounts", () => {
  test.each([
    [],
    [account()],
    [account({ elevationLevel: "admin" }), account({ name: "bob_2.x-y" })],
    [linux({ uid: 12_345, gid: 98_765 }), { ...linux({ uid: 45_678, gid: 98_765 }), name: "bob" }],
    [linux({ sshPrivateKey: "key" })],
  ])("that are right pass", (...accounts) => {
    expect(refusalOf(...accounts)).toBeUndefined();
    expect(told(() => checkUserAccounts(poolOf(accounts)))).toBeUndefined();
  });

  test.each([
    ["", "name"],
    ["x".repeat(21), "name"],
    ...["a b", "a:b", "a/b", "a\nb", "-x", "1x", "é"].map((name) => [name, "name"]),
    ...["root", "admin", "nonadmin", "nobody", "_azbatch", "sshd", "www-data", "systemd-network"].map(
      (name) => [name, "name"],
    ),
  ])("may not be named %j", (name) => {
    expect(refusalOf(account({ name }))).toMatchObject({
      code: "InvalidPropertyValue",
      PropertyPath: "userAccounts[0].name",
    });
  });

  test("have a password, which no error shows", () => {
    expect(refusalOf({ name: "ann" })).toMatchObject({
      code: "MissingRequiredProperty",
      PropertyName: "password",
    });
    for (const password of ["", `${PASSWORD}\0`, PASSWORD.repeat(100)]) {
      const error = refusalOf(account({ password }));
      expect(error).toMatchObject({ code: "InvalidPropertyValue", PropertyPath: "userAccounts[0].password" });
      expect(JSON.stringify(error)).not.toContain("secret");
    }
  });

  test.each([
    [{ uid: 2000 }, "gid"],
    [{ gid: 2000 }, "uid"],
    [{ uid: 0, gid: 2000 }, "uid"],
    [{ uid: -5, gid: 2000 }, "uid"],
    [{ uid: 1000, gid: 2000 }, "uid"],
    [{ uid: 1001, gid: 2000 }, "uid"],
    [{ uid: 2000, gid: 65_534 }, "gid"],
    [{ uid: 2000, gid: 0 }, "gid"],
  ])("may not have the ids %j", (ids, name) => {
    expect(refusalOf(linux(ids))).toMatchObject({
      code: "InvalidPropertyValue",
      PropertyPath: `userAccounts[0].linuxUserConfiguration.${name}`,
    });
  });

  test("have names and ids of their own, and are not too many", () => {
    expect(refusalOf(account(), account())).toMatchObject({ PropertyPath: "userAccounts[1].name" });
    const one = { uid: 2000, gid: 2000 };
    expect(refusalOf(linux(one), { ...linux(one), name: "bob" })).toMatchObject({
      PropertyPath: "userAccounts[1].linuxUserConfiguration.uid",
    });
    const many = Array.from({ length: 101 }, (_, n) => account({ name: `u${n}` }));
    expect(refusalOf(...many.slice(1))).toBeUndefined();
    expect(refusalOf(...many)).toMatchObject({ PropertyName: "userAccounts", PropertyValue: "101" });
  });

  test("are checked wherever a pool is described", () => {
    const { id, ...pool } = poolOf([account({ name: "root" })]);
    const autoPoolSpecification = { poolLifetimeOption: "job", pool };
    const poolInfo = { autoPoolSpecification };
    expect(refusal("JobAddParameter", { id: "j", poolInfo })).toMatchObject({ PropertyName: "name" });
    const jobSpecification = { poolInfo };
    expect(refusal("JobScheduleAddParameter", { id: "s", schedule: {}, jobSpecification })).toMatchObject({
      PropertyName: "name",
    });
  });
});

describe("accounts of a pool", () => {
  const windows = account({ windowsUserConfiguration: { loginMode: "batch" } });

  test("of Linux have no configuration for Windows", () => {
    expect(told(() => checkUserAccounts(poolOf([windows])))).toMatchObject({
      code: "InvalidPropertyValue",
      PropertyName: "windowsUserConfiguration",
      PropertyPath: "userAccounts[0].windowsUserConfiguration",
    });
  });

  test("of Windows have no login mode yet", () => {
    for (const more of [
      { virtualMachineConfiguration: WINDOWS },
      { virtualMachineConfiguration: undefined, cloudServiceConfiguration: { osFamily: "6" } },
    ]) {
      expect(
        told(() => checkUserAccounts(poolOf([account({ windowsUserConfiguration: {} })], more))),
      ).toBeUndefined();
      expect(told(() => checkUserAccounts(poolOf([windows], more)))).toMatchObject({
        code: "NotImplemented",
        PropertyPath: "userAccounts[0].windowsUserConfiguration.loginMode",
      });
    }
  });

  test("whose nodes communicate have no key between them yet", () => {
    const pool = poolOf([linux({ sshPrivateKey: "key" })], { enableInterNodeCommunication: true });
    const error = told(() => checkUserAccounts(pool));
    expect(error).toMatchObject({ code: "NotImplemented", PropertyName: "sshPrivateKey" });
  });
});

test.each([
  "TaskAddParameter",
  "JobManagerTask",
  "JobPreparationTask",
  "JobReleaseTask",
  "StartTask",
] as const)("a %s has one user, named or not", (model) => {
  const needsId = model === "TaskAddParameter" || model === "JobManagerTask";
  const task = { commandLine: "true", ...(needsId && { id: "t" }) };
  const identity = (userIdentity: object) => refusal(model, { ...task, userIdentity });
  expect(identity({ username: "ann" })).toBeUndefined();
  expect(identity({ autoUser: { elevationLevel: "admin" } })).toBeUndefined();
  const wrong = { code: "InvalidPropertyValue", PropertyPath: "userIdentity.username" };
  expect(identity({ username: "ann", autoUser: {} })).toMatchObject(wrong);
  expect(identity({ username: "" })).toMatchObject(wrong);
});
