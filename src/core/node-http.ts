/**
 * Node's `http` without what an import of it brings along: an ES module's import of a module of Node's own reads each of its exports, and one
 * of those is the WebSocket client, with all of `fetch` behind it: 14 MB of memory in each process that stays. Types may be imported as ever.
 */
export const nodeHttp: typeof import("node:http") = process.getBuiltinModule("node:http");
