/** An address that names nothing. */
import { Link } from "@tanstack/react-router";

export function NotFound() {
  return (
    <div className="notice">
      <h1>There is no such page</h1>
      <p>
        <Link to="/">Home</Link>
      </p>
    </div>
  );
}
