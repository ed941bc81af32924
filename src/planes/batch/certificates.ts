/** The operations on certificates: until api-version 2024-02-01.19.0, after which Azure Batch has none. */
import {
  type CertificateRow,
  certificateAdd,
  certificateGet,
  certificateKeep,
  certificateListPage,
  certificateStartDelete,
} from "../../app/certificates/certificate.ts";
import type { CertificateAddParameter } from "../../wire/batch/models-types.gen.ts";
import type { BatchContext } from "./request/context.ts";
import { listReply, selectOf } from "./request/list.ts";
import { operation } from "./request/operation.ts";
import { time, untaggedHeaders, untaggedReply } from "./request/reply.ts";

const nameOf = ({ path }: BatchContext) => ({
  algorithm: path.thumbprintAlgorithm ?? "",
  thumbprint: path.thumbprint ?? "",
});
const pathTo = (thumbprint: string) => `certificates(thumbprintAlgorithm=sha1,thumbprint=${thumbprint})`;

export const addCertificate = operation("Certificate_Add", async (context) => {
  const { app, account, body } = context;
  const row = await certificateAdd(app, account, body as CertificateAddParameter);
  const path = pathTo(row.thumbprint);
  const location = ["Location", `${context.exchange.origin}/${path}`];
  return { headers: [...untaggedHeaders(context, path, row.state_at), ...location] };
});

export const getCertificate = operation("Certificate_Get", async (context) => {
  const row = await certificateGet(context.app, context.account, nameOf(context));
  const view = certificateView(context.exchange.origin, row);
  return untaggedReply(context, "certificates/@Element", row.state_at, selectOf(context)(view));
});

export const listCertificates = operation("Certificate_List", (context) =>
  listReply<CertificateRow>(context, {
    collection: "certificates",
    keyOf: ({ key }) => key,
    fetch: (after, limit) => certificateListPage(context.app, context.account, { after, limit }),
    view: (row) => certificateView(context.exchange.origin, row),
  }),
);

export const deleteCertificate = operation("Certificate_Delete", async (context) => {
  const row = await certificateStartDelete(context.app, context.account, nameOf(context));
  return { headers: untaggedHeaders(context, pathTo(row.thumbprint), row.state_at) };
});

export const cancelCertificateDeletion = operation("Certificate_CancelDeletion", async (context) => {
  const row = await certificateKeep(context.app, context.account, nameOf(context));
  return { headers: untaggedHeaders(context, pathTo(row.thumbprint), row.state_at) };
});

/** Source: API description, "Certificate". */
function certificateView(origin: string, row: CertificateRow): object {
  return {
    thumbprint: row.thumbprint,
    thumbprintAlgorithm: "sha1",
    url: `${origin}/${pathTo(row.thumbprint)}`,
    state: row.state,
    stateTransitionTime: time(row.state_at),
    ...(row.previous_state !== null && {
      previousState: row.previous_state,
      previousStateTransitionTime: time(row.previous_state_at ?? row.state_at),
    }),
    publicData: row.public_data,
    ...(row.delete_error !== null && { deleteCertificateError: JSON.parse(row.delete_error) }),
  };
}
