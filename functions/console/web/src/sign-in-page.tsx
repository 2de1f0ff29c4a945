import { useState } from "preact/hooks";
import { ApiError, idOf } from "./api";
import { ErrorNotice, Field, Notice } from "./ui";

/** `signIn` resolves once the token is accepted, and throws an `ApiError` otherwise. */
export function SignInPage(props: { why: string | null; signIn: (token: string, id: string, keep: boolean) => Promise<void> }) {
  const [token, setToken] = useState("");
  const [keep, setKeep] = useState(false);
  const [busy, setBusy] = useState(false);
  const [mistake, setMistake] = useState<string>();
  const [error, setError] = useState<ApiError | null>(null);
  const submit = async () => {
    setError(null);
    const id = idOf(token.trim());
    if (id === null) {
      setMistake("This is not a whole token. One begins with twd_ and has 70 characters; was it copied completely?");
      return;
    }
    setBusy(true);
    try {
      await props.signIn(token.trim(), id, keep);
    } catch (cause) {
      const known = cause instanceof ApiError ? cause : new ApiError(0, String(cause));
      if (known.status === 401 || known.status === 403) {
        setMistake("Not accepted. The token was replaced or deleted, or has expired, or is not a super admin’s. The server does not say which.");
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
        <Field label="A super admin’s token" error={mistake} hint="It stays in this tab, and goes to this server only.">
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
                setMistake(undefined);
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
        <summary>I have no token yet</summary>
        <p>
          The local gateway prints one when it starts for the first time. In AWS, the stack’s output <code>FirstToken</code> is the command that
          generates the first one.
        </p>
      </details>
    </main>
  );
}
