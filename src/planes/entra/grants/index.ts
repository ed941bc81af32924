/** Every grant that the token endpoint knows. */
export { authorizationCode } from "./authorization-code.ts";
export { clientCredentials } from "./client-credentials.ts";
export { deviceCode } from "./device-code.ts";
export { onBehalfOf } from "./on-behalf-of.ts";
export { password } from "./password.ts";
export { refreshToken } from "./refresh-token.ts";
