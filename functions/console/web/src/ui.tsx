// The small parts that every screen is made of.
import type { ComponentChildren } from "preact";
import { useEffect, useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import { ApiError } from "./api";
import { formatDateTime, formatLong, formatRelative, type TokenState } from "./time";

/** A labelled control with its hint, its mistake and what it is at the moment; `children` gets the attributes that tie them together. */
export function Field(props: {
  label: string;
  hint?: ComponentChildren;
  error?: string | undefined;
  aside?: ComponentChildren;
  children: (control: { id: string; "aria-describedby": string; "aria-invalid": boolean }) => ComponentChildren;
}) {
  const id = useId();
  return (
    <div class={`field${props.error ? " wrong" : ""}`}>
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

export function Notice(props: { kind: "info" | "warning" | "danger" | "success"; children: ComponentChildren; role?: "alert" | "status" }) {
  return (
    <div class={`notice ${props.kind}`} role={props.role ?? "note"}>
      {props.children}
    </div>
  );
}

/** Why something failed, and the way to try again. */
export function ErrorNotice(props: { error: ApiError; retry?: () => void }) {
  const { status, detail, retryAfter } = props.error;
  return (
    <Notice kind="danger" role="alert">
      <p>{detail}</p>
      {(status === 503 || status === 429) && <p>{retryAfter ? `The server asks to wait ${retryAfter} s. ` : ""}Nothing is ever half written.</p>}
      {props.retry && (
        <button type="button" onClick={props.retry}>
          Try again
        </button>
      )}
    </Notice>
  );
}

export function toApiError(cause: unknown): ApiError {
  return cause instanceof ApiError ? cause : new ApiError(0, `The page failed: ${String(cause)}`);
}

/** A moment, relative and exact. */
export function Timestamp(props: { at: string }) {
  return (
    <time dateTime={props.at} title={formatLong(props.at)}>
      <span>{formatRelative(props.at)}</span> <span class="quiet exact">{formatDateTime(props.at)}</span>
    </time>
  );
}

const BADGES: Record<TokenState | "unreadable", string> = { active: "Active", soon: "Expires soon", expired: "Expired", unreadable: "Unreadable" };

export function Badge(props: { state: TokenState | "unreadable" }) {
  return <span class={`badge ${props.state}`}>{BADGES[props.state]}</span>;
}

/**
 * A modal dialog. Escape and a click beside it close it, unless `locked`: then `onClose` is not called, and whoever asked is
 * told so by `onLocked`.
 */
export function Dialog(props: { title: string; onClose: () => void; locked?: boolean; onLocked?: () => void; children: ComponentChildren }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const title = useId();
  useLayoutEffect(() => {
    const shown = dialog.current;
    shown?.showModal();
    // Closing gives the focus back to where it was.
    return () => shown?.close();
  }, []);
  const leave = () => (props.locked ? props.onLocked?.() : props.onClose());
  // A browser closes a dialog at the second Escape, whatever became of the first: so no Escape gets that far.
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    leave();
  };
  return (
    <dialog
      ref={dialog}
      aria-labelledby={title}
      onKeyDown={onKeyDown}
      onCancel={(event) => event.preventDefault()}
      onMouseDown={(event) => event.target === dialog.current && leave()}
    >
      <div class="sheet">
        <h2 id={title}>{props.title}</h2>
        {props.children}
      </div>
    </dialog>
  );
}

/** Runs what may fail, one at a time. */
export function useAction(): { busy: boolean; error: ApiError | null; run: (action: () => Promise<void>) => Promise<void>; clear: () => void } {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  const run = async (action: () => Promise<void>) => {
    if (busy) return;
    setBusy(true);
    setError(null);
    try {
      await action();
    } catch (cause) {
      setError(toApiError(cause));
    } finally {
      setBusy(false);
    }
  };
  return { busy, error, run, clear: () => setError(null) };
}

/** The text is copied; false where the browser does not let us. */
export async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

/** The screen's heading, which takes the focus when the screen appears. */
export function Heading(props: { children: ComponentChildren }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <h1 ref={heading} tabIndex={-1}>
      {props.children}
    </h1>
  );
}
