// Signs the user out after a time without input, because anyone who finds the page open could use it.
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { MINUTE } from "./time";

/** The milliseconds between the warning and signing out. If this is more than half of the time limit, half of it is used. */
const WARNING = MINUTE;
const INPUT = ["keydown", "pointerdown", "pointermove", "wheel"];

/**
 * Calls `onIdle` after `minutes` without input; 0 turns this off. Returns whether to warn the user that this will happen
 * soon.
 */
export function useIdle(minutes: number, onIdle: () => void): boolean {
  const [warned, setWarned] = useState(false);
  const latest = useRef(onIdle);
  latest.current = onIdle;
  useEffect(() => {
    if (minutes === 0) return;
    const limit = minutes * MINUTE;
    let last = Date.now();
    /**
     * Calculates the idle time from the clock, because timers stop while the computer sleeps. Returns whether the user is
     * still signed in.
     */
    const check = (): boolean => {
      const idle = Date.now() - last;
      if (idle >= limit) {
        latest.current();
        return false;
      }
      setWarned(idle >= limit - Math.min(WARNING, limit / 2));
      return true;
    };
    const onInput = () => {
      // The first input after a long sleep must not extend the session.
      if (!check()) return;
      last = Date.now();
      setWarned(false);
    };
    const timer = setInterval(check, 1000);
    for (const type of INPUT) addEventListener(type, onInput, { capture: true, passive: true });
    return () => {
      clearInterval(timer);
      for (const type of INPUT) removeEventListener(type, onInput, { capture: true });
    };
  }, [minutes]);
  return warned;
}

export function IdleWarning() {
  const popover = useRef<HTMLParagraphElement>(null);
  // A popover is shown above an open dialog.
  useLayoutEffect(() => popover.current?.showPopover(), []);
  return (
    <p ref={popover} class="toast" data-shown="true" role="alert" popover="manual">
      You’ll be signed out soon, because there was no activity. Move the pointer or press a key to stay signed in.
    </p>
  );
}
