/** Certificates of a Batch account: the same ones that its data plane has. A certificate's name is its algorithm and thumbprint. */
import { type AccountHandle, accountScope } from "../../../app/accounts/account-handle.ts";
import {
  type CertificateRow,
  certificateGet,
  certificateKeep,
  certificateListPage,
  certificatePut,
  certificateStartDelete,
} from "../../../app/certificates/certificate.ts";
import { Fault } from "../../../core/fault.ts";
import { etagOf } from "../../../core/lifecycle/resource-version.ts";
import { managementWord, modelVersion } from "../../../core/management/data-plane-model.ts";
import { asObject } from "../../../core/management/json-body.ts";
import { certificateId, certificateName } from "../../../core/management/pool-references.ts";
import { checkBody } from "../../../core/model/body-check.ts";
import type { CertificateAddParameter } from "../../../wire/batch/models-types.gen.ts";
import { certificateDeletionAccepted } from "../operation-results.ts";
import { armFault } from "../request/arm-fault.ts";
import type { ArmContext, ArmReply } from "../request/context.ts";
import { readJsonBody } from "../request/json-body.ts";
import { listFilter, listSelect } from "../request/list-query.ts";
import { filteredList, operation } from "../request/operation.ts";
import { preconditionOf } from "../request/precondition.ts";
import { changingAccount, namedAccount } from "./named-account.ts";

interface Listed {
  readonly account: string;
  readonly row: CertificateRow;
}

/** Source: "Certificate - List By Batch Account". */
const FILTERED = ["name", "properties/provisioningState", "properties/provisioningStateTransitionTime"];

export const listCertificates = filteredList<Listed>("Microsoft.Batch/Certificate_ListByBatchAccount", {
  fetch: async (context) => {
    const { handle } = await namedAccount(context);
    const page = { after: 0, limit: Number.MAX_SAFE_INTEGER };
    const rows = await certificateListPage(context.plane, handle, page);
    return rows.map((row) => ({ account: accountScope(handle), row }));
  },
  scopeOf: ({ account, row }) => certificateId(account, "sha1", row.thumbprint),
  filter: (context) => {
    const matches = listFilter(context.exchange.query, FILTERED);
    return (listed) => matches(certificateView(listed));
  },
  view: (listed, { exchange }) => listSelect(exchange.query)(certificateView(listed)),
});

export const getCertificate = operation("Microsoft.Batch/Certificate_Get", async (context) => {
  const { handle } = await namedAccount(context);
  return certificateReply(handle, await certificateGet(context.plane, handle, nameOf(context)));
});

export const createCertificate = operation("Microsoft.Batch/Certificate_Create", (context) =>
  put(context, () => {}),
);

export const updateCertificate = operation("Microsoft.Batch/Certificate_Update", (context) =>
  put(context, (known) => {
    if (!known) throw new Fault("CertificateNotFound");
  }),
);

/** It is `Deleting` for a while. One that pools refer to stays, and is `Failed` until it is deleted again or kept. */
export const deleteCertificate = operation("Microsoft.Batch/Certificate_Delete", async (context) => {
  const { handle } = await changingAccount(context);
  try {
    const row = await certificateStartDelete(context.plane, handle, nameOf(context));
    return certificateDeletionAccepted(context, handle, row.key);
  } catch (error) {
    if (error instanceof Fault && error.code === "CertificateNotFound") return { status: 204 };
    throw error;
  }
});

export const cancelCertificateDeletion = operation(
  "Microsoft.Batch/Certificate_CancelDeletion",
  async (context) => {
    const { handle } = await changingAccount(context);
    const name = nameOf(context);
    const known = await certificateGet(context.plane, handle, name);
    // Nothing to cancel changes nothing.
    if (known.state === "active") return certificateReply(handle, known);
    return certificateReply(handle, await certificateKeep(context.plane, handle, name));
  },
);

interface DeleteError {
  readonly code: string;
  readonly message: string;
  readonly values: readonly { readonly name: string; readonly value: string }[];
}

/** @throws Fault InvalidRequestContent for a name of another form */
function nameOf({ path }: ArmContext): { readonly algorithm: string; readonly thumbprint: string } {
  const name = path.certificateName ?? "";
  const [, algorithm, thumbprint] = /^(\w+)-(\w+)$/.exec(name) ?? [];
  if (algorithm !== undefined && thumbprint !== undefined && name.length <= 45)
    return { algorithm, thumbprint };
  throw armFault(
    "InvalidRequestContent",
    "A certificate's name is its algorithm and its thumbprint: 'sha1-a3d1c5'.",
  );
}

