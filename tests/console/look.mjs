// Takes screenshots of the console's pages and dialogs, in three widths and two color schemes, and the picture in README.md.
// Run it with `tests/console/run look`, which starts a gateway.
import { mkdirSync } from "node:fs";
import { api, failing, generate, launch, ORDERS, open, signIn } from "./support.mjs";

const PICTURES = process.env.PICTURES;
mkdirSync(PICTURES, { recursive: true });

const DEPLOYER = {
  resource: "devtronApps",
  project: "payments",
  environments: ["prod", "staging"],
  applications: ["*"],
  role: "trigger",
};
const READER = {
  resource: "kubernetes",
  cluster: "production",
  namespaces: ["*"],
  apiGroups: ["*"],
  kinds: ["*"],
  names: ["*"],
  role: "view",
};
const HELM = {
  resource: "helmApps",
  project: "*",
  environments: ["production/web"],
  applications: ["*"],
  role: "admin",
};
const TEAM = [
  [
    "ci-deployer",
    {
      description: "Deploys every build of main",
      expiresInDays: 90,
      permissions: { type: "specific", grants: [DEPLOYER] },
    },
  ],
  ["nightly-report", { description: "Reads orders for the report at two", expiresInDays: 3, permissions: ORDERS }],
  ["grafana", { description: "Dashboards on the wall", permissions: { type: "specific", grants: [READER, HELM] } }],
  ["on-call", { description: "Break glass", expiresInDays: 7, permissions: { type: "superAdmin" } }],
  ["partner-invoices", { description: "", expiresInDays: 365, permissions: ORDERS }],
];
for (const [name, more] of TEAM) await generate(name, more);

const browser = await launch();
const { page } = await open(browser);

/** Takes a screenshot of the current state for each width and color scheme. */
async function look(state) {
  for (const width of [360, 768, 1440]) {
    for (const colorScheme of ["light", "dark"]) {
      await page.setViewportSize({ width, height: 900 });
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await page.screenshot({ path: `${PICTURES}/${state}-${width}-${colorScheme}.png`, fullPage: true });
    }
  }
}

await page.clock.install();
await look("sign-in");
await page.getByLabel("Token", { exact: true }).fill("hunter2");
await page.getByRole("button", { name: "Sign in" }).click();
await look("sign-in-rejected");
await signIn(page);
await page.getByRole("link", { name: "on-call", exact: true }).waitFor();
await look("list");

await page.setViewportSize({ width: 1280, height: 640 });
await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
await page.screenshot({ path: `${PICTURES}/console.png` });

const restore = await failing(page, "**/v1/tokens?*", 503, {
  title: "The table is unavailable",
  status: 503,
  detail: "The table is unavailable. Try again.",
  type: "urn:tokenward:problem:unavailable",
});
await page.getByRole("button", { name: "Refresh", exact: true }).click();
await page.getByRole("button", { name: "Try again" }).waitFor();
await look("list-failure");
await restore();
await page.getByRole("button", { name: "Try again" }).click();
await page.getByRole("searchbox").fill("zzz");
await page.getByText("No tokens match").first().waitFor();
await look("list-nothing-found");
await page.getByRole("button", { name: "Clear filters" }).click();

