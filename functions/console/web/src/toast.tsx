// A short message about the outcome of an action. It disappears by itself after some seconds, or when the next action starts.
import { useEffect, useState } from "preact/hooks";

/** In milliseconds. */
const SHOWN_FOR = 6000;

let show: (text: string) => void = () => {};

export const showToast = (text: string) => show(text);
/** Removes the message, so that it does not stay beside the outcome of a later action. */
export const hideToast = () => show("");

export function Toast() {
  const [text, setText] = useState("");
  useEffect(() => {
    show = setText;
    return () => {
      show = () => {};
    };
  }, []);
  useEffect(() => {
    if (text === "") return;
    const timer = setTimeout(() => setText(""), SHOWN_FOR);
    return () => clearTimeout(timer);
  }, [text]);
  return (
    <div class="toast" role="status" data-shown={text !== ""}>
      {text}
    </div>
  );
}
