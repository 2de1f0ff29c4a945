import type { ComponentChildren } from "preact";
import { useId, useLayoutEffect, useRef } from "preact/hooks";

/**
 * A modal dialog, which is open as long as it is rendered. Escape and a click on the backdrop do not close it. They call
 * `onClose`, or `onCloseWhileLocked` if it is locked, and the caller decides. If the browser closes the dialog nevertheless, the
 * same function is called, and the dialog is opened again if the caller still renders it.
 */
export function Dialog(props: {
  title: string;
  onClose: () => void;
  locked?: boolean;
  onCloseWhileLocked?: () => void;
  children: ComponentChildren;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  const title = useId();
  const requestClose = useRef(props.onClose);
  requestClose.current = () => (props.locked ? props.onCloseWhileLocked?.() : props.onClose());
  useLayoutEffect(() => {
    const element = dialog.current;
    if (element === null) return;
    const opener = document.activeElement;
    element.showModal();
    // The listener is on the window: while no element of the dialog has the focus, the key is sent to the body.
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key !== "Escape" || !isTopmost(element)) return;
      event.preventDefault();
      requestClose.current();
    };
    const onClose = () => {
      if (!element.isConnected || element.open) return;
      requestClose.current();
      // If the caller still renders the dialog, it must stay open.
      setTimeout(() => {
        if (element.isConnected && !element.open) element.showModal();
      });
    };
    addEventListener("keydown", onKeyDown);
    element.addEventListener("close", onClose);
    return () => {
      removeEventListener("keydown", onKeyDown);
      element.removeEventListener("close", onClose);
      element.close();
      if (opener instanceof HTMLElement && opener.isConnected) opener.focus();
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      // The browser must not close the dialog by itself, because this component would still render it.
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

function isTopmost(dialog: HTMLDialogElement): boolean {
  return [...document.querySelectorAll("dialog[open]")].at(-1) === dialog;
}
