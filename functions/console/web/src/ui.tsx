// Components and hooks that several pages share.
import type { ComponentChildren } from "preact";
import { useEffect, useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import { ApiError } from "./api";
import { formatDateTime, formatLong, formatRelative, type TokenState } from "./time";
import { hideToast } from "./toast";

/** A labelled form control with a hint and an error. `children` renders the control with the attributes that it receives. */
export function Field(props: {
  label: string;
  hint?: ComponentChildren;
  error?: string | undefined;
  aside?: ComponentChildren;
  children: (control: { id: string; "aria-describedby": string; "aria-invalid": boolean }) => ComponentChildren;
}) {
  const id = useId();
  return (
    <div class={`field${props.error ? " invalid" : ""}`}>
      <div class="label">
        <label for={id}>{props.label}</label>
        {props.aside !== undefined && <span class="quiet">{props.aside}</span>}
      </div>
      {props.children({ id, "aria-describedby": `${id}-hint ${id}-error`, "aria-invalid": Boolean(props.error) })}
      <p id={`${id}-error`} class="error" aria-live="polite">
        {props.error}
      </p>
      <p id={`${id}-hint`} class="hint">
        {props.hint}
      </p>
    </div>
  );
}

export function Notice(props: {
  kind: "info" | "warning" | "danger" | "success";
  children: ComponentChildren;
  role?: "alert" | "status";
}) {
  return (
    <div class={`notice ${props.kind}`} role={props.role ?? "note"}>
      {props.children}
    </div>
  );
}

/** Shows why a request failed, with a button to try again. */
export function ErrorNotice(props: { error: ApiError; retry?: () => void }) {
  const { detail, retryAfter } = props.error;
  return (
    <Notice kind="danger" role="alert">
      <p>{detail}</p>
      {retryAfter !== null && <p>The server asks you to wait {retryAfter} s.</p>}
      {props.retry && (
        <button type="button" onClick={props.retry}>
          Try again
        </button>
      )}
    </Notice>
  );
}

export function toApiError(cause: unknown): ApiError {
  return cause instanceof ApiError
    ? cause
    : new ApiError(0, `Something went wrong in this page: ${String(cause)}. Reload it and try again.`);
}

/** A timestamp, relative and absolute. */
export function Timestamp(props: { at: string }) {
  return (
    <time dateTime={props.at} title={formatLong(props.at)}>
      <span>{formatRelative(props.at)}</span> <span class="quiet absolute">({formatDateTime(props.at)})</span>
    </time>
  );
}

/** A timestamp relative to now. The absolute one is shown on hover, and in printed tables. */
export function RelativeTime(props: { at: string }) {
  return (
    <time dateTime={props.at} title={formatLong(props.at)}>
      {formatRelative(props.at)}
    </time>
  );
}

const BADGES: Record<TokenState | "unreadable", string> = {
  active: "Active",
  soon: "Expires soon",
  expired: "Expired",
  unreadable: "Unreadable",
};

export function Badge(props: { state: TokenState | "unreadable" }) {
  return <span class={`badge ${props.state}`}>{BADGES[props.state]}</span>;
}

export interface Action {
  busy: boolean;
  error: ApiError | null;
  /** Runs an action, unless one is running. The action passes the signal to its requests, so that `stop` can abort them. */
  run: (action: (signal: AbortSignal) => Promise<void>) => Promise<void>;
  /** Aborts the running action. If it may have changed something, `error` then reports that the outcome is unknown. */
  stop: () => void;
  clear: () => void;
}

/** Runs one action at a time, and stops it when its page or dialog disappears. */
export function useAction(): Action {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  const running = useRef<AbortController | null>(null);
  useEffect(() => () => running.current?.abort(), []);
  const run = async (action: (signal: AbortSignal) => Promise<void>) => {
    if (running.current !== null) return;
    const here = new AbortController();
    running.current = here;
    hideToast();
    setBusy(true);
    setError(null);
    try {
      await action(here.signal);
    } catch (cause) {
      // If an aborted request may have changed something, the cause is an `ApiError`. Otherwise, there is nothing to report.
      if (!here.signal.aborted || cause instanceof ApiError) setError(toApiError(cause));
    } finally {
      running.current = null;
      setBusy(false);
    }
  };
  return { busy, error, run, stop: () => running.current?.abort(), clear: () => setError(null) };
}

/**
 * The submit button of a form. It is never really disabled, because a disabled button loses the focus; it ignores clicks
 * instead. That includes Enter in a field of the form, which browsers treat as a click on this button.
 */
export function SubmitButton(props: {
  class: string;
  label: string;
  busyLabel: string;
  busy: boolean;
  disabled?: boolean;
}) {
  return (
    <button
      type="submit"
      class={props.class}
      aria-disabled={props.busy || props.disabled === true}
      onClick={(event) => {
        if (props.busy || props.disabled) event.preventDefault();
      }}
    >
      {props.busy ? props.busyLabel : props.label}
    </button>
  );
}

/** Copies text to the clipboard; returns false if the browser refuses. */
export async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

/**
 * A page's heading, which is also the title of the window. It receives the focus when the page appears, so that screen
 * readers announce the page.
 */
export function Heading(props: { children: string }) {
  const heading = useRef<HTMLHeadingElement>(null);
  // Layout effects run before the browser paints, so the focus and the title change together with the page.
  useLayoutEffect(() => heading.current?.focus({ preventScroll: true }), []);
  useLayoutEffect(() => {
    document.title = `${props.children} · tokenward`;
  }, [props.children]);
  return (
    <h1 ref={heading} tabIndex={-1}>
      {props.children}
    </h1>
  );
}
