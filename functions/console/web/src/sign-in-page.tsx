import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { idOf } from "./api";
import { ErrorNotice, Field, Heading, Notice, SubmitButton, toApiError, useAction } from "./ui";

/** Returns the token in a pasted text, without what is often copied with it: a scheme, quotes, white space. */
export function pasted(text: string): string {
  // Includes zero-width characters and the byte order mark, which some programs insert.
  const bare = text.replace(/[\s"'`\u00ad\u200b-\u200f\u2060\ufeff]/gu, "");
  return bare.replace(/^(?:authorization:)?bearer(?=twd_)/iu, "");
}

/** The form to sign in. `signIn` resolves once the server accepts the token, and throws an `ApiError` otherwise. */
export function SignInPage(props: { reason: string | null; signIn: (token: string) => Promise<void> }) {
  const [token, setToken] = useState("");
  const [tokenError, setTokenError] = useState<string>();
  const { busy, error, run, clear } = useAction();
  const input = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => input.current?.focus(), []);
  const submit = () => {
    if (idOf(pasted(token)) === null) {
      clear();
      setTokenError("This token looks incomplete. It starts with twd_ and has 70 characters.");
      return;
    }
    void run(async () => {
      try {
        await props.signIn(pasted(token));
      } catch (cause) {
        if (![401, 403].includes(toApiError(cause).status)) throw cause;
        setTokenError(
          "This token was not accepted. It may have expired, been regenerated, revoked or deleted, or may not be used from your address. Use another one.",
        );
      }
    });
  };
  return (
    <main class="narrow">
      <Heading>Sign in</Heading>
      {props.reason && (
        <Notice kind="warning" role="status">
          {props.reason}
        </Notice>
      )}
      <form
        class="card"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <Field
          label="Token"
          error={tokenError}
          hint="With a super-admin token, you can manage all tokens; with any other token, only that one. The token is kept only until you close or reload this page, and sent only to this server."
        >
          {(control) => (
            <input
              {...control}
              type="password"
              value={token}
              autocomplete="off"
              spellcheck={false}
              required
              ref={input}
              onInput={(event) => {
                setToken(event.currentTarget.value);
                setTokenError(undefined);
              }}
            />
          )}
        </Field>
        {error && <ErrorNotice error={error} retry={() => submit()} />}
        <div class="actions">
          <SubmitButton class="primary" label="Sign in" busyLabel="Signing in…" busy={busy} disabled={token === ""} />
        </div>
      </form>
      <details class="card">
        <summary>I don’t have a token yet</summary>
        <p>
          The local gateway prints one when you start it for the first time. On AWS, the stack’s output{" "}
          <code>FirstToken</code> is a command that generates one.
        </p>
      </details>
    </main>
  );
}
