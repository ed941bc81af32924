/** Where a node's folder lies: below all nodes', named after its key. */
import { join } from "node:path";
import { NodeFault } from "./node-fault.ts";

/** @throws NodeFault for a key that is no plain folder name */
export function nodeFolder(nodesFolder: string, nodeKey: string): string {
  if (!isFolderName(nodeKey)) throw new NodeFault("InvalidNodeKey", "The node's key is not a folder name.");
  return join(nodesFolder, nodeKey);
}

/** One name, and not a way. */
export function isFolderName(name: string): boolean {
  return name !== "" && name !== "." && name !== ".." && !/[/\0]/.test(name);
}
