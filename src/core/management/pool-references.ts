/** What a pool refers to: in management by resource id, on the data plane by name, both within the pool's account. Pure. */
import { Fault } from "../fault.ts";
import type { JsonObject } from "./json-body.ts";

type Reference = (reference: JsonObject, at: string) => object;

/** @param account its resource id */
export function certificateOfId(account: string): Reference {
  return ({ id, ...rest }, at) => {
    const [, thumbprintAlgorithm = "", thumbprint = ""] =
      /^([^-]+)-([^-]+)$/.exec(nameBelow(account, "certificates", id, `properties.certificates${at}.id`)) ??
      [];
    return { ...rest, thumbprint, thumbprintAlgorithm };
  };
}

/** @param account its resource id; the id has come under the data plane's name. */
export function packageOfId(account: string): Reference {
  return ({ applicationId: id, ...rest }, at) => ({
    ...rest,
    applicationId: nameBelow(account, "applications", id, `properties.applicationPackages${at}.id`),
  });
}

export function certificateId(account: string, algorithm: string, thumbprint: string): string {
  return `${account}/certificates/${certificateName(algorithm, thumbprint)}`;
}

/** A certificate's name in management. */
export function certificateName(algorithm: string, thumbprint: string): string {
  return `${algorithm.toLowerCase()}-${thumbprint.toLowerCase()}`;
}

export function applicationId(account: string, name: string): string {
  return `${account}/applications/${name}`;
}

function nameBelow(account: string, collection: string, id: unknown, at: string): string {
  const refuse = (code: string, reason: string) =>
    new Fault(code, "", {
      values: [
        { key: "PropertyName", value: "id" },
        { key: "PropertyPath", value: at },
        { key: "Reason", value: reason },
      ],
    });
  if (id === undefined || id === null) throw refuse("MissingRequiredProperty", "The reference has no id.");
  const prefix = `${account}/${collection}/`;
  const name = typeof id === "string" ? id.slice(prefix.length) : "";
  if (typeof id === "string" && id.toLowerCase().startsWith(prefix.toLowerCase()) && /^[\w-]+$/.test(name))
    return name;
  throw refuse("InvalidPropertyValue", `It must be the id of one of the account's ${collection}.`);
}
