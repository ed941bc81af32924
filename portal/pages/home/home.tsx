/** The first page: the accounts, and where to begin where nothing runs yet. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { batchOf } from "../../api/batch.ts";
import { useAccounts } from "../../parts/account.ts";
import { FirstSteps } from "../../parts/first-steps.tsx";
import { Page } from "../../parts/page.tsx";
import { RefusalNotice } from "../../parts/refusal-notice.tsx";
import { SERVICES } from "../../parts/services.ts";

export function Home() {
  const { data: accounts, error } = useAccounts();
  return (
    <Page title="Home">
      <RefusalNotice error={error} />
      <section className="tiles" aria-label="Services">
        {SERVICES.map(({ to, name, text }) => (
          <Link key={to} to={to} className="tile">
            <strong>{name}</strong>
            <span>{text}</span>
          </Link>
        ))}
      </section>
      <h2>Batch accounts</h2>
      {accounts?.length === 0 && (
        <p>There is no Batch account that you may read. Whoever administers one can give you a role on it.</p>
      )}
      {accounts?.map(({ name, location }) => (
        <AccountCard key={name} name={name} location={location} />
      ))}
    </Page>
  );
}

function AccountCard({ name, location }: { readonly name: string; readonly location: string }) {
  const { data: isNew } = useQuery({
    queryKey: ["account-is-new", name],
    queryFn: async () => {
      const [jobs, pools] = await Promise.all([
        batchOf(name).jobs({ maxresults: 1 }),
        batchOf(name).pools({ maxresults: 1 }),
      ]);
      return jobs.value.length === 0 && pools.value.length === 0;
    },
  });
  return (
    <section className="card" aria-label={name}>
      <h3>
        <Link to="/accounts/$account" params={{ account: name }}>
          {name}
        </Link>{" "}
        <span className="kind">{location}</span>
      </h3>
      <p className="links">
        <Link to="/accounts/$account/jobs" params={{ account: name }}>
          Jobs
        </Link>
        <Link to="/accounts/$account/pools" params={{ account: name }}>
          Pools
        </Link>
        <Link to="/accounts/$account/access" params={{ account: name }}>
          Access control (IAM)
        </Link>
      </p>
      {isNew && <FirstSteps account={name} />}
    </section>
  );
}
