/** What a pool is told to be. The images and sizes are those that there are here. */
import { useQuery } from "@tanstack/react-query";
import { batchOf, type models } from "../../api/batch.ts";
import { sizesList } from "../../api/batch-account.ts";
import { identitiesList } from "../../api/resource-manager.ts";
import { useAccount } from "../../parts/account.ts";
import {
  BodyCheck,
  BodyChoice,
  BodyNumber,
  BodyText,
  BodyWords,
  Tick,
} from "../../parts/body/body-fields.tsx";
import type { BodyForm } from "../../parts/body/body-form.tsx";
import { type Body, bodyAt } from "../../parts/body/body-path.ts";
import { BodyRows } from "../../parts/body/body-rows.tsx";
import { EnvironmentRows, ResourceFileRows } from "../../parts/body/command-rows.tsx";
import { Choice } from "../../parts/choice.tsx";

interface Props {
  readonly account: string;
  readonly form: BodyForm;
}

const IMAGE = "virtualMachineConfiguration.imageReference";
const AGENT = "virtualMachineConfiguration.nodeAgentSKUId";
const CONTAINERS = "virtualMachineConfiguration.containerConfiguration";
const ELEVATION = "startTask.userIdentity.autoUser.elevationLevel";

export function PoolFields({ account, form }: Props) {
  return (
    <>
      <BodyText form={form} path="id" label="Pool ID" isRequired isFirst />
      <Machine account={account} form={form} />
      <Scale form={form} />
      <h2>Start task</h2>
      <StartTask form={form} />
      <h2>What is on the nodes</h2>
      <Packages account={account} form={form} />
      <Identities form={form} />
      <BodyRows
        form={form}
        path="userAccounts"
        label="User accounts"
        entry="user"
        columns={[
          { path: "name", label: "Name" },
          { path: "password", label: "Password", type: "password" },
          { path: "elevationLevel", label: "Level", values: ["nonadmin", "admin"] },
        ]}
      />
    </>
  );
}

const imageName = (image: models.ImageReference | undefined): string =>
  image === undefined ? "" : [image.publisher, image.offer, image.sku].filter(Boolean).join(" ");

export const useImages = (account: string) =>
  useQuery({
    queryKey: ["images", account],
    queryFn: async () => (await batchOf(account).images()).value.filter(({ osType }) => osType === "linux"),
    staleTime: Number.POSITIVE_INFINITY,
  });

