// The address of the page, and the confirmation before the user leaves a page with unsaved work.
import { useEffect, useLayoutEffect, useState } from "preact/hooks";
import { Dialog } from "./dialog";

/** The reason to stay, which the confirmation shows. If it is null, no confirmation is needed. */
let reasonToStay: string | null = null;
/** Asks the user whether to leave, and calls `leave` if the answer is yes. Does not ask if there is no `LeaveDialog`. */
let ask: (leave: () => void) => void = (leave) => leave();

/** Asks for confirmation before the user leaves the page, unless `reason` is null. The dialog shows the reason. */
export function useLeaveConfirmation(reason: string | null): void {
  useLayoutEffect(() => {
    reasonToStay = reason;
    return () => {
      reasonToStay = null;
    };
  }, [reason]);
  useUnloadWarning(reason !== null);
}

/** Makes the browser ask before it closes or reloads the tab, while `active`. */
export function useUnloadWarning(active: boolean): void {
  useEffect(() => {
    if (!active) return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener("beforeunload", warn);
    return () => removeEventListener("beforeunload", warn);
  }, [active]);
}

/** Calls `leave` at once if no confirmation is needed, and otherwise after the user has confirmed. */
export function confirmLeave(leave: () => void): void {
  if (reasonToStay === null) leave();
  else ask(leave);
}

/** Opens another address, without asking. `replace` removes the current one from the history. */
export function go(address: string, { replace = false } = {}): void {
  reasonToStay = null;
  if (replace) location.replace(address);
  else location.hash = address;
}

/** Updates the address of the page that is shown, for example after the list was sorted, without an entry in the history. */
export function updateAddress(address: string): void {
  history.replaceState(null, "", address);
  dispatchEvent(new HashChangeEvent("hashchange"));
}

/** Returns the current address. If a confirmation is needed, it changes only after the user has confirmed. */
export function useAddress(): string {
  const [address, setAddress] = useState(location.hash);
  useEffect(() => {
    history.scrollRestoration = "manual";
    let current = location.hash;
    const onHashChange = () => {
      if (location.hash === current) return;
      if (reasonToStay === null) {
        current = location.hash;
        setAddress(current);
        return;
      }
      // The address has changed already, by Back for example: restore it, and change it again if the answer is yes.
      const target = location.hash;
      history.pushState(null, "", current);
      ask(() => go(target));
    };
    const onClick = (event: MouseEvent) => {
      const link = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>('a[href^="#"]') : null;
      if (
        reasonToStay === null ||
        link === null ||
        event.defaultPrevented ||
        event.ctrlKey ||
        event.metaKey ||
        event.shiftKey
      )
        return;
      event.preventDefault();
      ask(() => go(link.hash));
    };
    addEventListener("hashchange", onHashChange);
    document.addEventListener("click", onClick);
    return () => {
      removeEventListener("hashchange", onHashChange);
      document.removeEventListener("click", onClick);
    };
  }, []);
  return address;
}

/** The dialog that asks the user whether to leave. It is shown only until the user answers. */
export function LeaveDialog() {
  const [question, setQuestion] = useState<{ reason: string; leave: () => void } | null>(null);
  useEffect(() => {
    ask = (leave) => setQuestion({ reason: reasonToStay ?? "", leave });
    return () => {
      ask = (leave) => leave();
    };
  }, []);
  if (question === null) return null;
  const close = () => setQuestion(null);
  return (
    <Dialog title="Leave this page?" onClose={close}>
      <p>{question.reason}</p>
      <div class="actions">
        <button type="button" class="primary" onClick={close}>
          Stay
        </button>
        <button
          type="button"
          class="danger"
          onClick={() => {
            close();
            reasonToStay = null;
            question.leave();
          }}
        >
          Leave
        </button>
      </div>
    </Dialog>
  );
}
