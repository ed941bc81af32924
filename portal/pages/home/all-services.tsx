/** Everything that the portal has, by name. */
import { Link } from "@tanstack/react-router";
import { Page } from "../../parts/page.tsx";
import { SERVICES } from "../../parts/services.ts";

export function AllServices() {
  return (
    <Page title="All services">
      <ul className="service-list">
        {SERVICES.map(({ to, name, text }) => (
          <li key={to}>
            <Link to={to}>{name}</Link> <span className="kind">{text}</span>
          </li>
        ))}
      </ul>
    </Page>
  );
}