function Machine({ account, form }: Props) {
  const resource = useAccount();
  const { data: images = [] } = useImages(account);
  const { data: sizes = [] } = useQuery({
    queryKey: ["sizes", resource?.id],
    queryFn: () => (resource ? sizesList(resource) : []),
    enabled: resource !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const chosen = imageName(bodyAt(form.body, IMAGE) as models.ImageReference | undefined);
  const image = images.find(({ imageReference }) => imageName(imageReference) === chosen);
  const size = form.body.vmSize;
  const offered = sizes.map(({ name, capabilities }) => {
    const [cores, memory] = ["vCPUs", "MemoryGB"].map(
      (what) => capabilities.find((c) => c.name === what)?.value,
    );
    return [name.toLowerCase(), `${name}: ${cores} cores, ${memory} GB`] as const;
  });
  const isOther = typeof size === "string" && !offered.some(([name]) => name === size.toLowerCase());
  return (
    <>
      <div className="form-columns">
        <Choice
          label="Image"
          value={chosen}
          options={images.map(({ imageReference }) => [imageName(imageReference), imageName(imageReference)])}
          onChange={(name) => {
            const found = images.find(({ imageReference }) => imageName(imageReference) === name);
            form.set("virtualMachineConfiguration", {
              ...(bodyAt(form.body, "virtualMachineConfiguration") as object | undefined),
              imageReference: found?.imageReference,
              nodeAgentSKUId: found?.nodeAgentSKUId,
            });
          }}
        />
        <Choice
          label="VM size"
          value={typeof size === "string" ? size.toLowerCase() : ""}
          options={isOther ? [[size.toLowerCase(), size], ...offered] : offered}
          onChange={(name) => form.set("vmSize", name)}
        />
        <BodyNumber form={form} path="taskSlotsPerNode" label="Task slots per node" placeholder="1" />
        <BodyChoice
          form={form}
          path="taskSchedulingPolicy.nodeFillType"
          label="Tasks are put"
          usual="spread"
          options={[
            ["spread", "On all nodes evenly"],
            ["pack", "On as few nodes as hold them"],
          ]}
        />
      </div>
      <p className="kind">Node agent: {String(bodyAt(form.body, AGENT) ?? "none")}</p>
      <Containers form={form} isOffered={image?.capabilities?.includes("DockerCompatible") ?? false} />
    </>
  );
}

/** Offered where the image says that it can, and where the pool that this one is like has some. */
function Containers({ form, isOffered }: { readonly form: BodyForm; readonly isOffered: boolean }) {
  const has = bodyAt(form.body, CONTAINERS) !== undefined;
  if (!isOffered && !has) return null;
  return (
    <>
      <Tick
        label="Tasks may run in containers"
        isSelected={has}
        onChange={(isOn) => form.set(CONTAINERS, isOn ? { type: "dockerCompatible" } : undefined)}
      />
      {has && (
        <BodyWords
          form={form}
          path={`${CONTAINERS}.containerImageNames`}
          label="Container images"
          description="Fetched by each node before it takes tasks; with blanks between them"
        />
      )}
    </>
  );
}

const FORMULA = "$TargetDedicatedNodes = min(10, $PendingTasks.GetSample(1));";

/** Each of the two excludes the other's properties. */
const FIXED = ["targetDedicatedNodes", "targetLowPriorityNodes", "resizeTimeout"];
const SCALED = ["enableAutoScale", "autoScaleFormula", "autoScaleEvaluationInterval"];
const without = (body: Body, names: readonly string[]): Body =>
  Object.fromEntries(Object.entries(body).filter(([name]) => !names.includes(name)));

function Scale({ form }: { readonly form: BodyForm }) {
  const isScaled = form.body.enableAutoScale === true;
  return (
    <>
      <Choice
        label="Scaling"
        value={isScaled ? "formula" : "fixed"}
        options={[
          ["fixed", "Fixed"],
          ["formula", "By formula"],
        ]}
        onChange={(way) => {
          form.replace(
            way === "fixed"
              ? { ...without(form.body, SCALED), targetDedicatedNodes: 1 }
              : { ...without(form.body, FIXED), enableAutoScale: true, autoScaleFormula: FORMULA },
          );
        }}
      />
      {isScaled ? (
        <>
          <BodyText form={form} path="autoScaleFormula" label="Formula" isLong isRequired />
          <BodyText
            form={form}
            path="autoScaleEvaluationInterval"
            label="Evaluated every"
            placeholder="PT15M"
            description="An ISO 8601 duration, from PT5M on"
          />
        </>
      ) : (
        <div className="form-columns">
          <BodyNumber
            form={form}
            path="targetDedicatedNodes"
            label="Target dedicated nodes"
            placeholder="0"
          />
          <BodyNumber form={form} path="targetLowPriorityNodes" label="Target Spot nodes" placeholder="0" />
        </div>
      )}
    </>
  );
}

function StartTask({ form }: { readonly form: BodyForm }) {
  const has = bodyAt(form.body, "startTask.commandLine") !== undefined;
  return (
    <>
      <BodyText
        form={form}
        path="startTask.commandLine"
        label="Command line"
        description="Each node runs it before it takes tasks; may be empty"
      />
      {has && (
        <>
          <div className="form-columns">
            <BodyChoice
              form={form}
              path={ELEVATION}
              label="Runs as"
              usual="nonadmin"
              options={[
                ["nonadmin", "An ordinary user"],
                ["admin", "An administrator"],
              ]}
            />
            <BodyNumber form={form} path="startTask.maxTaskRetryCount" label="Retries" placeholder="0" />
          </div>
          <BodyCheck form={form} path="startTask.waitForSuccess" label="Tasks wait until it has succeeded" />
          <EnvironmentRows form={form} path="startTask.environmentSettings" label="Its environment" />
          <ResourceFileRows form={form} path="startTask.resourceFiles" label="Its files" />
        </>
      )}
    </>
  );
}

function Packages({ account, form }: Props) {
  const { data: applications = [] } = useQuery({
    queryKey: ["applications", account],
    queryFn: async () => (await batchOf(account).applications()).value,
  });
  return (
    <BodyRows
      form={form}
      path="applicationPackageReferences"
      label="Application packages"
      entry="package"
      columns={[
        { path: "applicationId", label: "Application", values: applications.map(({ id }) => id) },
        {
          path: "version",
          label: "Version",
          values: [...new Set(applications.flatMap(({ versions }) => versions))],
        },
      ]}
    />
  );
}

/** What a pool's body says of them; it goes to Resource Manager then. */
export const identitiesOf = (body: BodyForm["body"]): readonly string[] => {
  const given = bodyAt(body, "identity.userAssignedIdentities");
  return Array.isArray(given) ? given.map(({ resourceId }) => String(resourceId)) : [];
};

function Identities({ form }: { readonly form: BodyForm }) {
  const { data = [] } = useQuery({ queryKey: ["identities"], queryFn: identitiesList });
  const chosen = identitiesOf(form.body);
  const set = (ids: readonly string[]) =>
    form.set(
      "identity",
      ids.length === 0
        ? undefined
        : { type: "UserAssigned", userAssignedIdentities: ids.map((resourceId) => ({ resourceId })) },
    );
  return (
    <fieldset className="rows">
      <legend className="label">Managed identities</legend>
      {data.map(({ id, name }) => (
        <Tick
          key={id}
          label={name}
          isSelected={chosen.includes(id)}
          onChange={(isOn) => set(isOn ? [...chosen, id] : chosen.filter((each) => each !== id))}
        />
      ))}
      {data.length === 0 && <p className="nothing">There is none that you may read.</p>}
    </fieldset>
  );
}
