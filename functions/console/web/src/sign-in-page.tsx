import { useState } from "preact/hooks";
import { ApiError, idOf } from "./api";
import { ErrorNotice, Field, Notice } from "./ui";

/** The form to sign in. `signIn` resolves once the server accepts the token, and throws an `ApiError` otherwise. */
export function SignInPage(props: { why: string | null; signIn: (token: string, id: string, keep: boolean) => Promise<void> }) {
  const [token, setToken] = useState("");
  const [keep, setKeep] = useState(false);
  const [busy, setBusy] = useState(false);
  const [tokenError, setTokenError] = useState<string>();
  const [error, setError] = useState<ApiError | null>(null);
  const submit = async () => {
    setError(null);
    const id = idOf(token.trim());
    if (id === null) {
      setTokenError("This token looks incomplete. It starts with twd_ and has 70 characters.");
      return;
    }
    setBusy(true);
    try {
      await props.signIn(token.trim(), id, keep);
    } catch (cause) {
      const known = cause instanceof ApiError ? cause : new ApiError(0, String(cause));
      if (known.status === 401 || known.status === 403) {
        setTokenError("This token was not accepted. It may be expired, replaced, deleted, or not a super admin’s. Use another one.");
      } else setError(known);
      setBusy(false);
    }
  };
  return (
    <main class="narrow">
      <h1>Sign in</h1>
      {props.why && (
        <Notice kind="warning" role="status">
          {props.why}
        </Notice>
      )}
      <form
        class="card"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <Field label="Super-admin token" error={tokenError} hint="Stays in this tab and is sent only to this server.">
          {(control) => (
            <input
              {...control}
              type="password"
              value={token}
              autocomplete="off"
              spellcheck={false}
              autofocus
              onInput={(event) => {
                setToken(event.currentTarget.value);
                setTokenError(undefined);
              }}
            />
          )}
        </Field>
        <label class="tick">
          <input type="checkbox" checked={keep} onChange={(event) => setKeep(event.currentTarget.checked)} />
          Stay signed in when this tab is reloaded
        </label>
        {error && <ErrorNotice error={error} retry={() => void submit()} />}
        <div class="actions">
          <button type="submit" class="primary" disabled={busy || token === ""}>
            {busy ? "Signing in…" : "Sign in"}
          </button>
        </div>
      </form>
      <details class="card">
        <summary>I don’t have a token yet</summary>
        <p>
          The local gateway prints one on its first start. On AWS, run the command in the stack’s output <code>FirstToken</code>.
        </p>
      </details>
    </main>
  );
}
