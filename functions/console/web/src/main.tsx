import { render } from "preact";
import { App } from "./app";

function setting(name: string): string {
  return document.querySelector<HTMLMetaElement>(`meta[name="${name}"]`)?.content ?? "";
}

const root = document.getElementById("app");
if (root) {
  root.replaceChildren();
  const settings = {
    header: setting("token-header"),
    maxLifetimeDays: Number(setting("max-lifetime-days")),
    idleMinutes: Number(setting("idle-minutes")),
  };
  render(<App settings={settings} />, root);
}
