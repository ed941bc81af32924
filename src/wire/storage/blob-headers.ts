/** Request headers of the Blob service, in the groups in which its operations have them. In small letters. Source: "Blob Service REST API". */

export const TIMES = ["if-modified-since", "if-unmodified-since"];
export const CONDITIONS = [...TIMES, "if-match", "if-none-match", "x-ms-if-tags"];
export const LEASE = ["x-ms-lease-id"];
export const RANGE = ["range", "x-ms-range"];
/** Of names that the client chooses. */
export const METADATA = ["x-ms-meta-"];
export const PROPERTIES = [
  "x-ms-blob-cache-control",
  "x-ms-blob-content-type",
  "x-ms-blob-content-md5",
  "x-ms-blob-content-encoding",
  "x-ms-blob-content-language",
  "x-ms-blob-content-disposition",
];
/** What a body must be. */
export const CONTENT_CHECKS = ["content-md5", "x-ms-content-crc64"];
/** About a body that becomes a blob's content; what the standard headers say becomes the blob's properties. */
export const CONTENT = [
  ...CONTENT_CHECKS,
  "content-type",
  "content-encoding",
  "content-language",
  "cache-control",
  "x-ms-structured-body",
  "x-ms-structured-content-length",
];
export const SOURCE = [
  "x-ms-copy-source",
  "x-ms-copy-source-authorization",
  "x-ms-source-range",
  "x-ms-source-content-md5",
  "x-ms-source-if-modified-since",
  "x-ms-source-if-unmodified-since",
  "x-ms-source-if-match",
  "x-ms-source-if-none-match",
];
export const SEQUENCE_CONDITIONS = [
  "x-ms-if-sequence-number-le",
  "x-ms-if-sequence-number-lt",
  "x-ms-if-sequence-number-eq",
];
export const APPEND_CONDITIONS = ["x-ms-blob-condition-maxsize", "x-ms-blob-condition-appendpos"];

/** Headers that ask for what is not built: to drop them would be to do less than was asked. */
export const UNBUILT_HEADERS: Readonly<Record<string, string>> = {
  "x-ms-encryption-key": "Keys that the customer provides are not built.",
  "x-ms-encryption-key-sha256": "Keys that the customer provides are not built.",
  "x-ms-encryption-algorithm": "Keys that the customer provides are not built.",
  "x-ms-source-encryption-key": "Keys that the customer provides are not built.",
  "x-ms-source-encryption-key-sha256": "Keys that the customer provides are not built.",
  "x-ms-source-encryption-algorithm": "Keys that the customer provides are not built.",
  "x-ms-encryption-scope": "Encryption scopes are not built.",
  "x-ms-default-encryption-scope": "Encryption scopes are not built.",
  "x-ms-deny-encryption-scope-override": "Encryption scopes are not built.",
  "x-ms-immutability-policy-until-date": "Immutability policies are not built.",
  "x-ms-immutability-policy-mode": "Immutability policies are not built.",
  "x-ms-legal-hold": "Legal holds are not built.",
  "x-ms-seal-blob": "Sealing while copying is not built.",
  "x-ms-source-if-tags": "Conditions on the source's tags are not built.",
  "x-ms-source-content-crc64": "A checksum of the source is taken as x-ms-source-content-md5 only.",
  "x-ms-blob-if-match": "Of a blob whose tags are meant, x-ms-if-tags is the only condition.",
  "x-ms-blob-if-none-match": "Of a blob whose tags are meant, x-ms-if-tags is the only condition.",
  "x-ms-blob-if-modified-since": "Of a blob whose tags are meant, x-ms-if-tags is the only condition.",
  "x-ms-blob-if-unmodified-since": "Of a blob whose tags are meant, x-ms-if-tags is the only condition.",
  "x-ms-access-tier-if-modified-since": "Conditions on when a tier was set are not built.",
  "x-ms-access-tier-if-unmodified-since": "Conditions on when a tier was set are not built.",
  "x-ms-previous-snapshot-url": "The previous snapshot is named by the parameter prevsnapshot only.",
  "x-ms-range-get-content-crc64": "A range's checksum is given as MD5 only.",
  "x-ms-expiry-option": "Blobs that expire are not built.",
  "x-ms-expiry-time": "Blobs that expire are not built.",
  "x-ms-http-method": "The method is that of the request line.",
  "x-http-method": "The method is that of the request line.",
  "x-http-method-override": "The method is that of the request line.",
  "x-method-override": "The method is that of the request line.",
};

/** Query parameters that ask for what is not built; in small letters. */
export const UNBUILT_PARAMETERS: Readonly<Record<string, string>> = {
  startfrom: "Lists begin at the marker of the page before, or at the beginning.",
  endbefore: "Lists go to their end.",
};
