import { useState } from "preact/hooks";
import type { Api, Issued } from "./api";
import { Description, goToFirstMistake, wrongWithDescription, wrongWithName } from "./details";
import { ConfirmSuperAdmin } from "./dialogs";
import { ExpirationForm, firstChoice, toExpiration, wrongWith } from "./expiration";
import { EMPTY, PermissionsForm, problem, toPermissions } from "./permissions-form";
import { Failed, Field, Heading, useAction } from "./ui";

/** `limit` is the deployment's maximum lifetime in days; 0 for none. */
export function Generate(props: { api: Api; limit: number; onIssued: (issued: Issued) => void }) {
  const [name, setName] = useState("");
  const [description, setDescription] = useState("");
  const [choice, setChoice] = useState(() => firstChoice(props.limit));
  const [draft, setDraft] = useState(EMPTY);
  /** Whether the person has tried to generate: from then on, what is missing is said. */
  const [checked, setChecked] = useState(false);
  const [confirming, setConfirming] = useState(false);
  const { busy, failure, run, clear } = useAction();
  const violations = failure?.violations ?? [];
  const said = (...pointers: string[]) => violations.find(({ pointer }) => pointers.includes(pointer))?.detail;
  const nameIsWrong = name !== "" || checked ? (wrongWithName(name) ?? said("/name")) : said("/name");
  const elsewhere = failure !== null && violations.length === 0;

  const submit = () => {
    setChecked(true);
    if (wrongWithName(name) || wrongWithDescription(description) || wrongWith(choice, props.limit) || problem(draft)) {
      goToFirstMistake();
    } else if (draft.superAdmin) setConfirming(true);
    else void generate();
  };
  const generate = async () => {
    setConfirming(false);
    await run(async () => {
      const permissions = toPermissions(draft);
      props.onIssued(await props.api.generate({ name, description: description === "" ? null : description, permissions, ...toExpiration(choice) }));
    });
    goToFirstMistake();
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
            error={said("/description")}
            onChange={(value) => {
              setDescription(value);
              clear();
            }}
          />
          <ExpirationForm
            choice={choice}
            limit={props.limit}
            error={wrongWith(choice, props.limit) ?? said("/expiresAt", "/expiresInDays")}
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
        {elsewhere && <Failed failure={failure} retry={() => void generate()} />}
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
