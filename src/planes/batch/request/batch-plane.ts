/** What the data plane is made of. */
import type { AccessJournal } from "../../../app/access/access-journal.ts";
import type { AccountHandle } from "../../../app/accounts/account-handle.ts";
import type { App } from "../../../app/app.ts";
import type { VersionRecordings } from "../../../app/versions/version-recordings.ts";
import type { NetworkRules } from "../../../core/storage/network-rules.ts";
import type { VersionDoor } from "../../../core/version/version-door.ts";
import type { Credentials } from "./authenticate.ts";

export interface BatchPlane extends Credentials {
  readonly app: App;
  readonly journal: AccessJournal;
  /** @param name as the host or port of the request tells it */
  readonly accountNamed: (name: string) => AccountHandle | undefined;
  /** From where the account's endpoint may be reached. */
  readonly networkRules: (account: AccountHandle) => NetworkRules;
  /** Of the service's own pages, whose scripts may call from a browser; undefined where it serves none. */
  readonly pagesOrigin?: () => string | undefined;
  readonly versions: VersionDoor;
  readonly versionRecordings: VersionRecordings;
  /** Index of the api-version as which older requests are answered; 0 answers each as its own. */
  readonly answersAs: number;
  readonly log: (line: string) => void;
}
