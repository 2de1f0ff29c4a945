// A form that asks the server whether the permissions in a draft would allow a request.
import { useEffect, useState } from "preact/hooks";
import type { Api, Simulation } from "./api";
import { type Draft, draftError, textOf, toPermissions } from "./draft";
import { describeGrant, toGrant } from "./permissions";
import { ErrorNotice, Field, Notice, useAction } from "./ui";

const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

export function Simulate({ draft, api }: { draft: Draft; api: Api }) {
  const [method, setMethod] = useState("GET");
  const [path, setPath] = useState("");
  const [result, setResult] = useState<{ request: string; permissions: string; simulation: Simulation } | null>(null);
  const { busy, error, run, stop, clear } = useAction();
  const isComplete = draftError(draft) === null;
  const permissions = textOf(draft);
  // When the permissions change, the result for the earlier ones would mislead the user.
  useEffect(() => {
    setResult(null);
    stop();
    clear();
  }, [permissions]);
  const canTest = isComplete && path !== "";
  const pathError = error?.violations.find(({ pointer }) => pointer === "/path")?.detail;
  const simulate = () =>
    run(async (signal) => {
      const simulation = await api.simulate({ method, path, permissions: toPermissions(draft) }, signal);
      if (!signal.aborted) setResult({ request: `${method} ${path}`, permissions, simulation });
    });
  const reset = () => {
    setResult(null);
    stop();
    clear();
  };
  return (
    <details class="simulate">
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
                if (canTest) void simulate();
              }}
            />
          )}
        </Field>
        <button type="button" aria-disabled={!canTest || busy} onClick={() => canTest && void simulate()}>
          Test
        </button>
      </div>
      <div aria-live="polite">{result?.permissions === permissions && <Result {...result} draft={draft} />}</div>
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
