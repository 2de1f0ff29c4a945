import { useCallback, useMemo, useRef, useState } from "preact/hooks";
import { parseAddress } from "./address";
import { Api, type Entry, type IssuedRecord, type TokenRecord } from "./api";
import { DeleteDialog } from "./dialogs";
import { describeExpiration } from "./expiration";
import { GeneratePage } from "./generate-page";
import { HistoryPage } from "./history-page";
import { IdleWarning, useIdle } from "./idle";
import { ListPage, type ListPosition } from "./list-page";
import { confirmLeave, go, LeaveDialog, useAddress } from "./navigation";
import { RevealDialog } from "./reveal";
import { SelfPage } from "./self-page";
import { settings } from "./settings";
import { SignInPage } from "./sign-in-page";
import { showToast, Toast } from "./toast";
import { TokenPage } from "./token-page";
import { useTokenCache } from "./use-token-cache";

interface Session {
  api: Api;
  /** The token that the user is signed in with. */
  self: TokenRecord;
}

/** Moves the focus past the header. A link to `#main` cannot do this, because the part after `#` is the address of a page. */
function skipToMain(): void {
  const main = document.querySelector("main");
  main?.setAttribute("tabindex", "-1");
  main?.focus();
}

const SIGNED_OUT =
  "Your token no longer works here. It has expired, was regenerated, revoked or deleted, lost its super-admin permission, or may not be used from your address. Sign in with another one.";

export function App() {
  const [session, setSession] = useState<Session | null>(null);
  const [signOutReason, setSignOutReason] = useState<string | null>(null);

  const signOut = useCallback((reason: string | null) => {
    setSession(null);
    setSignOutReason(reason);
  }, []);

  const signIn = useCallback(async (token: string) => {
    let signedIn = false;
    const onRejected = () => {
      // While the user signs in, the form shows the error.
      if (!signedIn) return;
      signedIn = false;
      signOut(SIGNED_OUT);
    };
    const api = new Api(token, settings.tokenHeader, onRejected);
    const self = await api.getSelf();
    signedIn = true;
    setSignOutReason(null);
    setSession({ api, self });
  }, []);

  return (
    <>
      <button type="button" class="skip" onClick={skipToMain}>
        Skip to the content
      </button>
      <header class="bar">
        <span class="brand">tokenward</span>
        {session && (
          <>
            <span class="who">
              <a href="#/self">
                Signed in as <strong>{session.self.name}</strong>
              </a>
              <span class="quiet">{describeExpiration(session.self.expiresAt)}</span>
            </span>
            <button type="button" onClick={() => confirmLeave(() => signOut(null))}>
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
      <Toast />
    </>
  );
}

/** The dialog that is open, with what it shows. */
type OpenDialog =
  | { dialog: "reveal"; issued: IssuedRecord; regenerated: boolean }
  | { dialog: "delete"; entry: Entry }
  | null;

function SignedIn(props: {
  session: Session;
  onSession: (session: Session) => void;
  onSignOut: (reason: string | null) => void;
}) {
  const { api, self } = props.session;
  const address = useAddress();
  const isSuperAdmin = self.permissions.type === "superAdmin";
  const place = useMemo(
    () => (isSuperAdmin ? parseAddress(address) : ({ page: "self" } as const)),
    [address, isSuperAdmin],
  );
  const cache = useTokenCache(api);
  const [open, setOpen] = useState<OpenDialog>(null);
  const listPosition = useRef<ListPosition>({ address: "#/", scroll: 0, opened: null });

  const onIssued = (issued: IssuedRecord, regenerated: boolean) => {
    setOpen({ dialog: "reveal", issued, regenerated });
    const { token, ...record } = issued;
    cache.put(record);
    if (record.id !== self.id) return;
    // The session's own token was replaced: continue with the new one.
    api.use(token);
    props.onSession({ api, self: record });
  };
  const onDeleted = (entry: { id: string | null; name: string }) => {
    setOpen(null);
    if (entry.id === self.id) {
      return props.onSignOut(`You deleted ${entry.name}, the token you were signed in with. Sign in with another one.`);
    }
    if (entry.id !== null) cache.remove(entry.id);
    showToast(`${entry.name} was deleted.`);
    if (place.page === "token") go(listPosition.current.address, { replace: true });
  };
  const isIdle = useIdle(settings.idleMinutes, () => {
    const lost =
      open?.dialog === "reveal"
        ? ` The new token of ${open.issued.name} is no longer shown. If you didn’t save it, regenerate it.`
        : "";
    const time = settings.idleMinutes === 1 ? "a minute" : `${settings.idleMinutes} minutes`;
    props.onSignOut(`You were signed out after ${time} without activity.${lost} Sign in again.`);
  });

  return (
    <>
      {place.page === "token" && (
        <TokenPage
          key={place.id}
          api={api}
          id={place.id}
          ownId={self.id}
          listAddress={listPosition.current.address}
          onIssued={(issued) => onIssued(issued, true)}
          onDeleted={(name) => onDeleted({ id: place.id, name })}
          onRecord={cache.put}
          onOwnSuperAdminRemoved={(name) =>
            props.onSignOut(`${name} is no longer a super admin. Sign in with another token.`)
          }
        />
      )}
      {place.page === "self" && (
        <SelfPage
          api={api}
          self={self}
          listAddress={isSuperAdmin ? listPosition.current.address : null}
          onRecord={(fresh) => props.onSession({ api, self: fresh })}
          onIssued={(issued) => onIssued(issued, true)}
          onRevoked={() =>
            props.onSignOut(`You revoked ${self.name}: the token string that you were signed in with no longer works.`)
          }
        />
      )}
      {place.page === "history" && (
        <HistoryPage api={api} from={place.from} to={place.to} listAddress={listPosition.current.address} />
      )}
      {place.page === "generate" && (
        <GeneratePage
          key={address}
          api={api}
          ownId={self.id}
          start={place.start}
          listAddress={listPosition.current.address}
          onIssued={(issued) => onIssued(issued, false)}
          onRegenerated={(issued) => onIssued(issued, true)}
        />
      )}
      {place.page === "list" && (
        <ListPage
          api={api}
          ownId={self.id}
          list={place.list}
          cache={cache}
          position={listPosition.current}
          onDelete={(entry) => setOpen({ dialog: "delete", entry })}
        />
      )}
      {open?.dialog === "delete" && (
        <DeleteDialog
          api={api}
          entry={open.entry}
          isOwn={open.entry.id === self.id}
          onClose={() => setOpen(null)}
          onDeleted={() => onDeleted(open.entry)}
        />
      )}
      {open?.dialog === "reveal" && (
        <RevealDialog
          issued={open.issued}
          regenerated={open.regenerated}
          onClose={() => {
            setOpen(null);
            // Replaces the form's address, so that Back does not open a form that was sent.
            if (place.page === "generate") go(listPosition.current.address, { replace: true });
          }}
        />
      )}
      <LeaveDialog />
      {isIdle && <IdleWarning />}
    </>
  );
}
