/** Requests to the Blob service with each body, header and parameter at its limit. */
import { BLOB_OPERATIONS, type BlobLevel } from "../../../src/wire/storage/blob-operations.ts";
import { HEADER_VALUES, LONG_QUERY, type WideRequest } from "./wide-texts.ts";

const PATH_OF: Readonly<Record<BlobLevel, string>> = { service: "", container: "/wide", blob: "/wide/blob" };

export function* widestOfBlobs(account: string): Generator<WideRequest> {
  for (const [level, operations] of Object.entries(BLOB_OPERATIONS))
    for (const [key, operation] of Object.entries(operations)) {
      const [method = "", restype = "-", rest = "-"] = key.split(" ");
      const [comp] = rest.split("+");
      const words = [restype === "-" ? "" : `restype=${restype}`, comp === "-" ? "" : `comp=${comp}`];
      const path = `/${account}${PATH_OF[level as BlobLevel]}`;
      const query = words.filter((word) => word !== "").join("&");
      const request = (
        what: string,
        more: string,
        headers: Record<string, string> = {},
        body?: () => string,
      ) => ({
        what: `${operation.name}: ${what}`,
        plane: "blob" as const,
        method,
        path: `${path}?${query}${more}`,
        headers: { "x-ms-version": "2023-11-03", ...headers },
        ...(body !== undefined && { body }),
      });
      if (/^Delete/.test(operation.name)) continue;
      yield request("parameters", `&${LONG_QUERY}`);
      yield { ...request("name", ""), path: `${path}/${"a/".repeat(12_000)}?${query}` };
      for (const name of operation.query) yield request(name, `&${name}=${"a".repeat(25_000)}`);
      for (const name of operation.headers.map((each) => (each.endsWith("-") ? `${each}a` : each)))
        for (const [what, text] of HEADER_VALUES) yield request(`${name} ${what}`, "", { [name]: text });
      const { body } = operation;
      if (typeof body !== "number") continue;
      for (const [what, text, type] of bodies(body))
        yield request(what, "", { "content-type": type ?? "application/xml" }, text);
    }
}

function* bodies(bytes: number): Generator<readonly [string, () => string, string?]> {
  const fill = (piece: string, room = bytes - 200) => piece.repeat(Math.floor(room / piece.length));
  yield ["deep", () => fill("<a>")];
  yield ["wide", () => `<a>${fill("<b/>")}</a>`];
  yield ["attributes", () => `<a ${fill("b='c' ")}/>`];
  yield ["text", () => `<a>${fill("x")}</a>`];
  yield ["references", () => `<a>${fill("&amp;")}</a>`];
  yield ["comment", () => `<a><!--${fill("- ")}--></a>`];
  yield ["document type", () => `<!DOCTYPE a [${fill("<!ENTITY b 'c'>")}]><a/>`];
  yield ["blocks", () => `<BlockList>${fill("<Latest>YQ==</Latest>")}</BlockList>`];
  yield ["tags", () => `<Tags><TagSet>${fill("<Tag><Key>k</Key><Value>v</Value></Tag>")}</TagSet></Tags>`];
  yield [
    "rules",
    () => `<SignedIdentifiers>${fill("<SignedIdentifier><Id>a</Id></SignedIdentifier>")}</SignedIdentifiers>`,
  ];
  yield [
    "origins",
    () => `<StorageServiceProperties><Cors>${fill("<CorsRule/>")}</Cors></StorageServiceProperties>`,
  ];
  const mixed = "multipart/mixed; boundary=b";
  yield ["lines", () => `--b${fill("\r\n")}--b--`, mixed];
  yield ["boundaries", () => `${fill("--b\r\n")}--b--\r\n`, mixed];
  const part = (n: number, header: string) =>
    `--b\r\nContent-Type: application/http\r\nContent-ID: ${n}\r\n\r\nDELETE /wide/absent${n} HTTP/1.1\r\n${header}\r\n`;
  const parts = (header: string) => Array.from({ length: 256 }, (_, n) => part(n, header)).join("");
  yield ["parts", () => `${parts("")}--b--\r\n`, mixed];
  yield ["parts and lines", () => `${parts("")}${fill("\n", bytes - 60_000)}--b--\r\n`, mixed];
  yield [
    "headers of parts",
    () => `${parts(`x-ms-a: ${"a".repeat(Math.min(15_000, Math.floor(bytes / 300)))}\r\n`)}--b--\r\n`,
    mixed,
  ];
}
