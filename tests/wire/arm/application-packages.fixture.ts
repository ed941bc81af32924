/** A service whose account has auto-storage, and packages of applications in it, uploaded by the URL that management gives. */
import { ArmClient } from "../arm-client.fixture.ts";
import { BatchClient } from "../batch-client.fixture.ts";
import {
  STORAGE_SUBSCRIPTION,
  storageAccountId,
  storageApplications,
  storageSeed,
} from "../blob/storage.fixture.ts";
import { sendTo } from "../raw-request.fixture.ts";
import {
  type RunningService,
  type RunningServiceOptions,
  runningService,
} from "../running-service.fixture.ts";

export const PACKAGES_VERSION = "2024-07-01";
export const PACKAGE_ACCOUNT = `/subscriptions/${STORAGE_SUBSCRIPTION}/resourceGroups/lab/providers/Microsoft.Batch/batchAccounts/labbatch`;

export class PackagesService {
  readonly service: RunningService;
  readonly arm: ArmClient;
  readonly batch: BatchClient;

  private constructor(service: RunningService, arm: ArmClient, batch: BatchClient) {
    this.service = service;
    this.arm = arm;
    this.batch = batch;
  }

  static async start(options: RunningServiceOptions = {}): Promise<PackagesService> {
    const service = await runningService({ seed: storageSeed, ...options });
    const arm = await ArmClient.signIn(service, storageApplications.contributor);
    const packages = new PackagesService(service, arm, await BatchClient.connect(service));
    await packages.must("PATCH", "", { properties: { autoStorage: { storageAccountId } } });
    return packages;
  }

  ask(method: string, path: string, body?: object) {
    return this.arm.send(method, `${PACKAGE_ACCOUNT}${path}`, { version: PACKAGES_VERSION, body });
  }

  must(method: string, path: string, body?: object) {
    return must(this.arm, method, path, body);
  }

  upload(application: string, packageVersion: string, archive: Buffer): Promise<void> {
    return uploadPackage(this, application, packageVersion, archive);
  }

  setDefault(application: string, defaultVersion: string) {
    return this.must("PATCH", `/applications/${application}`, { properties: { defaultVersion } });
  }

  async close(): Promise<void> {
    this.batch.close();
    await this.service.close();
  }
}

async function must(arm: ArmClient, method: string, path: string, body?: object) {
  const reply = await arm.send(method, `${PACKAGE_ACCOUNT}${path}`, { version: PACKAGES_VERSION, body });
  if (reply.status > 299) throw new Error(`${method} ${path}: ${reply.status} ${reply.text}`);
  return reply.json;
}

/** Made, uploaded and activated. */
export async function uploadPackage(
  { arm, service: { ca } }: { readonly arm: ArmClient; readonly service: Pick<RunningService, "ca"> },
  application: string,
  packageVersion: string,
  archive: Buffer,
): Promise<void> {
  await must(arm, "PUT", `/applications/${application}`, {});
  const made = await must(arm, "PUT", `/applications/${application}/versions/${packageVersion}`);
  const url = new URL(made.properties.storageUrl);
  const put = await sendTo(url, ca, {
    method: "PUT",
    path: `${url.pathname}${url.search}`,
    headers: { "x-ms-version": "2021-12-02", "x-ms-blob-type": "BlockBlob" },
    body: archive,
  });
  if (put.status !== 201) throw new Error(`the upload was refused: ${put.text}`);
  await must(arm, "POST", `/applications/${application}/versions/${packageVersion}/activate`, {
    format: "zip",
  });
}
