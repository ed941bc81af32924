import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { batchyard, temporaryFolder, type UpProcess, up } from "../batchyard-process.ts";

const tmp = await temporaryFolder();
const data = join(tmp.path, "it's the state");
let service: UpProcess;
beforeAll(async () => {
  service = await up(["--data", data]);
});
afterAll(async () => {
  await service?.stop();
  await tmp.remove();
});

const shells = {
  bash: ["-c"],
  fish: ["-c"],
  pwsh: ["-NoProfile", "-Command"],
} as const;
const isHere = (shell: string) => spawnSync(shell, ["--version"]).status === 0;

async function env(...parameters: string[]): Promise<string> {
  const { code, stdout, stderr } = await batchyard(["env", "--data", data, ...parameters]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  return stdout;
}

/** The environment that a shell's children see after it has evaluated the text. */
function environmentAfter(shell: keyof typeof shells, script: string, before = {}): Record<string, string> {
  const print = `"${process.execPath}" -p "JSON.stringify(process.env)"`;
  const output = execFileSync(
    shell,
    [...shells[shell], `${script}\n${shell === "pwsh" ? "& " : ""}${print}`],
    {
      encoding: "utf8",
      env: { PATH: process.env.PATH, HOME: tmp.path, ...before },
    },
  );
  return JSON.parse(output);
}

describe("batchyard env", () => {
  for (const shell of ["bash", "fish", "pwsh"] as const) {
    const name = shell === "pwsh" ? "powershell" : shell;
    it.skipIf(!isHere(shell))(`sets and takes back the variables of proxy mode in ${shell}`, async () => {
      const set = await env("--shell", name);
      const { ready } = service;
      expect(environmentAfter(shell, set, { AZURE_AUTHORITY_HOST: "https://elsewhere" })).toMatchObject({
        HTTPS_PROXY: ready.proxy,
        NODE_EXTRA_CA_CERTS: ready.caFile,
        REQUESTS_CA_BUNDLE: ready.bundleFile,
        AZURE_TENANT_ID: ready.tenantId,
        AZURE_CLIENT_ID: ready.clientId,
        AZURE_CLIENT_SECRET: ready.clientSecret,
        AZURE_BATCH_ACCESS_KEY: ready.accountKey,
        AZURE_BATCH_ENDPOINT: `https://${ready.account}.${ready.location}.batch.azure.com`,
      });
      expect(environmentAfter(shell, set, { AZURE_AUTHORITY_HOST: "x" })).not.toHaveProperty(
        "AZURE_AUTHORITY_HOST",
      );
      const unset = await env("--shell", name, "--unset");
      const left = Object.keys(environmentAfter(shell, `${set}\n${unset}`));
      expect(left.filter((key) => /^AZURE_|_PROXY$|_proxy$|CERT|BUNDLE/.test(key))).toEqual([]);
    });
  }

  it("says last what a PowerShell that runs already will not do, and nothing of it when settings are taken back", async () => {
    const last = (text: string) => text.trimEnd().split("\n").at(-1);
    expect(last(await env("--shell", "powershell"))).toMatch(/^Write-Warning '/);
    expect(await env("--shell", "powershell", "--unset")).not.toContain("Write-Warning");
  });

  it("direct mode names localhost and the tenant that skips discovery", async () => {
    const { variables } = JSON.parse(await env("--mode", "direct", "--json"));
    expect(variables).toMatchObject({
      AZURE_AUTHORITY_HOST: service.ready.login,
      AZURE_TENANT_ID: "adfs",
      AZURE_BATCH_ENDPOINT: service.ready.batch,
      HTTPS_PROXY: null,
    });
  });

  it("az mode writes a cloud that az can register, and prints the two commands", async () => {
    const script = await env("--mode", "az", "--shell", "bash");
    // A stand-in for az shows how the shell splits the words.
    const words = execFileSync("bash", ["-c", `az() { printf '%s\\n' "$#" "$@"; }\n${script}`], {
      encoding: "utf8",
    });
    expect(words.trimEnd().split("\n")).toEqual(
      [
        ["6", "cloud", "register", "-n", "Batchyard", "--cloud-config", `@${join(data, "cloud.json")}`],
        ["4", "cloud", "set", "-n", "Batchyard"],
      ].flat(),
    );
    const cloud = JSON.parse(readFileSync(join(data, "cloud.json"), "utf8"));
    expect(cloud.endpoints).toMatchObject({
      activeDirectory: `${service.ready.login}/adfs`,
      resourceManager: service.ready.management,
      batchResourceId: "https://batch.core.windows.net/",
    });
    expect(JSON.stringify(cloud)).not.toContain(service.ready.clientSecret);
  });

  it("hosts mode prints lines for a hosts file", async () => {
    const lines = (await env("--mode", "hosts")).trimEnd().split("\n");
    const { account, location } = service.ready;
    expect(lines).toContain(`127.0.0.1 ${account}.${location}.batch.azure.com # batchyard`);
    expect(lines.filter((line) => !/^(#.*|127\.0\.0\.1 \S+ # batchyard)$/.test(line))).toEqual([]);
  });

  it("leaves the account key out where the credentials file is gone", async () => {
    const other = join(tmp.path, "no credentials");
    const second = await up(["--data", other]);
    execFileSync("rm", [join(other, "credentials.json")]);
    const { stdout } = await batchyard(["env", "--json", "--data", other]);
    await second.stop();
    expect(JSON.parse(stdout).variables).toMatchObject({
      AZURE_CLIENT_SECRET: null,
      AZURE_BATCH_ACCESS_KEY: null,
      AZURE_BATCH_ACCOUNT: second.ready.account,
    });
  });

  it("prints nothing to evaluate when no service runs", async () => {
    const attempt = await batchyard(["env", "--data", join(tmp.path, "nothing")]);
    expect(attempt).toMatchObject({ code: 3, stdout: "" });
  });
});
