/** The body of a `$ref` request: which object is meant. */
import type { GraphContext } from "./context.ts";
import { readBody } from "./json-body.ts";
import { referencedId } from "./key.ts";

/** @throws Fault Request_BadRequest for what refers to no object */
export async function readReference({ exchange }: GraphContext): Promise<string> {
  const body = await readBody(exchange);
  const id = referencedId(body.requiredText("@odata.id"));
  body.end();
  if (id === undefined) throw body.wrong("@odata.id", "must be the URL of an object in the directory");
  return id;
}
