/**
 * Where in a request's body mounts of pools stand, and how they are kept: keys and passwords are written and never read back, and sealed where
 * they are stored. Pure. Source: API description, "MountConfiguration".
 */
import type {
  AzureBlobFileSystemConfiguration,
  AzureFileShareConfiguration,
  CIFSMountConfiguration,
  JobSpecification,
  MountConfiguration,
  PoolSpecification,
} from "../../wire/batch/models-types.gen.ts";

/** As `Sealing` makes them. */
interface Sealed {
  readonly sealedAccountKey?: string | undefined;
  readonly sealedSasKey?: string | undefined;
  readonly sealedPassword?: string | undefined;
}

export type StoredMount = {
  readonly azureBlobFileSystemConfiguration?: AzureBlobFileSystemConfiguration & Sealed;
  readonly azureFileShareConfiguration?: AzureFileShareConfiguration & Sealed;
  readonly cifsMountConfiguration?: CIFSMountConfiguration & Sealed;
} & Pick<MountConfiguration, "nfsMountConfiguration">;

/** Of all bodies that can hold mounts, what leads to them. */
type Body = Partial<Pick<PoolSpecification, "mountConfiguration">> &
  Partial<Pick<JobSpecification, "poolInfo">> & { readonly jobSpecification?: JobSpecification | undefined };

/** Those of the very object, for whoever changes them. @param body checked against its model already */
export function mountsIn(body: unknown): MountConfiguration[] {
  if (typeof body !== "object" || body === null) return [];
  const { mountConfiguration, poolInfo, jobSpecification } = body as Body;
  return [
    ...(Array.isArray(mountConfiguration) ? mountConfiguration : []),
    ...mountsIn(poolInfo?.autoPoolSpecification?.pool),
    ...mountsIn(jobSpecification),
  ];
}
