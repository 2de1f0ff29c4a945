// The browser that runs the tests: Debian's Chromium, or Debian's Firefox with BROWSER=firefox. Chromium is the build without
// windows, which needs a third of the processor time, except for the test that needs a profile.
import Module, { createRequire } from "node:module";

export const IN_FIREFOX = process.env.BROWSER === "firefox";

/** What is replaced in Playwright's source for Firefox. */
const REPLACED = [
  // Debian's Firefox does not know this command, which sets media features and is sent in each context. The other one changes
  // nothing. Tests of color schemes, forced colors and print therefore need Chromium.
  ['"emulation.setMediaFeaturesOverride"', '"session.status"'],
  // A tab opens faster than a window.
  ["type: BrowsingContext.CreateType.Window", "type: BrowsingContext.CreateType.Tab"],
];

const require = createRequire(new URL("../../functions/console/web/package.json", import.meta.url));
const { chromium, firefox } = IN_FIREFOX ? loadForFirefox() : require("playwright-core");

/** Loads Playwright with these replacements. */
function loadForFirefox() {
  const compile = Module.prototype._compile;
  Module.prototype._compile = function (source, file) {
    const replaced = file.endsWith("coreBundle.js") ? REPLACED : [];
    const changed = replaced.reduce((text, [from, to]) => text.replaceAll(from, to), source);
    return compile.call(this, changed, file);
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
  firefoxUserPrefs: {
    "ui.prefersReducedMotion": 1,
    // Firefox has no permission for the clipboard, only this preference.
    "dom.events.testing.asyncClipboard": true,
    // One process for all pages, because each takes long to start.
    "dom.ipc.processCount": 1,
    "dom.ipc.processPrelaunch.enabled": false,
    "fission.autostart": false,
  },
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
