import { useState } from "preact/hooks";
import type { Api, IssuedRecord } from "./api";
import { ConfirmSuperAdmin } from "./dialogs";
import { draftError, EMPTY, toPermissions } from "./draft";
import { defaultChoice, ExpirationForm, expirationError, toExpiration } from "./expiration";
import { Description, descriptionError, focusFirstError, nameError } from "./fields";
import { PermissionsForm } from "./permissions-form";
import { ErrorNotice, Field, Heading, SubmitButton, useAction } from "./ui";

export function GeneratePage(props: { api: Api; onIssued: (issued: IssuedRecord) => void }) {
  const [name, setName] = useState("");
  const [description, setDescription] = useState("");
  const [choice, setChoice] = useState(defaultChoice);
  const [draft, setDraft] = useState(EMPTY);
  /** Whether the user has tried to generate. Only then are missing values marked as errors. */
  const [showErrors, setShowErrors] = useState(false);
  const [confirming, setConfirming] = useState(false);
  const { busy, error, run, clear } = useAction();
  const violations = error?.violations ?? [];
  const violationAt = (...pointers: string[]) => violations.find(({ pointer }) => pointers.includes(pointer))?.detail;
  const nameMessage = name !== "" || showErrors ? (nameError(name) ?? violationAt("/name")) : violationAt("/name");
  const isGeneral = error !== null && violations.length === 0;

  const submit = () => {
    setShowErrors(true);
    if (nameError(name) || descriptionError(description) || expirationError(choice) || draftError(draft)) {
      focusFirstError();
    } else if (draft.superAdmin) setConfirming(true);
    else void generate();
  };
  const generate = async () => {
    setConfirming(false);
    await run(async () => {
      const permissions = toPermissions(draft);
      props.onIssued(
        await props.api.generate({
          name,
          description: description === "" ? null : description,
          permissions,
          ...toExpiration(choice),
        }),
      );
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
          <Field
            label="Name"
            hint="3–50 characters: a–z, 0–9, - and _. You can’t change it later."
            aside={`${name.length} of 50`}
            error={nameMessage ?? undefined}
          >
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
            error={expirationError(choice) ?? violationAt("/expiresAt", "/expiresInDays")}
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
            showErrors={showErrors}
            violations={violations}
            onChange={(value) => {
              setDraft(value);
              clear();
            }}
          />
        </div>
        {isGeneral && <ErrorNotice error={error} retry={() => void generate()} />}
        <div class="actions">
          <SubmitButton class="primary" label="Generate token" busyLabel="Generating…" busy={busy} />
          <a class="button" href="#/">
            Cancel
          </a>
        </div>
      </form>
      {confirming && (
        <ConfirmSuperAdmin name={name} isNew onConfirm={() => void generate()} onClose={() => setConfirming(false)} />
      )}
    </main>
  );
}
