// A passkey, with a device that Chromium pretends to have.

import assert from "node:assert/strict";

import { says, picture } from "../world.mjs";

export const journeys = [["a resident adds a passkey and signs in with it", passkey]];

async function passkey(world) {
  const page = await world.person("zhuhu");
  const devices = await page.context().newCDPSession(page);
  await devices.send("WebAuthn.enable");
  const { authenticatorId } = await devices.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2", transport: "internal", hasResidentKey: true, hasUserVerification: true,
      isUserVerified: true, automaticPresenceSimulation: true,
    },
  });
  await page.goto("/me/passkeys/new");
  assert.match(page.url(), /\/me\/passkeys\/new$/, "a fresh session may add a passkey at once");
  await page.fill("input[name=label]", "妈妈的手机");
  await picture(page, "passkey-new");
  await page.locator("form[data-passkey=create] button").first().click();
  await page.waitForURL(/\/me$/);
  await says(page, "妈妈的手机");
  const { credentials } = await devices.send("WebAuthn.getCredentials", { authenticatorId });
  assert.equal(credentials.length, 1);
  await picture(page, "passkey-kept");

  await page.context().clearCookies();
  await page.goto("/sign-in");
  const button = page.locator("form[data-passkey='sign-in'] button");
  // The device may answer the page's standing offer before anyone reaches for the button.
  await button.click({ timeout: 5_000 }).catch(() => {});
  await page.waitForURL((url) => !url.pathname.startsWith("/sign-in"));
  const me = await page.request.get("/api/v1/me");
  assert.equal((await me.json()).assurance, "passkey");
}
