/** The version of the Blob service's API that this program itself speaks. */
export const BLOB_API_VERSION = "2021-12-02";
