// The browser that runs the tests: Debian's Chromium, or Debian's Firefox with BROWSER=firefox. Chromium is the build without
// windows, which needs a third of the processor time, except for the test that needs a profile.
import Module, { createRequire } from "node:module";

export const IN_FIREFOX = process.env.BROWSER === "firefox";

const require = createRequire(new URL("../../functions/console/web/package.json", import.meta.url));
const { chromium, firefox } = IN_FIREFOX ? loadForFirefox() : require("playwright-core");

/**
 * Loads Playwright, and replaces its command that sets media features, because Debian's Firefox does not know this command and
 * Playwright sends it in each context. Tests of color schemes, forced colors and print therefore need Chromium.
 */
function loadForFirefox() {
  const compile = Module.prototype._compile;
  Module.prototype._compile = function (source, file) {
    const isBundle = file.endsWith("coreBundle.js");
    const unknown = '"emulation.setMediaFeaturesOverride"';
    // The command `session.status` changes nothing.
    return compile.call(this, isBundle ? source.replaceAll(unknown, '"session.status"') : source, file);
  };
  const playwright = require("playwright-core");
  Module.prototype._compile = compile;
  return playwright;
}

const CHROMIUM = {
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium-headless-shell",
  args: [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ],
};

const FIREFOX = {
  channel: "moz-firefox",
  executablePath: process.env.FIREFOX ?? "/usr/bin/firefox-esr",
  // Firefox has no permission for the clipboard, only this preference.
  firefoxUserPrefs: { "ui.prefersReducedMotion": 1, "dom.events.testing.asyncClipboard": true },
};

export const launch = () => (IN_FIREFOX ? firefox.launch(FIREFOX) : chromium.launch(CHROMIUM));

/** What each context may do without asking its user. */
export const PERMISSIONS = IN_FIREFOX ? {} : { permissions: ["clipboard-read", "clipboard-write"] };

/** Launches Chromium with a profile in this folder. */
export const launchWithProfile = (folder) =>
  chromium.launchPersistentContext(folder, {
    ...CHROMIUM,
    executablePath: process.env.CHROMIUM_WITH_PROFILE ?? "/usr/bin/chromium",
    permissions: ["clipboard-read", "clipboard-write"],
  });