await page.getByRole("link", { name: "Generate a token" }).click();
await look("generate");
await page.getByLabel("Name", { exact: true }).fill("ci-deployer-2");
await page.getByLabel("Expiration").selectOption("90 days");
await page.getByRole("tab", { name: "Devtron apps" }).click();
await page.getByRole("button", { name: "Add a permission" }).click();
await page.getByLabel("Project", { exact: true }).fill("payments");
await page.getByLabel("All applications").check();
for (const environment of ["prod", "staging"]) {
  await page.getByLabel("Environments", { exact: true }).fill(environment);
  await page.getByLabel("Environments", { exact: true }).press("Enter");
}
await page.getByLabel("Role").selectOption("trigger");
await page.getByText("Test a request").click();
await look("generate-filled");
await page.getByRole("button", { name: "Generate token" }).click();
await page.getByRole("dialog").waitFor();
await page.getByText("Use it with curl").click();
await page.getByRole("button", { name: "Copy token" }).click();
await page.getByText("Token copied.").waitFor();
await look("reveal");
await page.getByRole("button", { name: "Done" }).click();
await page.getByRole("link", { name: "ci-deployer", exact: true }).click();
await page.getByRole("button", { name: "Save changes" }).waitFor();
await look("token");
await page.getByLabel("Description").fill("Not saved yet");
await page.getByRole("link", { name: "All tokens" }).click();
await page.getByRole("dialog", { name: "Leave this page?" }).waitFor();
await look("leave");
await page.getByRole("button", { name: "Stay" }).click();
await page.getByRole("button", { name: "Discard changes" }).click();
await page.getByLabel("Super admin").check();
await page.getByRole("button", { name: "Save changes" }).click();
await page.getByRole("dialog").waitFor();
await look("promote");
await page.keyboard.press("Escape");
await page.getByRole("button", { name: "Discard changes" }).click();
const [{ id }] = (await api("GET", "/v1/tokens?namePrefix=ci-deployer&limit=1")).body.tokens;
await api("PATCH", `/v1/tokens/${id}`, { description: "Deploys every build, and rolls back" });
await page.getByLabel("Description").fill("Deploys main");
await page.getByRole("button", { name: "Save changes" }).click();
await page.getByText("Someone else changed this token").waitFor();
await look("conflict");
await page.getByRole("button", { name: "Use their version" }).click();
await page.getByRole("button", { name: "Regenerate…" }).click();
await page.getByRole("dialog").waitFor();
await look("regenerate");
await page.keyboard.press("Escape");
await page.getByRole("button", { name: "Delete…" }).click();
await page.getByRole("dialog").waitFor();
await look("delete");
await page.keyboard.press("Escape");
await page.getByLabel("Any address").uncheck();
await page.getByLabel("Allowed addresses").fill("203.0.113.7/8, 2001:db8::/32,");
await page.getByLabel("May regenerate itself").check();
await page.getByRole("button", { name: "Save changes" }).click();
await page.getByText("“203.0.113.7/8”").waitFor();
await look("addresses-wrong");
await page.getByRole("button", { name: "Remove 203.0.113.7/8" }).click();
await page.getByRole("button", { name: "Save changes" }).click();
await page.getByText("Saved.").waitFor();
await page.getByRole("button", { name: "Show history" }).click();
await page.getByText("Before and after").first().click();
await page.getByText("2001:db8::/32").last().waitFor();
await look("token-history");
await page.getByRole("link", { name: "All tokens" }).click();
await page.getByRole("link", { name: "History", exact: true }).click();
await page.getByText("Before and after").last().click();
await page.getByText("2001:db8::/32").last().waitFor();
await look("history");
await page.evaluate(() => history.back());
// The history has a link with this name, too, so the click must wait until the list has replaced it.
await page.getByRole("heading", { name: "API tokens", exact: true }).waitFor();
await page.getByRole("link", { name: "ci-deployer", exact: true }).click();
await page.getByRole("button", { name: "Save changes" }).waitFor();
const many = Array.from({ length: 30 }, (_, n) => ({ resource: "routes", methods: ["GET"], paths: [`/orders/${n}`] }));
await api("PATCH", `/v1/tokens/${id}`, { permissions: { type: "specific", grants: many } });
await page.reload();
// The reload signed the super admin out. After the sign-in, the page of the token opens again.
await signIn(page, undefined, "ci-deployer");
await page.getByText("30. Send GET").waitFor();
await look("many-permissions");
await page.emulateMedia({ forcedColors: "active" });
await look("forced-colors");
await page.emulateMedia({ forcedColors: "none" });
await page.clock.runFor("29:30");
await page.getByRole("alert").waitFor();
await look("idle");
await page.clock.runFor("00:30");
await page.getByText("You were signed out").waitFor();
await look("signed-out");
const holder = await generate("night-shift", {
  description: "Reads orders for the night shift",
  owner: "Payments",
  selfRegenerate: true,
  allowedIps: ["127.0.0.0/8"],
  expiresInDays: 45,
});
await signIn(page, holder.token, "night-shift");
await look("self");
await page.getByRole("button", { name: "Regenerate…" }).click();
await look("self-regenerate");
await page.keyboard.press("Escape");
await page.getByRole("button", { name: "Revoke…" }).click();
await look("self-revoke");
await browser.close();
