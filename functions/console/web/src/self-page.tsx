// The page of the token that the user is signed in with. A user who is not a super admin sees only this page.
import { useEffect, useState } from "preact/hooks";
import type { Api, IssuedRecord, TokenRecord } from "./api";
import { Dialog } from "./dialog";
import { DialogButtons, InUseWarning, TypedName } from "./dialogs";
import { toDraft } from "./draft";
import { LastSuperAdminWarning } from "./last-super-admin";
import { RegenerateDialog } from "./regenerate";
import { whenEffective } from "./settings";
import { Summary } from "./summary";
import { stateOf } from "./time";
import { Facts } from "./token-parts";
import { Badge, ErrorNotice, Heading, Notice, useAction } from "./ui";

interface Props {
  api: Api;
  self: TokenRecord;
  /** The address of the list, with the filters and the page that the user last saw. Null if not a super admin. */
  listAddress: string | null;
  /** Called with the record each time that it was read. */
  onRecord: (record: TokenRecord) => void;
  onIssued: (issued: IssuedRecord) => void;
  onRevoked: () => void;
}

export function SelfPage(props: Props) {
  const { api, self } = props;
  const [asking, setAsking] = useState<"regenerate" | "revoke" | null>(null);
  const { error, run } = useAction();
  const load = () => run(async (signal) => props.onRecord(await api.getSelf(signal)));
  useEffect(() => {
    scrollTo(0, 0);
    void load();
  }, []);
  const close = () => setAsking(null);
  return (
    <main class="middle">
      {props.listAddress !== null && (
        <p>
          <a href={props.listAddress}>← All tokens</a>
        </p>
      )}
      <div class="top">
        <Heading>{self.name}</Heading>
        <Badge state={stateOf(self)} />
        <span class="badge own">You</span>
      </div>
      <p>
        You are signed in with this token.{" "}
        {props.listAddress === null ? (
          "Only a super admin can change it."
        ) : (
          <a href={`#/tokens/${self.id}`}>Change its permissions and details</a>
        )}
      </p>
      {self.description !== null && <p class="quoted">{self.description}</p>}
      {self.owner !== null && <p class="quiet">Owner: {self.owner}</p>}
      {error && <ErrorNotice error={error} retry={() => void load()} />}
      <Facts record={self} />
      <section class="card" aria-labelledby="permissions">
        <h2 id="permissions">Permissions</h2>
        <Summary draft={toDraft(self.permissions)} />
      </section>
      <section class="card risky" aria-labelledby="risky">
        <h2 id="risky">Replace or revoke</h2>
        <div class="risky-action">
          {self.selfRegenerate ? (
            <>
              <p>
                <strong>Regenerate</strong> this token to replace its secret. You stay signed in.
              </p>
              <button type="button" class="danger" onClick={() => setAsking("regenerate")}>
                Regenerate…
              </button>
            </>
          ) : (
            <p>This token may not regenerate itself. A super admin can regenerate it.</p>
          )}
        </div>
        <div class="risky-action">
          <p>
            <strong>Revoke</strong> this token if it leaked, or is no longer needed. Only a super admin can make it work
            again, with a new secret.
          </p>
          <button type="button" class="danger" onClick={() => setAsking("revoke")}>
            Revoke…
          </button>
        </div>
      </section>
      {asking === "regenerate" && (
        <RegenerateDialog
          api={api}
          record={self}
          isOwn
          regeneratesItself
          onClose={close}
          onStale={() => {
            close();
            void load();
          }}
          onIssued={(issued) => {
            close();
            props.onIssued(issued);
          }}
        />
      )}
      {asking === "revoke" && <RevokeDialog {...props} onClose={close} />}
    </main>
  );
}

function RevokeDialog(props: Props & { onClose: () => void }) {
  const { api, self } = props;
  const [typed, setTyped] = useState("");
  const action = useAction();
  const { error } = action;
  const revoke = () =>
    action.run(async (signal) => {
      await api.revokeSelf(signal);
      props.onRevoked();
    });
  return (
    <Dialog title={`Revoke ${self.name}`} onClose={action.busy ? action.stop : props.onClose}>
      <p>
        The token stops working {whenEffective} in every program that uses it, and you are signed out.{" "}
        <strong>You can’t undo this.</strong>
      </p>
      {self.previousSecret !== null && (
        <Notice kind="info">
          Two token strings work now. If you signed in with the older one, only that one stops working.
        </Notice>
      )}
      <InUseWarning record={self} />
      {self.permissions.type === "superAdmin" && <LastSuperAdminWarning api={api} id={self.id} />}
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void revoke();
        }}
      >
        <TypedName name={self.name} typed={typed} onType={setTyped} />
        {error?.isOutcomeUnknown && (
          <Notice kind="danger" role="alert">
            We don’t know whether the token was revoked. Revoke it again: this does no harm if it was.
          </Notice>
        )}
        {error && !error.isOutcomeUnknown && <ErrorNotice error={error} />}
        <DialogButtons
          action={action}
          label="Revoke token"
          busyLabel="Revoking…"
          disabled={typed !== self.name}
          onClose={props.onClose}
        />
      </form>
    </Dialog>
  );
}
