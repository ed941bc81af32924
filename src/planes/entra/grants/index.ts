/** Every grant that the token endpoint knows. */
export { clientCredentials } from "./client-credentials.ts";
