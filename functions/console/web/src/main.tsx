import { render } from "preact";
import { App } from "./app";
import { loadKinds } from "./permissions";

const root = document.getElementById("app");
if (root) {
  let page = <App />;
  try {
    await loadKinds();
  } catch {
    page = (
      <main>
        <p role="alert">The console could not be loaded completely. Check your connection, and reload the page.</p>
      </main>
    );
  }
  root.replaceChildren();
  render(page, root);
}
