/** Who the client is, in the two ways that a Batch account takes. */

export interface AccessToken {
  readonly token: string;
  /** Milliseconds since the epoch. */
  readonly expiresOnTimestamp: number;
}

/** The part of `@azure/identity`'s interface of this name that is needed here. */
export interface TokenCredential {
  getToken(scope: string): Promise<AccessToken | null>;
}

/** A valid access token for `https://batch.core.windows.net/`. Called for every request, so it should cache. */
export type TokenProvider = () => Promise<string>;

/** A user or an application of Microsoft Entra ID. */
export class BatchTokenCredentials {
  readonly accountUrl: string;
  readonly provider: TokenProvider | TokenCredential;

  /**
   * @param accountUrl e.g. `https://myaccount.westeurope.batch.azure.com`
   * @param provider a function that brings a token, or any credential of `@azure/identity`
   */
  constructor(accountUrl: string, provider: TokenProvider | TokenCredential) {
    this.accountUrl = accountUrl;
    this.provider = provider;
  }
}

/** A holder of one of the account's keys, who may do everything. */
export class BatchSharedKeyCredentials {
  readonly accountUrl: string;
  readonly account: string;
  readonly #key: Buffer;

  /** @param key in Base64, as the service shows it */
  constructor(accountUrl: string, account: string, key: string) {
    this.accountUrl = accountUrl;
    this.account = account;
    this.#key = Buffer.from(key, "base64");
  }

  /** A method, so that no log of this object shows it. */
  key(): Buffer {
    return this.#key;
  }
}

export type BatchCredentials = BatchTokenCredentials | BatchSharedKeyCredentials;