async function put(
  context: ArmContext,
  expect: (known: CertificateRow | undefined) => void,
): Promise<ArmReply> {
  const { handle } = await changingAccount(context);
  const holds = preconditionOf(context);
  const body = await certificateOf(context);
  const row = await inPropertiesOf(() =>
    certificatePut(context.plane, handle, body, (known) => {
      expect(known);
      holds(known && { etag: etagOf(versionOf(known)), modifiedAt: known.state_at });
    }),
  );
  return certificateReply(handle, row);
}

/** Given by the service. */
const READ_ONLY = [
  "provisioningState",
  "provisioningStateTransitionTime",
  "previousProvisioningState",
  "previousProvisioningStateTransitionTime",
  "publicData",
  "deleteCertificateError",
];

async function certificateOf(context: ArmContext): Promise<CertificateAddParameter> {
  const { algorithm, thumbprint } = nameOf(context);
  const { properties, tags } = await readJsonBody(context.exchange);
  if ((tags ?? undefined) !== undefined)
    throw armFault("NotImplemented", "This service does not keep 'tags' of certificates.");
  const { format, ...given } = { ...asObject(properties ?? {}, "properties") } as Record<string, unknown>;
  for (const name of READ_ONLY) delete given[name];
  // A cer has no password, and clients that have none say so by an empty one.
  if (given.password === "") delete given.password;
  given.thumbprintAlgorithm ??= algorithm;
  given.thumbprint ??= thumbprint;
  const index = Math.min(modelVersion(context.apiVersion).index, LAST_WITH_CERTIFICATES);
  const body = await inPropertiesOf(async () =>
    checkBody("CertificateAddParameter", index, {
      ...given,
      ...(format !== undefined && format !== null && { certificateFormat: format }),
    }),
  );
  if (certificateName(body.thumbprintAlgorithm, body.thumbprint) === certificateName(algorithm, thumbprint))
    return body;
  throw armFault(
    "InvalidRequestContent",
    "The request content was invalid: 'properties.thumbprint' is not the one of the certificate's name.",
  );
}

/** Management has certificates in every api-version, the data plane until this index. */
const LAST_WITH_CERTIFICATES = 12;

async function inPropertiesOf<T>(check: () => Promise<T>): Promise<T> {
  try {
    return await check();
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    const values = error.values.flatMap(({ key, value }) => {
      if (key !== "PropertyName") return [{ key, value }];
      const name = value === "certificateFormat" ? "format" : value;
      return [
        { key, value: name },
        { key: "PropertyPath", value: `properties.${name}` },
      ];
    });
    throw new Fault(error.code, error.message, {
      values,
      cause: error,
      ...(error.status !== undefined && { status: error.status }),
    });
  }
}

/** Nothing of it changes but its state. */
const versionOf = ({ key, state_at, previous_state_at }: CertificateRow) => ({
  created_at: key,
  version: previous_state_at === null ? 1 : state_at,
});

function certificateReply(handle: AccountHandle, row: CertificateRow): ArmReply {
  return {
    json: certificateView({ account: accountScope(handle), row }),
    headers: ["ETag", `W/"${etagOf(versionOf(row))}"`],
  };
}

const STATES: Readonly<Record<string, string>> = {
  active: "Succeeded",
  deleting: "Deleting",
  deletefailed: "Failed",
};

/** Source: "Certificate - Get" of management. */
function certificateView({ account, row }: Listed): object {
  const error = row.delete_error === null ? undefined : (JSON.parse(row.delete_error) as DeleteError);
  return {
    id: certificateId(account, "sha1", row.thumbprint),
    name: certificateName("sha1", row.thumbprint),
    type: "Microsoft.Batch/batchAccounts/certificates",
    etag: `W/"${etagOf(versionOf(row))}"`,
    properties: {
      thumbprintAlgorithm: "sha1",
      thumbprint: row.thumbprint,
      format: managementWord("CertificateFormat", row.format),
      provisioningState: STATES[row.state],
      provisioningStateTransitionTime: new Date(row.state_at).toISOString(),
      ...(row.previous_state !== null && {
        previousProvisioningState: STATES[row.previous_state],
        previousProvisioningStateTransitionTime: new Date(
          row.previous_state_at ?? row.state_at,
        ).toISOString(),
      }),
      publicData: row.public_data,
      ...(error && {
        deleteCertificateError: {
          code: error.code,
          message: error.message,
          target: "BatchAccount",
          details: error.values.map(({ name, value }) => ({ code: name, message: value })),
        },
      }),
    },
  };
}
