import { useState } from "preact/hooks";
import type { Api, IssuedRecord } from "./api";
import { Description, focusFirstError, descriptionError, nameError } from "./fields";
import { ConfirmSuperAdmin } from "./dialogs";
import { ExpirationForm, defaultChoice, toExpiration, expirationError } from "./expiration";
import { EMPTY, PermissionsForm, draftError, toPermissions } from "./permissions-form";
import { ErrorNotice, Field, Heading, useAction } from "./ui";

/** `limit` is the deployment's maximum lifetime in days; 0 for none. */
export function GeneratePage(props: { api: Api; maxLifetimeDays: number; onIssued: (issued: IssuedRecord) => void }) {
  const [name, setName] = useState("");
  const [description, setDescription] = useState("");
  const [choice, setChoice] = useState(() => defaultChoice(props.maxLifetimeDays));
  const [draft, setDraft] = useState(EMPTY);
  /** Whether the person has tried to generate: from then on, what is missing is said. */
  const [checked, setChecked] = useState(false);
  const [confirming, setConfirming] = useState(false);
  const { busy, error, run, clear } = useAction();
  const violations = error?.violations ?? [];
  const violationAt = (...pointers: string[]) => violations.find(({ pointer }) => pointers.includes(pointer))?.detail;
  const nameIsWrong = name !== "" || checked ? (nameError(name) ?? violationAt("/name")) : violationAt("/name");
  const elsewhere = error !== null && violations.length === 0;

  const submit = () => {
    setChecked(true);
    if (nameError(name) || descriptionError(description) || expirationError(choice, props.maxLifetimeDays) || draftError(draft)) {
      focusFirstError();
    } else if (draft.superAdmin) setConfirming(true);
    else void generate();
  };
  const generate = async () => {
    setConfirming(false);
    await run(async () => {
      const permissions = toPermissions(draft);
      props.onIssued(await props.api.generate({ name, description: description === "" ? null : description, permissions, ...toExpiration(choice) }));
    });
    focusFirstError();
  };

  return (
    <main class="middle">
      <p>
        <a href="#/">← All tokens</a>
      </p>
      <Heading>Generate a token</Heading>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <div class="card">
          <Field label="Name" hint="3 to 50 of a–z, 0–9, - and _. It never changes." aside={`${name.length} of 50`} error={nameIsWrong ?? undefined}>
            {(control) => (
              <input
                {...control}
                value={name}
                autocomplete="off"
                spellcheck={false}
                autocapitalize="none"
                onInput={(event) => {
                  setName(event.currentTarget.value);
                  clear();
                }}
              />
            )}
          </Field>
          <Description
            value={description}
            error={violationAt("/description")}
            onChange={(value) => {
              setDescription(value);
              clear();
            }}
          />
          <ExpirationForm
            choice={choice}
            maxLifetimeDays={props.maxLifetimeDays}
            error={expirationError(choice, props.maxLifetimeDays) ?? violationAt("/expiresAt", "/expiresInDays")}
            onChange={(value) => {
              setChoice(value);
              clear();
            }}
          />
        </div>
        <div class="card">
          <PermissionsForm
            draft={draft}
            api={props.api}
            checked={checked}
            violations={violations}
            onChange={(value) => {
              setDraft(value);
              clear();
            }}
          />
        </div>
        {elsewhere && <ErrorNotice error={error} retry={() => void generate()} />}
        <div class="actions">
          <button type="submit" class="primary" disabled={busy}>
            {busy ? "Generating…" : "Generate token"}
          </button>
          <a class="button" href="#/">
            Cancel
          </a>
        </div>
      </form>
      {confirming && <ConfirmSuperAdmin name={name} onConfirm={() => void generate()} onClose={() => setConfirming(false)} />}
    </main>
  );
}
