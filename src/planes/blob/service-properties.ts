/** Set Blob Service Properties: what the service keeps goes on, what it would not do is refused by name. Source: "Set Blob Service Properties". */
import { readXml, XmlError } from "../../core/xml/xml-elements.ts";
import { blobFault } from "./blob-fault.ts";

const ROOT = "StorageServiceProperties";
const SWITCHES: Readonly<Record<string, string>> = {
  [`${ROOT}/DeleteRetentionPolicy/Enabled`]: "Soft delete of blobs is not built.",
  [`${ROOT}/StaticWebsite/Enabled`]: "Static websites are not built.",
};

/** @throws Fault InvalidXmlDocument, FeatureNotSupported */
export function checkServiceProperties(document: string): void {
  let isRight = false;
  try {
    readXml(document, ({ path, text }) => {
      if (path === ROOT) isRight = true;
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
