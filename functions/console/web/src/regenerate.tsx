// The dialog that regenerates a token.
import { useState } from "preact/hooks";
import type { Api, IssuedRecord, TokenRecord } from "./api";
import { Dialog } from "./dialog";
import { DialogButtons, InUseWarning, TypedName } from "./dialogs";
import {
  defaultChoice,
  describeExpiration,
  ExpirationForm,
  expirationError,
  lifetimeOf,
  toExpiration,
} from "./expiration";
import { endOfSecret, GraceForm } from "./grace";
import { ErrorNotice, Notice, useAction } from "./ui";

export function RegenerateDialog(props: {
  api: Api;
  record: TokenRecord;
  /** Whether the user is signed in with this token. */
  isOwn: boolean;
  /** Whether the token calls the route to regenerate itself. That can shorten its lifetime, but not extend it. */
  regeneratesItself?: boolean;
  onIssued: (issued: IssuedRecord) => void;
  onStale: () => void;
  onClose: () => void;
}) {
  /** The record as it was read last: after a lost response, the token may have another version. */
  const [record, setRecord] = useState(props.record);
  /** What a check after a lost response found: whether the secret was replaced. Null before a check. */
  const [found, setFound] = useState<"replaced" | "unchanged" | null>(null);
  const { regeneratesItself = false } = props;
  const lifetime = lifetimeOf(props.record);
  const max = regeneratesItself && lifetime !== null ? lifetime : undefined;
  const [choice, setChoice] = useState(() => ({ ...defaultChoice(max), kind: "same" }));
  // A program that rotates its own token must store the new one while the old one still works. The API accepts no grace period
  // while a previous secret works.
  const [grace, setGrace] = useState(regeneratesItself && props.record.previousSecret === null ? 3600 : 0);
  const [typed, setTyped] = useState("");
  const action = useAction();
  const { error, run } = action;
  const mustType = record.permissions.type === "superAdmin";
  const choiceError = expirationError(choice, max);
  const violationAt = (...pointers: string[]) =>
    error?.violations.find(({ pointer }) => pointers.includes(pointer))?.detail;
  const expirationViolation = violationAt("/expiresAt", "/expiresInDays");
  const graceViolation = violationAt("/gracePeriodSeconds");
  const submit = () => {
    setFound(null);
    void run(async (signal) => {
      if (regeneratesItself) {
        // For the same lifetime, the body has no expiration, because the API then keeps the lifetime to the second. The grace
        // period is sent even if it is 0, because a body without it means an hour on this route.
        const expiration = choice.kind === "same" ? {} : toExpiration(choice);
        const body = { ...expiration, gracePeriodSeconds: grace };
        return props.onIssued(await props.api.regenerateSelf(record.version, body, signal));
      }
      const body = { ...toExpiration(choice, lifetime), ...(grace === 0 ? {} : { gracePeriodSeconds: grace }) };
      props.onIssued(await props.api.regenerate(record.id, record.version, body, signal));
    });
  };
  const check = () =>
    run(async (signal) => {
      const fresh = await (regeneratesItself ? props.api.getSelf(signal) : props.api.get(record.id, signal));
      setFound(fresh.regeneratedAt === record.regeneratedAt ? "unchanged" : "replaced");
      setRecord(fresh);
    });
  const isStale = error?.status === 412;
  return (
    <Dialog title={`Regenerate ${record.name}`} onClose={action.busy ? action.stop : props.onClose}>
      <p>
        The token gets a new secret and a new expiration. <strong>{endOfSecret(grace)}</strong>, so update every program
        that uses it. The name, description and permissions stay the same.
      </p>
      <p class="quiet">
        Current secret: {describeExpiration(record.expiresAt).replace(/^./, (letter) => letter.toLowerCase())}.
      </p>
      <InUseWarning record={record} />
      {props.isOwn && (
        <Notice kind="warning">
          You are signed in with this token. You stay signed in, but save the new secret for your next visit.
        </Notice>
      )}
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <ExpirationForm
          choice={choice}
          lifetime={lifetime}
          max={max}
          error={choiceError ?? expirationViolation}
          onChange={setChoice}
        />
        <GraceForm record={record} grace={grace} error={graceViolation} onChange={setGrace} />
        {mustType && <TypedName name={record.name} typed={typed} onType={setTyped} />}
        {isStale && (
          <Notice kind="danger" role="alert">
            <p>Someone else changed this token. Nothing was regenerated.</p>
            <button type="button" onClick={props.onStale}>
              Show the current version
            </button>
          </Notice>
        )}
        {error?.isOutcomeUnknown && (
          <Notice kind="danger" role="alert">
            <p>We don’t know whether the secret was replaced, because no response arrived.</p>
            <button type="button" onClick={() => void check()}>
              Check
            </button>
          </Notice>
        )}
        {found === "replaced" && (
          <Notice kind="warning" role="alert">
            The secret was replaced, but the new one did not arrive here.{" "}
            {regeneratesItself
              ? "Ask a super admin to roll back or to regenerate the token."
              : "Regenerate the token again to get one."}
          </Notice>
        )}
        {found === "unchanged" && (
          <Notice kind="info" role="status">
            Nothing was regenerated: the token has the same secret as before.
          </Notice>
        )}
        {error && !expirationViolation && !graceViolation && !isStale && !error.isOutcomeUnknown && (
          <ErrorNotice error={error} />
        )}
        <DialogButtons
          action={action}
          label="Regenerate token"
          busyLabel="Regenerating…"
          disabled={choiceError !== null || (mustType && typed !== record.name)}
          onClose={props.onClose}
        />
      </form>
    </Dialog>
  );
}
