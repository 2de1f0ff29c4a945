// Allowed addresses, and the right of a token to regenerate itself.
import assert from "node:assert/strict";
import { api, generate, isOff, openForm, openToken, SUPER_ADMIN, signIn, test, waitForText } from "./support.mjs";

const addresses = (page) => page.getByLabel("Allowed addresses");
const recordOf = async (name) => (await api("GET", `/v1/tokens?namePrefix=${name}`)).body.tokens[0];
const fact = (page, name) => page.locator(".facts div").filter({ hasText: name }).locator("dd");

test("a new token is limited to addresses, and may regenerate itself", async (page) => {
  await openForm(page, "limited");
  await page.getByLabel("Paths").fill("/orders/**,");
  await page.getByLabel("Any address").uncheck();
  await page.getByRole("button", { name: "Generate token" }).click();
  await waitForText(page, "Enter one or more addresses, or select “Any address”");
  await addresses(page).fill("203.0.113.7, 10.1.2.3/8,");
  await page.getByLabel("May regenerate itself").check();
  await page.getByRole("button", { name: "Generate token" }).click();
  // The server names the range that was probably meant.
  await waitForText(page, /“10\.1\.2\.3\/8”: .*10\.0\.0\.0\/8/);
  await page.waitForFunction(() => document.activeElement?.getAttribute("aria-invalid") === "true");
  await page.getByRole("button", { name: "Remove 10.1.2.3/8" }).click();
  // What is still being typed is sent, too.
  await addresses(page).fill("10.0.0.0/8");
  await page.getByRole("button", { name: "Generate token" }).click();
  await page.getByRole("button", { name: "Copy token" }).click();
  await page.getByRole("button", { name: "Done" }).click();
  const { allowedIps, selfRegenerate } = await recordOf("limited");
  assert.deepEqual([[...allowedIps].sort(), selfRegenerate], [["10.0.0.0/8", "203.0.113.7"], true]);
  await openToken(page, "limited");
  assert.deepEqual((await fact(page, "Allowed addresses").innerText()).split(", ").sort(), [
    "10.0.0.0/8",
    "203.0.113.7",
  ]);
  assert.equal(await fact(page, "May regenerate itself").innerText(), "Yes");
  // A duplicate has both properties.
  await page.getByRole("link", { name: "Duplicate" }).click();
  await page.getByRole("heading", { name: "Generate a token" }).waitFor();
  await page.getByRole("button", { name: "Remove 203.0.113.7" }).waitFor();
  assert.equal(await page.getByLabel("May regenerate itself").isChecked(), true);
});

test("addresses are changed, shown as they are stored, and removed", async (page) => {
  const { id } = await generate("relocated");
  await signIn(page);
  await openToken(page, "relocated");
  assert.equal(await fact(page, "Allowed addresses").innerText(), "Any");
  assert.equal(await addresses(page).isDisabled(), true);
  await page.getByLabel("Any address").uncheck();
  await addresses(page).fill("2001:DB8:0::1,");
  await page.getByLabel("May regenerate itself").check();
  await page.getByRole("button", { name: "Save changes" }).click();
  await page.getByText("version 2").waitFor();
  await page.getByRole("button", { name: "Remove 2001:db8::1" }).waitFor();
  const first = (await api("GET", `/v1/tokens/${id}`)).body;
  assert.deepEqual([first.allowedIps, first.selfRegenerate], [["2001:db8::1"], true]);
  assert.equal(await isOff(page.getByRole("button", { name: "Save changes" })), true);
  await page.getByLabel("Any address").check();
  await page.getByRole("button", { name: "Save changes" }).click();
  await page.getByText("version 3").waitFor();
  const second = (await api("GET", `/v1/tokens/${id}`)).body;
  assert.deepEqual([second.allowedIps, second.selfRegenerate], [null, true]);
});

test("what someone else changed in the addresses is shown, and not overwritten", async (page) => {
  const { id } = await generate("contested-addresses");
  await signIn(page);
  await openToken(page, "contested-addresses");
  await api("PATCH", `/v1/tokens/${id}`, { allowedIps: ["198.51.100.0/24"] });
  await page.getByLabel("May regenerate itself").check();
  await page.getByRole("button", { name: "Save changes" }).click();
  await page.locator(".theirs").getByText("198.51.100.0/24").waitFor();
  await waitForText(page.locator(".mine"), "Your right to regenerate itself (changed)");
  await waitForText(page, "Overwriting changes only the right to regenerate itself.");
  await page.getByRole("button", { name: "Overwrite with my changes" }).click();
  await page.getByText("version 3").waitFor();
  const { allowedIps, selfRegenerate } = (await api("GET", `/v1/tokens/${id}`)).body;
  assert.deepEqual([allowedIps, selfRegenerate], [["198.51.100.0/24"], true]);
});

test("limiting your own token requires a confirmation", async (page) => {
  const { id, token } = await generate("own-limit", SUPER_ADMIN);
  await signIn(page, token);
  await openToken(page, "own-limit");
  await page.getByLabel("Any address").uncheck();
  await addresses(page).fill("203.0.113.7,");
  await page.getByRole("button", { name: "Save changes" }).click();
  const dialog = page.getByRole("dialog", { name: "Limit your own token?" });
  await waitForText(dialog, "If your own address is not among the allowed ones, you are signed out");
  assert.equal((await api("GET", `/v1/tokens/${id}`)).body.version, 1);
  await dialog.getByLabel("Limit my own token to these addresses").check();
  await dialog.getByRole("button", { name: "Save" }).click();
  await waitForText(page, "Saved.");
  // The address of this browser is not the allowed one.
  await page.getByRole("link", { name: "All tokens" }).click();
  await page.getByRole("button", { name: "Refresh", exact: true }).click();
  await waitForText(page, "may not be used from your address");
});
