// The secret that a regenerate with a grace period replaced, while it still works.
import { useState } from "preact/hooks";
import type { Api, ApiError, TokenRecord } from "./api";
import { Dialog } from "./dialog";
import { DialogButtons } from "./dialogs";
import { whenEffective } from "./settings";
import { showToast } from "./toast";
import { Notice, Timestamp, useAction } from "./ui";

interface Props {
  api: Api;
  record: TokenRecord;
  /** Whether this is the session's own token. */
  isOwn: boolean;
  /** Called with the record after each change of its secrets. */
  onRecord: (record: TokenRecord) => void;
  /** Called with the record after it was read again. Anything in it may have changed. */
  onRead: (record: TokenRecord) => void;
}

/** Shows until when the previous secret works and whether it is used, and ends it or rolls back to it. */
export function PreviousSecret(props: Props) {
  const { api, record } = props;
  const { previousSecret: previous } = record;
  const [isAsking, setAsking] = useState(false);
  const action = useAction();
  if (previous === null) return null;
  const end = () =>
    action.run(async (signal) => {
      props.onRecord(await api.endPrevious(record.id, record.version, signal));
      showToast(`The previous secret stops working ${whenEffective}.`);
    });
  const check = () => action.run(async (signal) => props.onRead(await api.get(record.id, signal)));
  return (
    <section class="card" aria-labelledby="previous">
      <h2 id="previous">Previous secret</h2>
      <dl class="facts">
        <div>
          <dt>Works until</dt>
          <dd>
            <Timestamp at={previous.validUntil} />
          </dd>
        </div>
        <div>
          <dt>Last used</dt>
          <dd>{previous.lastUsedAt ? <Timestamp at={previous.lastUsedAt} /> : "Never"}</dd>
        </div>
      </dl>
      {action.error && <Failure error={action.error} onCheck={() => void check()} />}
      <div class="actions">
        <button type="button" class="danger" aria-disabled={action.busy} onClick={() => void end()}>
          End now
        </button>
        <button type="button" aria-disabled={action.busy} onClick={() => !action.busy && setAsking(true)}>
          Roll back…
        </button>
      </div>
      {isAsking && <RollBackDialog {...props} onClose={() => setAsking(false)} />}
    </section>
  );
}

/** Explains which token string works after a rollback, and asks for confirmation. */
function RollBackDialog(props: Props & { onClose: () => void }) {
  const { api, record } = props;
  const action = useAction();
  const rollBack = () =>
    action.run(async (signal) => {
      const fresh = await api.rollBack(record.id, record.version, signal);
      props.onClose();
      props.onRecord(fresh);
      showToast(`Rolled back. The newer secret stops working ${whenEffective}.`);
    });
  const check = () =>
    action.run(async (signal) => {
      const fresh = await api.get(record.id, signal);
      props.onClose();
      props.onRead(fresh);
    });
  return (
    <Dialog title={`Roll back ${record.name}`} onClose={action.busy ? action.stop : props.onClose}>
      <p>
        <strong>Afterwards, only the token string from before the last regenerate works</strong>, with the expiration
        that it had. The newer token string stops working {whenEffective}.
      </p>
      {props.isOwn && (
        <Notice kind="warning">
          You are signed in with this token. If you use the newer token string, you are signed out.
        </Notice>
      )}
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void rollBack();
        }}
      >
        {action.error && <Failure error={action.error} onCheck={() => void check()} />}
        <DialogButtons
          action={action}
          label="Roll back"
          busyLabel="Rolling back…"
          disabled={false}
          onClose={props.onClose}
        />
      </form>
    </Dialog>
  );
}

/** Shows why nothing was changed, or that the outcome is unknown. */
function Failure(props: { error: ApiError; onCheck: () => void }) {
  const { error } = props;
  return (
    <Notice kind="danger" role="alert">
      <p>
        {error.isOutcomeUnknown
          ? "We don’t know whether this was done, because no response arrived."
          : error.status === 412
            ? "Someone else changed this token. Nothing was changed here."
            : error.detail}
      </p>
      <button type="button" onClick={props.onCheck}>
        Show the current version
      </button>
    </Notice>
  );
}
