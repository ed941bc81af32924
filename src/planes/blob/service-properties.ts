/** Set Blob Service Properties: what the service keeps goes on, what it would not do is refused by name. Source: "Set Blob Service Properties". */
import { readXml, XmlError } from "../../core/xml/xml-elements.ts";
import { blobFault } from "./blob-fault.ts";

const ROOT = "StorageServiceProperties";
const SWITCHES: Readonly<Record<string, string>> = {
  [`${ROOT}/DeleteRetentionPolicy/Enabled`]: "Soft delete of blobs is not built.",
  [`${ROOT}/StaticWebsite/Enabled`]: "Static websites are not built.",
};

/** "Set Blob Service Properties", section "Request body". */
const CORS_RULE = `${ROOT}/Cors/CorsRule`;
const CORS_RULES_MAX = 5;
const CORS_ELEMENTS = [
  "AllowedOrigins",
  "AllowedMethods",
  "MaxAgeInSeconds",
  "ExposedHeaders",
  "AllowedHeaders",
];

/** @throws Fault InvalidXmlDocument, FeatureNotSupported */
export function checkServiceProperties(document: string): void {
  let isRight = false;
  let rules = 0;
  let inRule = new Set<string>();
  try {
    readXml(document, ({ path, text }) => {
      if (path === ROOT) isRight = true;
      if (path.startsWith(`${CORS_RULE}/`)) inRule.add(path.slice(CORS_RULE.length + 1));
      if (path === CORS_RULE) {
        if (++rules > CORS_RULES_MAX)
          throw new XmlError(`There are more than ${CORS_RULES_MAX} rules of Cors.`);
        const missing = CORS_ELEMENTS.find((name) => !inRule.has(name));
        if (missing !== undefined) throw new XmlError(`A CorsRule has no ${missing}.`);
        inRule = new Set();
      }
      const why = Object.hasOwn(SWITCHES, path) ? SWITCHES[path] : undefined;
      if (why !== undefined && text.trim().toLowerCase() === "true") {
        throw blobFault("FeatureNotSupported", { XmlNodeName: path, Reason: why });
      }
    });
  } catch (error) {
    if (error instanceof XmlError)
      throw blobFault("InvalidXmlDocument", { Reason: error.message.slice(0, 200) });
    throw error;
  }
  if (!isRight) throw blobFault("InvalidXmlDocument", { Reason: `The root is not ${ROOT}.` });
}
