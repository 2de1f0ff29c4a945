// A form that asks the server whether the permissions in a draft would allow a request.
import { useState } from "preact/hooks";
import type { Api, Simulation } from "./api";
import { type Draft, draftError, toPermissions } from "./draft";
import { describeGrant, toGrant } from "./permissions";
import { ErrorNotice, Field, Notice, useAction } from "./ui";

const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

export function Simulate({ draft, api }: { draft: Draft; api: Api }) {
  const [method, setMethod] = useState("GET");
  const [path, setPath] = useState("");
  const [result, setResult] = useState<{ request: string; simulation: Simulation } | null>(null);
  const { busy, error, run, clear } = useAction();
  const isComplete = draftError(draft) === null;
  const pathError = error?.violations.find(({ pointer }) => pointer === "/path")?.detail;
  const simulate = () =>
    run(async () => {
      const simulation = await api.simulate({ method, path, permissions: toPermissions(draft) });
      setResult({ request: `${method} ${path}`, simulation });
    });
  const reset = () => {
    setResult(null);
    clear();
  };
  return (
    <details class="try">
      <summary>Test a request</summary>
      <div class="request">
        <Field label="Method">
          {(control) => (
            <select
              {...control}
              value={method}
              onChange={(event) => {
                setMethod(event.currentTarget.value);
                reset();
              }}
            >
              {METHODS.map((one) => (
                <option key={one}>{one}</option>
              ))}
            </select>
          )}
        </Field>
        <Field
          label="Path"
          error={pathError}
          hint={
            isComplete ? "For example, /orders/7. The request is not sent." : "Complete the permissions above first."
          }
        >
          {(control) => (
            <input
              {...control}
              value={path}
              autocomplete="off"
              spellcheck={false}
              onInput={(event) => {
                setPath(event.currentTarget.value);
                reset();
              }}
              onKeyDown={(event) => {
                if (event.key !== "Enter") return;
                event.preventDefault();
                if (isComplete && path !== "") void simulate();
              }}
            />
          )}
        </Field>
        <button type="button" disabled={!isComplete || path === "" || busy} onClick={simulate}>
          Test
        </button>
      </div>
      <div aria-live="polite">{result && <Result {...result} draft={draft} />}</div>
      {error && !pathError && <ErrorNotice error={error} retry={simulate} />}
    </details>
  );
}

function Result({ request, simulation, draft }: { request: string; simulation: Simulation; draft: Draft }) {
  const { allowed, grantedBy, missing, rule, reason } = simulation;
  const grant = grantedBy === null ? undefined : [...draft.rows.map(toGrant), ...draft.unknown][grantedBy];
  return (
    <Notice kind={allowed ? "success" : "danger"}>
      <p>
        <strong>{allowed ? "Allowed" : "Not allowed"}</strong>: <code>{request}</code>
      </p>
      {grant && <p>Allowed by: {describeGrant(grant)}.</p>}
      {!allowed && <p>{reason}.</p>}
      {missing.length > 0 && (
        <p>
          Missing permission: <code>{missing.join(", ")}</code>
        </p>
      )}
      {rule && (
        <p class="quiet">
          Matched rule: <code>{rule}</code>
        </p>
      )}
    </Notice>
  );
}
