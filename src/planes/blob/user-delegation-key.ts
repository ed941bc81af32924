/** Get User Delegation Key: a key of its own for whoever signs SAS by token instead of by the account's key. Answered here, for the program behind has no directory. */
import type { TokenPrincipal } from "../../app/directory/access-token-verify.ts";
import type { Storage } from "../../app/storage/storage.ts";
import { delegationKeyValue } from "../../core/storage/delegation-key.ts";
import { xmlTexts } from "../../core/xml/xml-elements.ts";
import { element, xmlDocument } from "../../core/xml/xml-text.ts";
import type { Exchange } from "../../http/exchange.ts";
import { BLOB_API_VERSION } from "../../wire/storage/blob-version.ts";
import { blobFault } from "./blob-fault.ts";
import { commonHeaders } from "./envelope.ts";

const BODY_MAX_BYTES = 4_096;
/** "Create a user delegation SAS": a key lives seven days at the most. */
const LIFETIME_MAX_MS = 7 * 86_400_000;

export async function replyUserDelegationKey(
  { delegationSecret }: Pick<Storage, "delegationSecret">,
  exchange: Exchange,
  { objectId, tenantId }: TokenPrincipal,
  now: number,
): Promise<void> {
  const asked = keyInfo((await exchange.readBody(BODY_MAX_BYTES)).toString("utf8"));
  const start = instant(asked.get("KeyInfo/Start")) ?? now;
  const end = instant(asked.get("KeyInfo/Expiry"));
  if (end === undefined || end <= start || end <= now || end - now > LIFETIME_MAX_MS) {
    throw badKeyInfo("Expiry must be after Start and at most seven days from now.");
  }
  if (asked.has("KeyInfo/DelegatedUserTid")) {
    throw blobFault("FeatureNotSupported", {
      Reason: "DelegatedUserTid: keys for another user are not built.",
    });
  }
  const version = exchange.headers["x-ms-version"];
  const signed = [
    objectId,
    tenantId,
    seconds(start),
    seconds(end),
    typeof version === "string" ? version : BLOB_API_VERSION,
  ];
  const [, , from = "", until = "", signedVersion = ""] = signed;
  const content = [
    element("SignedOid", objectId),
    element("SignedTid", tenantId),
    element("SignedStart", from),
    element("SignedExpiry", until),
    element("SignedService", "b"),
    element("SignedVersion", signedVersion),
    element("Value", delegationKeyValue(delegationSecret, signed)),
  ];
  const headers = [...commonHeaders(exchange), "content-type", "application/xml"];
  exchange.reply(200, headers, xmlDocument("UserDelegationKey", content.join("")));
}

function keyInfo(document: string): Map<string, string> {
  try {
    return xmlTexts(document, ["KeyInfo/Start", "KeyInfo/Expiry", "KeyInfo/DelegatedUserTid"]);
  } catch (error) {
    throw badKeyInfo(error instanceof Error ? error.message.slice(0, 200) : "");
  }
}

const badKeyInfo = (why: string) => blobFault("InvalidXmlDocument", { Reason: why });

function instant(text: string | undefined): number | undefined {
  if (text === undefined || text === "") return undefined;
  const at = Date.parse(text);
  if (Number.isNaN(at)) throw badKeyInfo("Start and Expiry are times in ISO 8601.");
  return at;
}

const seconds = (at: number): string => `${new Date(at).toISOString().slice(0, 19)}Z`;
