/** User realm discovery: tells a client with a user's password whether it may send it here. Nobody is federated. */
import { isVerifiedDomain } from "../../app/directory/tenant.ts";
import type { Endpoint } from "./request/endpoint.ts";
import { replyUncached } from "./request/envelope.ts";

export const userRealm: Endpoint = {
  methods: ["GET"],
  paths: ["userrealm/*", "userrealm"],
  async handle({ exchange, path, directory }) {
    const name = exchange.query.get("user") ?? decoded(path.slice(path.lastIndexOf("/") + 1));
    const domain = name.slice(name.lastIndexOf("@") + 1).toLowerCase();
    const isOurs = await isVerifiedDomain(directory, domain);
    replyUncached(exchange, 200, {
      ver: "1.0",
      account_type: isOurs ? "Managed" : "Unknown",
      domain_name: domain,
      cloud_instance_name: "microsoftonline.com",
      cloud_audience_urn: "urn:federation:MicrosoftOnline",
    });
  },
};

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
