/** One page's own frame: where it stands, its title, what can be done there, and the commands that would do the same. */
import { Link } from "@tanstack/react-router";
import { type ReactNode, useEffect } from "react";
import { AsCommand, type Commands } from "./as-command.tsx";

/** Each with the address that it leads to; the page itself is not among them. */
export type Trail = readonly (readonly [to: string, name: string])[];

interface Props {
  readonly title: string;
  /** What kind of thing it is about. */
  readonly kind?: string | undefined;
  readonly trail?: Trail;
  readonly menu?: ReactNode;
  readonly actions?: ReactNode;
  readonly commands?: Commands | undefined;
  readonly children: ReactNode;
}

export function Page({ title, kind, trail = [], menu, actions, commands, children }: Props) {
  useEffect(() => {
    document.title = `${title} – Batchyard`;
    performance.mark("page");
  }, [title]);
  return (
    <>
      <nav aria-label="Breadcrumb" className="breadcrumb">
        <ol>
          <li>
            <Link to="/">Home</Link>
          </li>
          {trail.map(([to, name]) => (
            <li key={to}>
              <Link to={to}>{name}</Link>
            </li>
          ))}
        </ol>
      </nav>
      <div className="page-title">
        <h1>{title}</h1>
        {kind && <span className="kind">{kind}</span>}
      </div>
      {actions && (
        <div className="command-bar" role="toolbar" aria-label="Actions">
          {actions}
        </div>
      )}
      <div className={menu ? "with-menu" : undefined}>
        {menu}
        <div className="page-body">
          {children}
          {commands && <AsCommand {...commands} />}
        </div>
      </div>
    </>
  );
}
