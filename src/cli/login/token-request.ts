/** What both ways of signing in ask of the service's token service, and how a refusal reads. */

import { CommandError } from "../command/exit-code.ts";
import { AZURE_CLI_CLIENT_ID } from "../connect/azure-cli-client.ts";
import { HttpStatusError, requestJson } from "../connect/http-json.ts";

export interface SignInRequest {
  /** The token service's base URL. */
  readonly login: string;
  readonly tenant: string;
  readonly scope: string;
  /** PEM. */
  readonly ca: string;
  /** Shows the user a line. */
  tell(line: string): void;
  /** Aborted when the user gives up. */
  readonly signal: AbortSignal;
}

export interface TokenReply {
  readonly access_token: string;
  readonly id_token: string;
  readonly scope: string;
  /** Seconds. */
  readonly expires_in: number;
  /** Seconds since the epoch, by this machine's clock. */
  readonly expires_on: number;
}

/** The OAuth error code, for those who can go on after one. */
export class SignInError extends CommandError {
  readonly oauthError: string;

  constructor(oauthError: string, description: string) {
    // What follows repeats ids and time for support; nothing may steer the terminal.
    super(description.split(/\p{Cc}| Trace ID: /u, 1)[0] || oauthError);
    this.oauthError = oauthError;
  }
}

/** @throws SignInError */
export async function requestToken(
  request: SignInRequest,
  form: Readonly<Record<string, string>>,
): Promise<TokenReply> {
  const reply = (await postForm(request, "token", form)) as Omit<TokenReply, "expires_on">;
  return { ...reply, expires_on: Math.floor(Date.now() / 1000) + reply.expires_in };
}

/** @throws SignInError */
export async function postForm(
  { login, tenant, ca }: SignInRequest,
  endpoint: "token" | "devicecode",
  form: Readonly<Record<string, string>>,
): Promise<unknown> {
  try {
    return await requestJson(`${login}/${tenant}/oauth2/v2.0/${endpoint}`, {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams({ client_id: AZURE_CLI_CLIENT_ID, ...form }).toString(),
      ca,
    });
  } catch (error) {
    throw error instanceof HttpStatusError ? refusal(error) : error;
  }
}

function refusal({ content, message }: HttpStatusError): SignInError {
  try {
    const { error, error_description = "" } = JSON.parse(content);
    return new SignInError(String(error), String(error_description));
  } catch {
    return new SignInError("", message);
  }
}
