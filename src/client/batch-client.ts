/** The client of one Batch account: puts the pipeline together and hands out the operations by resource. */
import {
  createPipelineFromOptions,
  type Pipeline,
  type PipelineOptions,
  redirectPolicyName,
} from "@azure/core-rest-pipeline";
import { Calls } from "./calls.ts";
import { type BatchCredentials, BatchSharedKeyCredentials } from "./credentials.ts";
import {
  AccountOperations,
  ApplicationOperations,
  CertificateOperations,
  FileOperations,
  JobOperations,
  JobScheduleOperations,
  NodeOperations,
  PoolOperations,
} from "./operations.gen.ts";
import { retryPolicy } from "./retry-policy.ts";
import { sharedKeyPolicy } from "./shared-key-policy.ts";
import { Tasks } from "./tasks.ts";
import { realTiming, type Timing } from "./timing.ts";
import { tokenPolicy } from "./token-policy.ts";

/** Those of `@azure/core-rest-pipeline` (`retryOptions`, `proxyOptions`, `tlsOptions`, …) and: */
export interface BatchClientOptions extends PipelineOptions, Partial<Timing> {
  /** Default: `2024-07-01.20.0`, the last one that has all resources. */
  readonly apiVersion?: string;
  /** Whether the account's URL may be one of plain HTTP, over which tokens can be read. */
  readonly allowInsecureConnection?: boolean;
}

const DEFAULT_API_VERSION = "2024-07-01.20.0";

export class BatchClient {
  readonly account: AccountOperations;
  readonly applications: ApplicationOperations;
  readonly certificates: CertificateOperations;
  readonly files: FileOperations;
  readonly jobs: JobOperations;
  readonly jobSchedules: JobScheduleOperations;
  readonly nodes: NodeOperations;
  readonly pools: PoolOperations;
  readonly tasks: Tasks;

  private constructor(calls: Calls) {
    this.account = new AccountOperations(calls);
    this.applications = new ApplicationOperations(calls);
    this.certificates = new CertificateOperations(calls);
    this.files = new FileOperations(calls);
    this.jobs = new JobOperations(calls);
    this.jobSchedules = new JobScheduleOperations(calls);
    this.nodes = new NodeOperations(calls);
    this.pools = new PoolOperations(calls);
    this.tasks = new Tasks(calls);
  }

  /** Sends nothing yet. @throws TypeError for an account URL that is none */
  static open(credentials: BatchCredentials, options: BatchClientOptions = {}): BatchClient {
    const { apiVersion = DEFAULT_API_VERSION, allowInsecureConnection = false } = options;
    const { origin, pathname } = new URL(credentials.accountUrl);
    let end = pathname.length;
    while (pathname[end - 1] === "/") end -= 1;
    const accountUrl = origin + pathname.slice(0, end);
    const pipeline = pipelineFor(credentials, options);
    return new BatchClient(new Calls(pipeline, { accountUrl, apiVersion, allowInsecureConnection }));
  }
}

function pipelineFor(credentials: BatchCredentials, options: BatchClientOptions): Pipeline {
  const timing = { ...realTiming, ...options };
  const pipeline = createPipelineFromOptions({
    ...options,
    telemetryOptions: { clientRequestIdHeaderName: "client-request-id", ...options.telemetryOptions },
  });
  pipeline.removePolicy({ phase: "Retry" });
  // The service redirects nobody, and a token must not follow whoever does.
  pipeline.removePolicy({ name: redirectPolicyName });
  pipeline.addPolicy(retryPolicy(options.retryOptions ?? {}, timing), { phase: "Retry" });
  pipeline.addPolicy(
    credentials instanceof BatchSharedKeyCredentials
      ? sharedKeyPolicy(credentials, timing.clock)
      : tokenPolicy(credentials.provider, timing.clock),
    { phase: "Sign" },
  );
  return pipeline;
}
