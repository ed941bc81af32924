/** Signatures by an account's keys, for who may not read the keys. Sources: "Storage Accounts - List Account SAS", "… - List Service SAS". */
import type { StorageAccount } from "../../../app/storage/storage-account.ts";
import { signedQuery } from "../../../core/storage/sas.ts";
import { accountSasRequest, type SasRequest, serviceSasRequest } from "../../../core/storage/sas-request.ts";
import { readJsonBody } from "../request/json-body.ts";
import { operation } from "../request/operation.ts";
import { namedStorageAccount } from "./named-storage-account.ts";

export const listAccountSas = operation(
  "Microsoft.Storage/StorageAccounts_ListAccountSAS",
  async (context) => {
    const account = namedStorageAccount(context);
    const request = accountSasRequest(account.name, await readJsonBody(context.exchange));
    return { json: { accountSasToken: signed(account, request) } };
  },
);

export const listServiceSas = operation(
  "Microsoft.Storage/StorageAccounts_ListServiceSAS",
  async (context) => {
    const account = namedStorageAccount(context);
    const request = serviceSasRequest(account.name, await readJsonBody(context.exchange));
    return { json: { serviceSasToken: signed(account, request) } };
  },
);

const signed = ({ keys }: StorageAccount, { kind, target, fields, keyIndex }: SasRequest): string =>
  signedQuery(kind, target, fields, keys[keyIndex]);
