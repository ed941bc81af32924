/**
 * How people call this program, in what it tells them to type. In a checkout by its file: a package manager would look a bare name up in a
 * registry, where it may be anybody's.
 */
import { extname } from "node:path";

export const ownCommand = extname(import.meta.url) === ".ts" ? "./bin/batchyard.js" : "batchyard";
