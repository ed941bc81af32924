/** Applications of a Batch account and their packages: made in Resource Manager, uploaded to the blob that it names, activated. */
import { all, arm, type BatchAccount } from "./resource-manager.ts";
import { Unreachable } from "./service-request.ts";

export interface Application {
  readonly id: string;
  readonly name: string;
  readonly properties: {
    readonly displayName?: string;
    readonly allowUpdates?: boolean;
    readonly defaultVersion?: string;
  };
}

export const applicationsList = ({ id }: BatchAccount): Promise<readonly Application[]> =>
  all("batch", `${id}/applications`);

export const applicationCreate = (
  { id }: BatchAccount,
  name: string,
  displayName: string,
): Promise<unknown> =>
  arm("batch", `${id}/applications/${encodeURIComponent(name)}`, {
    method: "PUT",
    body: { properties: { ...(displayName !== "" && { displayName }), allowUpdates: true } },
  });

export const applicationChange = (
  { id }: Application,
  properties: Partial<Application["properties"]>,
): Promise<unknown> => arm("batch", id, { method: "PATCH", body: { properties } });

export const applicationDelete = ({ id }: Application): Promise<unknown> =>
  arm("batch", id, { method: "DELETE" });

export interface Package {
  readonly id: string;
  readonly name: string;
  readonly properties: {
    readonly state: "Active" | "Pending";
    readonly format?: string;
    readonly lastActivationTime?: string;
    readonly storageUrl?: string;
  };
}

export const packagesList = ({ id }: Application): Promise<readonly Package[]> =>
  all("batch", `${id}/versions`);

export const packageDelete = ({ id }: Package): Promise<unknown> => arm("batch", id, { method: "DELETE" });

export const packageActivate = ({ id }: Package): Promise<unknown> =>
  arm("batch", `${id}/activate`, { method: "POST", body: { format: "zip" } });

/** @param told how much of it is there, from 0 to 1 */
export async function packageUpload(
  { id }: Application,
  version: string,
  archive: Blob,
  told: (part: number) => void,
): Promise<void> {
  const made = await arm<Package>("batch", `${id}/versions/${encodeURIComponent(version)}`, {
    method: "PUT",
  });
  const { storageUrl } = made.properties;
  if (storageUrl === undefined) throw new Error("The account's storage is not there.");
  await uploadBlob(storageUrl, archive, told);
  await packageActivate(made);
}

/** Bytes of a block: each is one request, and what was sent of a file does not go with the next failure alone. */
const BLOCK_BYTES = 8_388_608;

/** In blocks, so that a file of any size goes. Source: "Put Block", "Put Block List" of the Blob service. */
async function uploadBlob(signedUrl: string, content: Blob, told: (part: number) => void): Promise<void> {
  const { hostname, pathname, search } = new URL(signedUrl);
  // By Azure's name the account stands in the host; by this machine's, in the path.
  const account = hostname.endsWith(".blob.core.windows.net") ? `/${hostname.split(".")[0]}` : "";
  // Below this page's own origin, whose scripts may ask no other.
  const blob = `/blob${account}${pathname}${search}`;
  const blocks: string[] = [];
  for (let from = 0; from < content.size || blocks.length === 0; from += BLOCK_BYTES) {
    const block = btoa(String(blocks.length).padStart(8, "0"));
    const part = content.slice(from, from + BLOCK_BYTES);
    await send(`${blob}&comp=block&blockid=${encodeURIComponent(block)}`, part, (sent) =>
      told(Math.min(1, (from + sent) / Math.max(1, content.size))),
    );
    blocks.push(block);
  }
  const list = blocks.map((block) => `<Latest>${block}</Latest>`).join("");
  const text = `<?xml version="1.0" encoding="utf-8"?><BlockList>${list}</BlockList>`;
  await send(`${blob}&comp=blocklist`, new Blob([text]), () => {});
}

/** `fetch` does not tell how much of a body has gone. */
function send(url: string, body: Blob, told: (bytes: number) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("PUT", url);
    request.setRequestHeader("x-ms-version", "2021-12-02");
    request.upload.onprogress = ({ loaded }) => told(loaded);
    request.onerror = () => reject(new Unreachable());
    request.onload = () => {
      if (request.status === 201) resolve();
      else
        reject(
          new Error(`The Blob service answered ${request.status}: ${request.responseText.slice(0, 500)}`),
        );
    };
    request.send(body);
  });
}
