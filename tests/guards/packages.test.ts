/** What is installed: by the service's own package, and by the portal's, which only who builds the portal needs. */
import { expect, test } from "vitest";
import { contentOf, importsOf, trackedFiles } from "./source-files.ts";

interface Description {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}
interface LockedPackage {
  readonly dev?: boolean;
  readonly license?: string;
  readonly hasInstallScript?: boolean;
}

const service: Description = JSON.parse(contentOf("package.json"));
const portal: Description = JSON.parse(contentOf("portal/package.json"));
const locked = (file: string): [string, LockedPackage][] =>
  Object.entries(JSON.parse(contentOf(file)).packages).map(([path, entry]) => [path, entry as LockedPackage]);

const FREE =
  /^\(?(MIT|ISC|0BSD|BSD-[23]-Clause|Apache-2\.0|BlueOak-1\.0\.0|Unlicense)( (OR|AND) [\w.-]+)*\)?$/;

test("what users get is under a licence that lets them use it", () => {
  const served = [...locked("package-lock.json"), ...locked("portal/package-lock.json")];
  const others = served
    .filter(([path, { dev }]) => path !== "" && !dev)
    .filter(([, { license }]) => !FREE.test(license ?? ""))
    .map(([path, { license }]) => `${path}: ${license}`);
  expect(others).toEqual([]);
});

test("nothing that the portal is built from runs a program when it is installed", () => {
  const running = locked("portal/package-lock.json").filter(([, { hasInstallScript }]) => hasInstallScript);
  expect(running.map(([path]) => path)).toEqual([]);
});

test("a package that both name is the same release in both", () => {
  const ofService: Record<string, string> = { ...service.devDependencies, ...service.dependencies };
  const ofPortal = Object.entries({ ...portal.devDependencies, ...portal.dependencies });
  const different = ofPortal.filter(([name, version]) => (ofService[name] ?? version) !== version);
  expect(different).toEqual([]);
});

test("what only the portal needs is in the portal's package: `npm ci` of the service installs none of it", () => {
  const ofPortal = Object.keys({ ...portal.devDependencies, ...portal.dependencies });
  const elsewhere = trackedFiles.filter((file) => /\.tsx?$/.test(file) && !file.startsWith("portal/"));
  const used = new Set(elsewhere.flatMap(importsOf));
  const twice = ofPortal.filter((name) => name in service.dependencies || used.has(name));
  expect(twice).toEqual([]);
  const installed = new Set(locked("package-lock.json").map(([path]) => path));
  expect(
    ["react", "react-aria-components", "@fluentui/tokens"].filter((name) =>
      installed.has(`node_modules/${name}`),
    ),
  ).toEqual([]);
});
