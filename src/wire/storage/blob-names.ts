/** How the Blob service's accounts and containers are named. Source: "Naming and referencing containers, blobs, and metadata". */

/** What follows an account's name in its host name. */
export const BLOB_SUFFIX = ".blob.core.windows.net";

/** 3 to 24 lower-case letters and digits. */
export const STORAGE_ACCOUNT_NAME = /^[a-z0-9]{3,24}$/;

/** 3 to 63 lower-case letters, digits and single hyphens between them; or one of the service's own. */
export const CONTAINER_NAME = /^(?:(?!.*--)[a-z0-9][a-z0-9-]{1,61}[a-z0-9]|\$root|\$web|\$logs)$/;
