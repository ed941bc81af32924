/** `add-rows.ts FOLDER COUNT`: a process of its own, as SQLite would keep the bench from all else meanwhile. */
import { addRows } from "./stopped-database.ts";

const [dataFolder = "", count] = process.argv.slice(2);
addRows(dataFolder, Number(count));
