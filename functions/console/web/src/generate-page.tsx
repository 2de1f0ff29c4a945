import { useEffect, useState } from "preact/hooks";
import { type Api, type IssuedRecord, NO_VIOLATIONS } from "./api";
import { ConfirmSuperAdmin } from "./dialogs";
import { rowKeys } from "./draft";
import { difference, formError, toMembers } from "./edited";
import { ExpirationForm, expirationError, toExpiration } from "./expiration";
import { focusFirstError, Name, nameError } from "./fields";
import { LostToken } from "./lost-token";
import { useLeaveConfirmation } from "./navigation";
import { formatStart, parseStart } from "./start";
import { showToast } from "./toast";
import { TokenFields } from "./token-fields";
import { copy, ErrorNotice, Heading, Notice, SubmitButton, useAction } from "./ui";

interface Props {
  api: Api;
  ownId: string;
  /** The parameters of the address, which fill in the form. */
  start: URLSearchParams;
  listAddress: string;
  onIssued: (issued: IssuedRecord) => void;
  /** Called with the token if it was regenerated, because the response with its first secret was lost. */
  onRegenerated: (issued: IssuedRecord) => void;
}

export function GeneratePage(props: Props) {
  const [start] = useState(() => parseStart(props.start));
  const [name, setName] = useState(start.name);
  const [choice, setChoice] = useState(start.choice);
  const [edited, setEdited] = useState(start.edited);
  /** The keys of the rows of grants at the last attempt to generate; null before. Errors are shown only in these rows. */
  const [attempted, setAttempted] = useState<ReadonlySet<number> | null>(null);
  const [confirming, setConfirming] = useState(false);
  const [isDone, setIsDone] = useState(false);
  /** When this page first sent a request to generate. */
  const [firstAttempt, setFirstAttempt] = useState(Number.POSITIVE_INFINITY);
  const action = useAction();
  const { busy, error, run, clear } = action;
  const violations = error?.violations ?? NO_VIOLATIONS;
  const violationAt = (...pointers: string[]) => violations.find(({ pointer }) => pointers.includes(pointer))?.detail;
  const isChanged = name !== start.name || Object.keys(difference(start.edited, edited)).length > 0;
  useLeaveConfirmation(isDone ? null : busy ? WAITING : isChanged ? UNSAVED : null);
  useEffect(() => {
    if (error !== null) focusFirstError();
  }, [error]);
  /** Returns a function that stores a changed value, and removes the error of the last attempt. */
  const changing =
    <T,>(store: (value: T) => void) =>
    (value: T) => {
      store(value);
      clear();
    };

  const submit = () => {
    setAttempted(rowKeys(edited.draft));
    if (nameError(name) ?? expirationError(choice) ?? formError(edited)) focusFirstError();
    else if (edited.draft.superAdmin) setConfirming(true);
    else generate();
  };
  const generate = () => {
    setConfirming(false);
    setFirstAttempt((first) => Math.min(first, Date.now()));
    void run(async (signal) => {
      const body = { name, ...toMembers(edited), ...toExpiration(choice) };
      const issued = await props.api.generate(body, signal);
      setIsDone(true);
      props.onIssued(issued);
    });
  };
  const copyLink = async () => {
    const link = new URL(formatStart({ name, choice, edited }), document.baseURI);
    showToast((await copy(String(link))) ? "Link copied." : "Your browser blocked copying.");
  };

  return (
    <main class="middle">
      <p>
        <a href={props.listAddress}>← All tokens</a>
      </p>
      <div class="top">
        <Heading>Generate a token</Heading>
        <button type="button" class="button" onClick={() => void copyLink()}>
          Copy link to this draft
        </button>
      </div>
      {start.isFilled && (
        <Notice kind="info">
          This form was filled in for you. Check the permissions before you generate the token.
        </Notice>
      )}
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <TokenFields
          api={props.api}
          edited={edited}
          violations={violations}
          attempted={attempted}
          onChange={changing(setEdited)}
          name={
            <Name
              value={name}
              showError={attempted !== null}
              violation={violationAt("/name")}
              onChange={changing(setName)}
            />
          }
          expiration={
            <ExpirationForm
              choice={choice}
              error={expirationError(choice) ?? violationAt("/expiresAt", "/expiresInDays")}
              onChange={changing(setChoice)}
            />
          }
        />
        {error?.isOutcomeUnknown ? (
          <LostToken
            api={props.api}
            ownId={props.ownId}
            name={name}
            since={firstAttempt}
            expiration={toExpiration(choice)}
            onRetry={generate}
            onRegenerated={(issued) => {
              setIsDone(true);
              props.onRegenerated(issued);
            }}
          />
        ) : (
          error !== null && violations.length === 0 && <ErrorNotice error={error} retry={generate} />
        )}
        <div class="actions sticky">
          <SubmitButton class="primary" label="Generate token" busyLabel="Generating…" busy={busy} />
          {busy ? (
            <button type="button" onClick={action.stop}>
              Stop waiting
            </button>
          ) : (
            <a class="button" href={props.listAddress}>
              Cancel
            </a>
          )}
        </div>
      </form>
      {confirming && <ConfirmSuperAdmin name={name} isNew onConfirm={generate} onClose={() => setConfirming(false)} />}
    </main>
  );
}

const UNSAVED = "You have not generated the token yet. What you entered is lost if you leave.";
const WAITING = "The token is being generated. If you leave now, nobody sees it, and you have to regenerate it.";
