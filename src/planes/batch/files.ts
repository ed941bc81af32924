/** The files of tasks and of nodes, read through the node's agent. */

import { nodeHosted } from "../../app/nodes/node-read.ts";
import { taskNode } from "../../app/tasks/task-read.ts";
import { Fault } from "../../core/fault.ts";
import { compileFilter } from "../../core/odata/filter-compile.ts";
import { type FilteredList, parseListFilter } from "../../core/odata/filter-properties.ts";
import { decodeSkipToken, nextLink } from "../../http/paging.ts";
import type { FileProperties } from "../../wire/agent/messages.ts";
import { fileContentType } from "../../wire/batch/file-types.ts";
import { PAGE_MAX_RESULTS } from "../../wire/batch/limits.ts";
import type { BatchContext, BatchReply } from "./request/context.ts";
import { operation } from "./request/operation.ts";
import { resourceReply } from "./request/reply.ts";

interface Folder {
  readonly agentId: string;
  readonly nodeKey: string;
  /** Below the node's root; empty for the root itself. */
  readonly path: string;
  /** Of the folder's files, for links. */
  readonly url: string;
}

async function taskFolder({ app, account, path, exchange }: BatchContext): Promise<Folder> {
  const { jobId = "", taskId = "" } = path;
  const { agentId, nodeKey, folder } = await taskNode(app, account, jobId, taskId);
  return { agentId, nodeKey, path: folder, url: `${exchange.origin}/jobs/${jobId}/tasks/${taskId}/files` };
}

async function nodeFolder({ app, account, path, exchange }: BatchContext): Promise<Folder> {
  const { poolId = "", nodeId = "" } = path;
  const hosted = await nodeHosted(app, account, poolId, nodeId);
  return { ...hosted, path: "", url: `${exchange.origin}/pools/${poolId}/nodes/${nodeId}/files` };
}

export const listTaskFiles = operation("File_ListFromTask", async (context) =>
  list(context, await taskFolder(context)),
);
export const listNodeFiles = operation("File_ListFromComputeNode", async (context) =>
  list(context, await nodeFolder(context)),
);
export const getTaskFileProperties = operation("File_GetPropertiesFromTask", async (context) =>
  properties(context, await taskFolder(context)),
);
export const getNodeFileProperties = operation("File_GetPropertiesFromComputeNode", async (context) =>
  properties(context, await nodeFolder(context)),
);
export const getTaskFile = operation("File_GetFromTask", async (context) =>
  read(context, await taskFolder(context)),
);
export const getNodeFile = operation("File_GetFromComputeNode", async (context) =>
  read(context, await nodeFolder(context)),
);
export const deleteTaskFile = operation("File_DeleteFromTask", async (context) =>
  remove(context, await taskFolder(context)),
);
export const deleteNodeFile = operation("File_DeleteFromComputeNode", async (context) =>
  remove(context, await nodeFolder(context)),
);

async function list(context: BatchContext, folder: Folder): Promise<BatchReply> {
  const { app, query, exchange } = context;
  const limit = query.number("maxresults") ?? PAGE_MAX_RESULTS;
  const token = query.text("$skiptoken");
  const after = token === undefined ? undefined : decodeSkipToken(token)?.[0];
  const { entries, more } = await app.agents.fileList(
    folder.agentId,
    { nodeKey: folder.nodeKey, path: folder.path },
    {
      recursive: query.flag("recursive") ?? false,
      limit,
      ...(typeof after === "string" ? { after } : {}),
    },
  );
  const filterText = query.text("$filter");
  const matches =
    filterText === undefined
      ? () => true
      : compileFilter(parseListFilter(filterText, context.operation as FilteredList));
  const last = entries.at(-1)?.name;
  return resourceReply(context, "files", {
    value: entries.map((entry) => fileView(folder, entry)).filter(matches),
    ...(more && last !== undefined && { "odata.nextLink": nextLink(exchange, "$skiptoken", [last]) }),
  });
}

/** A name may hold anything but a slash and a NUL. */
function fileUrl(folder: string, path: string): string {
  return `${folder}/${path.split("/").map(encodeURIComponent).join("/")}`;
}

