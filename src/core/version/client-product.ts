/** Who sends a request, by its `User-Agent`. Pure. */
import type { ClientLanguage } from "../../wire/batch/client-methods.ts";
import { CLIENT_PRODUCTS } from "../../wire/batch/client-products.ts";

export interface KnownClient {
  /** `Python azure-batch 14.2.0`; for one that is not known, what it says of itself. */
  readonly name: string;
  readonly language: ClientLanguage | undefined;
  /** What to take once its api-version is gone. */
  readonly instead: string | undefined;
}

const SHOWN_CHARACTERS = 60;

export function clientOf(userAgent: string): KnownClient {
  const words = userAgent.split(" ");
  for (const { token, name, language, instead } of CLIENT_PRODUCTS) {
    const word = words.find((candidate) => candidate.toLowerCase().startsWith(`${token.toLowerCase()}/`));
    if (word === undefined) continue;
    const [version = ""] = word.slice(token.length + 1).split(";", 1);
    return { name: `${name} ${version}`.trim(), language, instead };
  }
  const name = userAgent === "" ? "a client without a User-Agent" : userAgent.slice(0, SHOWN_CHARACTERS);
  return { name, language: undefined, instead: undefined };
}
