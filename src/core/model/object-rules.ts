/** What the properties of one object must be to each other, whoever sends it. Source: API description; Azure Batch REST, "Tasks", "ContainerRegistry". */
import type {
  ComputeNodeIdentityReference,
  PoolEndpointConfiguration,
  PublicIPAddressConfiguration,
} from "../../wire/batch/models-types.gen.ts";
import {
  blobMountRule,
  cifsMountRule,
  fileShareMountRule,
  mountRule,
  nfsMountRule,
} from "../mounts/mount-check.ts";
import { identityReferenceProblem } from "../transfer/identity-reference-check.ts";
import { PropertyProblem } from "./property-problem.ts";
import { TASKS } from "./property-rules.ts";

type Values = Record<string, unknown>;

/** May put a value where one is meant. */
export type ObjectRule = (object: Values) => PropertyProblem | null;

/** Its `required` properties that the rule decides about. */
interface RuledObject {
  readonly decides: readonly string[];
  readonly rule: ObjectRule;
}

/** An image may have a command of its own: without containers there is none. */
const taskCommand =
  (model: string): ObjectRule =>
  (task) => {
    const { commandLine, containerSettings } = task;
    if (typeof commandLine === "string" && commandLine.trim() !== "") return null;
    if (containerSettings !== undefined) {
      task.commandLine = "";
      return null;
    }
    const problem =
      commandLine === undefined
        ? new PropertyProblem("MissingRequiredProperty", `${model} requires 'commandLine'`)
        : new PropertyProblem(
            "InvalidPropertyValue",
            "must not be empty for a task without a container",
            commandLine,
          );
    return problem.within("commandLine");
  };

const hostMount: ObjectRule = ({ source }) =>
  source === undefined
    ? new PropertyProblem("MissingRequiredProperty", "must name what is to be mounted").within("source")
    : null;

/** Docker's own protocol knows a name with its password; Azure's registries take a token of one of the pool's identities. */
const registry: ObjectRule = ({ username, password, identityReference, registryServer = "" }) => {
  const wrong = (name: string, reason: string) =>
    new PropertyProblem("InvalidPropertyValue", reason, "(not shown)").within(name);
  if (!/^[\w.:/-]{0,255}$/.test(String(registryServer)))
    return wrong("registryServer", "must be the address of a registry, such as registry.example:5000");
  if (identityReference !== undefined) {
    if (username !== undefined || password !== undefined)
      return wrong("identityReference", "takes the place of username and password");
    return (
      identityReferenceProblem(identityReference as ComputeNodeIdentityReference)?.within(
        "identityReference",
      ) ?? null
    );
  }
  if ((username === undefined) !== (password === undefined))
    return wrong(username === undefined ? "username" : "password", "must be given with the other of the two");
  return null;
};

/** Azure Batch REST, "PoolEndpointConfiguration": who has no public address is not entered by one. */
const network: ObjectRule = ({ endpointConfiguration, publicIPAddressConfiguration }) => {
  const { inboundNATPools = [] } = (endpointConfiguration ?? {}) as Partial<PoolEndpointConfiguration>;
  const { provision } = (publicIPAddressConfiguration ?? {}) as PublicIPAddressConfiguration;
  if (inboundNATPools.length === 0 || provision?.toLowerCase() !== "nopublicipaddresses") return null;
  const reason = "cannot be specified where the provision of public IP addresses is NoPublicIPAddresses";
  return new PropertyProblem("InvalidPropertyValue", reason, inboundNATPools.length)
    .within("inboundNATPools")
    .within("endpointConfiguration");
};

/** "MSP feature configuration": a mode of one's own, or that of a profile. */
const hostEndpoint: ObjectRule = ({ mode, inVMAccessControlProfileReferenceId: profile }) =>
  mode === undefined || profile === undefined
    ? null
    : new PropertyProblem("InvalidPropertyValue", "cannot be specified together with mode", profile).within(
        "inVMAccessControlProfileReferenceId",
      );

const RULES: ReadonlyMap<string, RuledObject> = new Map<string, RuledObject>([
  ...TASKS.map((model): [string, RuledObject] => [
    model,
    { decides: ["commandLine"], rule: taskCommand(model) },
  ]),
  ["NetworkConfiguration", { decides: [], rule: network }],
  ["HostEndpointSettings", { decides: [], rule: hostEndpoint }],
  ["ContainerRegistry", { decides: [], rule: registry }],
  ["ContainerHostBatchBindMountEntry", { decides: [], rule: hostMount }],
  ["MountConfiguration", { decides: [], rule: mountRule }],
  ["AzureBlobFileSystemConfiguration", { decides: [], rule: blobMountRule }],
  ["AzureFileShareConfiguration", { decides: [], rule: fileShareMountRule }],
  ["NFSMountConfiguration", { decides: [], rule: nfsMountRule }],
  ["CIFSMountConfiguration", { decides: [], rule: cifsMountRule }],
]);

export const objectRule = (model: string): RuledObject | undefined => RULES.get(model);
