/** The certificates that a pool wants on its nodes. Source: Azure Batch REST, "CertificateReference". */
import { Fault } from "../../core/fault.ts";
import { certificateByThumbprint } from "../../store/certificates.ts";
import type { Connection } from "../../store/engine/connection.ts";
import type { PoolRow } from "../../store/work/pools.ts";
import type { CertificateReference, PoolAddParameter } from "../../wire/batch/models-types.gen.ts";

export function certificateReferencesOf(pool: Pick<PoolRow, "spec">): readonly CertificateReference[] {
  return (JSON.parse(pool.spec) as PoolAddParameter).certificateReferences ?? [];
}

/** @throws Fault InvalidCertificateReferences for one that the account does not have */
export async function checkCertificateReferences(
  c: Connection,
  accountKey: number,
  references: readonly CertificateReference[] = [],
): Promise<void> {
  for (const { thumbprint, thumbprintAlgorithm } of references) {
    const found = await certificateByThumbprint.first(c, {
      account_key: accountKey,
      thumbprint: thumbprint.toLowerCase(),
    });
    if (found && thumbprintAlgorithm.toLowerCase() === "sha1") continue;
    throw new Fault("InvalidCertificateReferences", "", {
      values: [
        { key: "PropertyName", value: "certificateReferences" },
        { key: "Thumbprint", value: thumbprint.slice(0, 256) },
      ],
    });
  }
}
