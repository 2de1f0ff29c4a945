// The address of the page, and what keeps the user from leaving a page whose work is not saved.
import { useEffect, useLayoutEffect, useState } from "preact/hooks";
import { Dialog } from "./dialog";

/** What leaving the current page would lose; null if nothing. */
let held: string | null = null;
/** Asks the user whether to lose it, and leaves after a yes. */
let ask: (leave: () => void) => void = (leave) => leave();

/** Keeps the user from leaving by mistake while there is a reason, such as a change that is not saved. */
export function useHold(reason: string | null): void {
  useLayoutEffect(() => {
    held = reason;
    return () => {
      held = null;
    };
  }, [reason]);
  useUnloadWarning(reason !== null);
}

/** Makes the browser ask before it closes or reloads the page. */
export function useUnloadWarning(active: boolean): void {
  useEffect(() => {
    if (!active) return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener("beforeunload", warn);
    return () => removeEventListener("beforeunload", warn);
  }, [active]);
}

/** Calls `leave` at once, or after the user has agreed to lose what is not saved. */
export function confirmLeave(leave: () => void): void {
  if (held === null) leave();
  else ask(leave);
}

/** Opens another address, without asking. `replace` removes the current one from the history. */
export function go(address: string, { replace = false } = {}): void {
  held = null;
  if (replace) location.replace(address);
  else location.hash = address;
}

/** Changes the address without opening another page, for example after the list was sorted. */
export function rewrite(address: string): void {
  history.replaceState(null, "", address);
  dispatchEvent(new HashChangeEvent("hashchange"));
}

/** Returns the current address, and stays at it while the user decides whether to leave. */
export function useAddress(): string {
  const [address, setAddress] = useState(location.hash);
  useEffect(() => {
    history.scrollRestoration = "manual";
    let current = location.hash;
    const onHashChange = () => {
      if (location.hash === current) return;
      if (held === null) {
        current = location.hash;
        setAddress(current);
        return;
      }
      // The browser has left already, by Back for example: return, and leave again after a yes.
      const target = location.hash;
      history.pushState(null, "", current);
      ask(() => go(target));
    };
    const onClick = (event: MouseEvent) => {
      const link = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>('a[href^="#"]') : null;
      if (held === null || link === null || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey)
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

/** Shows the question whether to leave, when it is asked. */
export function LeaveDialog() {
  const [question, setQuestion] = useState<{ reason: string; leave: () => void } | null>(null);
  useEffect(() => {
    ask = (leave) => setQuestion({ reason: held ?? "", leave });
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
            held = null;
            question.leave();
          }}
        >
          Leave
        </button>
      </div>
    </Dialog>
  );
}