function fileView({ url }: Folder, file: FileProperties): object {
  return {
    name: file.name,
    url: fileUrl(url, file.name),
    isDirectory: file.isDirectory,
    ...(!file.isDirectory && {
      properties: {
        creationTime: file.creationTime,
        lastModified: file.lastModified,
        contentLength: String(file.contentLength),
        contentType: fileContentType(file.name),
        fileMode: shownMode(file),
      },
    }),
  };
}

/** As Python writes octal numbers, and the service therefore. */
const shownMode = ({ fileMode }: FileProperties): string => fileMode.replace(/^0o?/, "0o");

async function properties(context: BatchContext, folder: Folder): Promise<BatchReply> {
  const file = await context.app.agents.fileStat(folder.agentId, target(context, folder));
  checkUnmodified(context, file);
  return { headers: fileHeaders(context, folder, file, file.contentLength) };
}

async function read(context: BatchContext, folder: Folder): Promise<BatchReply> {
  const range = parseRange(context.exchange.headers["ocp-range"]);
  const { properties: file, body } = await context.app.agents.fileRead(
    folder.agentId,
    target(context, folder),
    range,
  );
  try {
    checkUnmodified(context, file);
  } catch (error) {
    body.destroy();
    throw error;
  }
  const start = Math.min(range.start ?? 0, file.contentLength);
  const end = Math.min(range.end ?? Number.POSITIVE_INFINITY, file.contentLength - 1);
  return { headers: fileHeaders(context, folder, file, Math.max(0, end - start + 1)), stream: body };
}

async function remove(context: BatchContext, folder: Folder): Promise<BatchReply> {
  const recursive = context.query.flag("recursive") ?? false;
  await context.app.agents.fileDelete(folder.agentId, target(context, folder), recursive);
  return {};
}

/**
 * A task's path must stay in the task's folder: who may read jobs may not read the node's other files by it. The agent holds
 * every path to the node's root besides, symbolic links included.
 */
function target({ path }: BatchContext, folder: Folder): { nodeKey: string; path: string } {
  const filePath = path.filePath ?? "";
  const isInside = filePath.split(/[/\\]/).every((name) => name !== "" && name !== "." && name !== "..");
  if (!isInside || filePath.includes("\0")) {
    throw new Fault("InvalidPropertyValue", "", {
      values: [
        { key: "PropertyName", value: "filePath" },
        { key: "PropertyValue", value: filePath.slice(0, 256) },
        {
          key: "Reason",
          value: "The path must name a file below the folder, without empty, '.' or '..' parts",
        },
      ],
    });
  }
  return { nodeKey: folder.nodeKey, path: folder.path === "" ? filePath : `${folder.path}/${filePath}` };
}

function checkUnmodified(context: BatchContext, file: FileProperties): void {
  context.precondition({ etag: "", modifiedAt: Date.parse(file.lastModified) });
}

function fileHeaders(context: BatchContext, folder: Folder, file: FileProperties, length: number): string[] {
  return [
    "Content-Type",
    fileContentType(context.path.filePath ?? ""),
    "Content-Length",
    String(length),
    "Last-Modified",
    new Date(file.lastModified).toUTCString(),
    "ocp-creation-time",
    new Date(file.creationTime).toUTCString(),
    "ocp-batch-file-isdirectory",
    String(file.isDirectory),
    "ocp-batch-file-mode",
    shownMode(file),
    "ocp-batch-file-url",
    fileUrl(folder.url, context.path.filePath ?? ""),
  ];
}

/** Source: API description, "ocp-range": `bytes=start-end`, the end may be left out. */
function parseRange(header: string | string[] | undefined): { start?: number; end?: number } {
  if (header === undefined) return {};
  const match = /^bytes=(\d{1,15})-(\d{1,15})?$/.exec(String(header));
  const start = Number(match?.[1]);
  const end = match?.[2] === undefined ? undefined : Number(match[2]);
  if (!match || (end !== undefined && end < start)) {
    throw new Fault("InvalidHeaderValue", "", {
      values: [
        { key: "HeaderName", value: "ocp-range" },
        { key: "HeaderValue", value: String(header).slice(0, 256) },
      ],
    });
  }
  return { start, ...(end === undefined ? {} : { end }) };
}
