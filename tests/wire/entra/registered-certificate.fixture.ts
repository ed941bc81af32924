/** A certificate of a running service's first application. The way through Graph is its own tests'; here it goes straight into the directory. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { certificateAdd } from "../../../src/app/directory/certificate-credential.ts";
import { Directory } from "../../../src/app/directory/directory.ts";
import { openSqliteStore } from "../../../src/store/engine/sqlite-store.ts";
import type { RunningService } from "../running-service.fixture.ts";
import { applicationCertificate } from "./application-certificate.fixture.ts";

/** @returns the file with certificate and key, in PEM */
export async function registerCertificate(service: RunningService, folder: string): Promise<string> {
  const { certificate, pem } = applicationCertificate(Date.now());
  const store = await openSqliteStore(join(service.folder, "state.db"));
  await certificateAdd(new Directory(store), service.ready.clientId ?? "", certificate);
  await store.close();
  const file = join(folder, "certificate.pem");
  writeFileSync(file, pem, { mode: 0o600 });
  return file;
}
