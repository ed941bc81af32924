/**
 * Where in a request's body registries of container images stand, and how they are kept: a password is written and never read back, and
 * sealed where it is stored. Pure. Source: API description, "ContainerRegistry".
 */
import type {
  ContainerRegistry,
  JobSpecification,
  PoolSpecification,
  TaskContainerSettings,
} from "../../wire/batch/models-types.gen.ts";

export type StoredRegistry = Omit<ContainerRegistry, "password"> & {
  /** As `Sealing` makes it. */
  readonly sealedPassword?: string | undefined;
};

type Task = { readonly containerSettings?: TaskContainerSettings | undefined };

/** Of all bodies that can hold registries, what leads to them. */
type Body = Task &
  Partial<Pick<PoolSpecification, "virtualMachineConfiguration" | "startTask">> &
  Partial<Pick<JobSpecification, "jobManagerTask" | "jobPreparationTask" | "jobReleaseTask" | "poolInfo">> & {
    readonly jobSpecification?: JobSpecification | undefined;
    readonly value?: unknown;
  };

/** Those of the very object, for whoever changes them. @param body checked against its model already */
export function registriesIn(body: unknown): ContainerRegistry[] {
  if (typeof body !== "object" || body === null) return [];
  const { value, jobSpecification, ...own } = body as Body;
  if (Array.isArray(value)) return value.flatMap(registriesIn);
  const { containerSettings, startTask, jobManagerTask, jobPreparationTask, jobReleaseTask } = own;
  const tasks = [own, startTask, jobManagerTask, jobPreparationTask, jobReleaseTask];
  return [
    ...(containerSettings || startTask || jobManagerTask || jobPreparationTask || jobReleaseTask
      ? tasks.flatMap((task) => task?.containerSettings?.registry ?? [])
      : []),
    ...(own.virtualMachineConfiguration?.containerConfiguration?.containerRegistries ?? []),
    ...registriesIn(own.poolInfo?.autoPoolSpecification?.pool),
    ...registriesIn(jobSpecification),
  ];
}
