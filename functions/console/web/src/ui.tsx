// Components and hooks that several pages share.
import type { ComponentChildren } from "preact";
import { useEffect, useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import { ApiError } from "./api";
import { formatDateTime, formatLong, formatRelative, type TokenState } from "./time";

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
      <span>{formatRelative(props.at)}</span> <span class="quiet absolute">{formatDateTime(props.at)}</span>
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

/** A modal dialog. Escape and a click on the backdrop call `onClose`, or `onLocked` while it is locked. */
export function Dialog(props: {
  title: string;
  onClose: () => void;
  locked?: boolean;
  onLocked?: () => void;
  children: ComponentChildren;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  const title = useId();
  const requestClose = useRef(props.onClose);
  requestClose.current = () => (props.locked ? props.onLocked?.() : props.onClose());
  useLayoutEffect(() => {
    const element = dialog.current;
    element?.showModal();
    // The listener is on the window: while no element of the dialog has the focus, the key is sent to the body.
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key !== "Escape") return;
      event.preventDefault();
      requestClose.current();
    };
    addEventListener("keydown", onKeyDown);
    return () => {
      removeEventListener("keydown", onKeyDown);
      // Closing returns the focus to the element that had it before.
      element?.close();
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      // The browser must not close the dialog by itself, because this component would still render it as open.
      closedby="none"
      aria-labelledby={title}
      onCancel={(event) => event.preventDefault()}
      onMouseDown={(event) => event.target === dialog.current && requestClose.current()}
    >
      <div class="sheet">
        <h2 id={title}>{props.title}</h2>
        {props.children}
      </div>
    </dialog>
  );
}

/** Returns a function that runs one action at a time, whether one is running, and the error of the last one. */
export function useAction(): {
  busy: boolean;
  error: ApiError | null;
  run: (action: () => Promise<void>) => Promise<void>;
  clear: () => void;
} {
  const [busy, setBusy] = useState(false);
  const running = useRef(false);
  const [error, setError] = useState<ApiError | null>(null);
  const run = async (action: () => Promise<void>) => {
    if (running.current) return;
    running.current = true;
    setBusy(true);
    setError(null);
    try {
      await action();
    } catch (cause) {
      setError(toApiError(cause));
    } finally {
      running.current = false;
      setBusy(false);
    }
  };
  return { busy, error, run, clear: () => setError(null) };
}

/**
 * The submit button of a form. It is not disabled while the action runs, because a disabled button loses the focus.
 * `useAction` ignores further clicks.
 */
export function SubmitButton(props: {
  class: string;
  label: string;
  busyLabel: string;
  busy: boolean;
  disabled?: boolean;
}) {
  return (
    <button type="submit" class={props.class} aria-disabled={props.busy} disabled={props.disabled === true}>
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

/** A page's heading. It receives the focus when the page appears, so that screen readers announce the page. */
export function Heading(props: { children: ComponentChildren }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <h1 ref={heading} tabIndex={-1}>
      {props.children}
    </h1>
  );
}
