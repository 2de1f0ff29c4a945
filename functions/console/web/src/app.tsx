import { useCallback, useEffect, useMemo, useRef, useState } from "preact/hooks";
import { Api, type Entry, type IssuedRecord, type TokenRecord } from "./api";
import { DeleteDialog } from "./dialogs";
import { describeExpiration } from "./expiration";
import { GeneratePage } from "./generate-page";
import { IdleWarning, useIdle } from "./idle";
import { type Filters, ListPage } from "./list-page";
import { RevealDialog } from "./reveal";
import { settings } from "./settings";
import { SignInPage } from "./sign-in-page";
import { TokenPage } from "./token-page";

interface Session {
  api: Api;
  /** The token that the user is signed in with. */
  self: TokenRecord;
}

const SIGNED_OUT =
  "Your token no longer works. It has expired, was regenerated or deleted, or lost its super-admin permission. Sign in with another one.";

export function App() {
  const [session, setSession] = useState<Session | null>(null);
  const [signOutReason, setSignOutReason] = useState<string | null>(null);

  const signOut = useCallback((reason: string | null) => {
    setSession(null);
    setSignOutReason(reason);
  }, []);

  const signIn = useCallback(async (token: string, id: string) => {
    let signedIn = false;
    const api = new Api(token, settings.header, () => {
      // While the user signs in, the form shows the error.
      if (!signedIn) return;
      signedIn = false;
      signOut(SIGNED_OUT);
    });
    const self = await api.get(id);
    signedIn = true;
    setSignOutReason(null);
    setSession({ api, self });
  }, []);

  return (
    <>
      <header class="bar">
        <span class="brand">tokenward</span>
        {session && (
          <>
            <span class="who">
              <span>
                Signed in as <strong>{session.self.name}</strong>
              </span>
              <span class="quiet">{describeExpiration(session.self.expiresAt)}</span>
            </span>
            <button type="button" onClick={() => signOut(null)}>
              Sign out
            </button>
          </>
        )}
      </header>
      {session ? (
        <SignedIn session={session} onSession={setSession} onSignOut={signOut} />
      ) : (
        <SignInPage reason={signOutReason} signIn={signIn} />
      )}
    </>
  );
}

function useRoute(): string {
  const read = () => location.hash.replace(/^#/, "") || "/";
  const [route, setRoute] = useState(read);
  useEffect(() => {
    const update = () => setRoute(read());
    addEventListener("hashchange", update);
    return () => removeEventListener("hashchange", update);
  }, []);
  return route;
}

function SignedIn(props: {
  session: Session;
  onSession: (session: Session) => void;
  onSignOut: (reason: string | null) => void;
}) {
  const { api, self } = props.session;
  const route = useRoute();
  const [filters, setFilters] = useState<Filters>({ prefix: "", status: "" });
  const [issued, setIssued] = useState<{ issued: IssuedRecord; regenerated: boolean } | null>(null);
  const [deleting, setDeleting] = useState<Entry | null>(null);
  /** Increased to load the list again. */
  const [reloads, setReloads] = useState(0);
  const [message, setMessage] = useState("");
  const timer = useRef(0);

  const showToast = (text: string) => {
    setMessage(text);
    clearTimeout(timer.current);
    timer.current = window.setTimeout(() => setMessage(""), 6000);
  };
  const onIssued = (fresh: IssuedRecord, regenerated: boolean) => {
    setIssued({ issued: fresh, regenerated });
    if (fresh.id !== self.id) return;
    // The session's own token was replaced: continue with the new one.
    const { token, ...record } = fresh;
    api.use(token);
    props.onSession({ api, self: record });
  };
  const onDeleted = (entry: { id: string | null; name: string }) => {
    setDeleting(null);
    if (entry.id === self.id)
      return props.onSignOut(`You deleted ${entry.name}, the token you were signed in with. Sign in with another one.`);
    showToast(`${entry.name} was deleted.`);
    setReloads(reloads + 1);
    location.hash = "#/";
  };
  const isIdle = useIdle(settings.idleMinutes, () => {
    const lost = issued
      ? ` The new token of ${issued.issued.name} is no longer shown. If you didn’t save it, regenerate it.`
      : "";
    const time = settings.idleMinutes === 1 ? "a minute" : `${settings.idleMinutes} minutes`;
    props.onSignOut(`You were signed out after ${time} without activity.${lost} Sign in again.`);
  });
  const id = useMemo(() => /^\/tokens\/([0-9A-Za-z]+)$/.exec(route)?.[1], [route]);

  return (
    <>
      {id !== undefined ? (
        <TokenPage
          key={id}
          api={api}
          id={id}
          ownId={self.id}
          onIssued={(fresh) => onIssued(fresh, true)}
          onDeleted={(name) => onDeleted({ id, name })}
          onSaved={showToast}
          onOwnSuperAdminRemoved={(name) =>
            props.onSignOut(`${name} is no longer a super admin. Sign in with another token.`)
          }
        />
      ) : route === "/generate" ? (
        <GeneratePage api={api} onIssued={(fresh) => onIssued(fresh, false)} />
      ) : (
        <ListPage
          key={reloads}
          api={api}
          ownId={self.id}
          filters={filters}
          onFilter={setFilters}
          onDelete={setDeleting}
        />
      )}
      {deleting && (
        <DeleteDialog
          api={api}
          entry={deleting}
          isOwn={deleting.id === self.id}
          onClose={() => setDeleting(null)}
          onDeleted={() => onDeleted(deleting)}
        />
      )}
      {issued && (
        <RevealDialog
          {...issued}
          onClose={() => {
            setIssued(null);
            if (!issued.regenerated) location.hash = "#/";
          }}
        />
      )}
      <div class="toast" role="status" data-shown={message !== ""}>
        {message}
      </div>
      {isIdle && <IdleWarning />}
    </>
  );
}
