/** What is shown where nobody could be signed in. */
export function StartFailure({ error }: { readonly error: unknown }) {
  return (
    <main className="start-failure">
      <h1>Batchyard</h1>
      <p>Signing in did not work: {error instanceof Error ? error.message : String(error)}</p>
      <p>
        <a href="/portal/">Try again</a>
      </p>
    </main>
  );
}
