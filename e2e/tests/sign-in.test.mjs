// Signing in at a provider of OpenID Connect: node's certified one, on another site than ours, and a real browser.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, test } from "node:test";
import Provider from "oidc-provider";
import { useSite } from "./harness.mjs";

const SECRET = "between us & nobody";
const server = createServer();
after(() => server.close());

const freePort = () =>
  new Promise((resolve) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });

/** Starts the provider, and returns what the site is started with. */
const settings = async () => {
  const port = await freePort();
  const redirect = `http://127.0.0.1:${port}/auth/oidc/callback`;
  // `localhost` is another site than `127.0.0.1`, so browsers keep strict cookies from its pages.
  await new Promise((resolve) => server.listen(0, "localhost", resolve));
  const issuer = `http://localhost:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients: [{ client_id: "asterism", client_secret: SECRET, redirect_uris: [redirect] }],
    claims: { openid: ["sub"], profile: ["preferred_username", "groups", "org"] },
    conformIdTokenClaims: false,
    cookies: { keys: ["for this test"] },
    findAccount: (_, id) => ({
      accountId: id,
      claims: () => ({ sub: id, preferred_username: id, groups: ["staff"], org: "Studio" }),
    }),
    pkce: { required: () => true },
  });
  server.on("request", provider.callback());
  const env = {
    ASTERISM_OIDC_ISSUER: issuer,
    ASTERISM_OIDC_CLIENT_ID: "asterism",
    ASTERISM_OIDC_CLIENT_SECRET: SECRET,
    ASTERISM_OIDC_REDIRECT_URI: redirect,
    ASTERISM_OIDC_NAME: "Studio ID",
    ASTERISM_OIDC_ROLES_CLAIM: "groups",
    ASTERISM_OIDC_ROLES: "staff=editor",
    ASTERISM_OIDC_ORGANISATION_CLAIM: "org",
  };
  return { port, env };
};

const site = useSite(async () => {}, settings);

const atProvider = async (page) => {
  await page.getByPlaceholder("Enter any login").fill("anna");
  await page.getByPlaceholder("and password").fill("anything");
  await page.getByRole("button", { name: "Sign-in" }).click();
  await page.getByRole("button", { name: "Continue" }).click();
};

test("somebody signs in at the provider, is who they are at once, and signs out", async () => {
  const page = await site.page();
  await page.goto("/sign-in?next=/auth/me");
  await page.getByRole("link", { name: "Sign in with Studio ID" }).click();
  await atProvider(page);
  // Also the first request after the way back has the strict cookies.
  await page.waitForURL("**/auth/me");
  const { name, organisation, roles } = JSON.parse(await page.locator("body").textContent());
  assert.deepEqual({ name, organisation, roles }, { name: "anna", organisation: "Studio", roles: ["editor"] });
  await page.goto("/sign-in");
  await page.getByText("You are anna of Studio").waitFor();
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.goto("/sign-in");
  await page.getByRole("link", { name: "Sign in with Studio ID" }).waitFor();
});

test("who cancels there reads why, and may try again", async () => {
  const page = await site.page();
  await page.goto("/sign-in");
  await page.getByRole("link", { name: "Sign in with Studio ID" }).click();
  await page.getByRole("link", { name: /cancel/i }).click();
  await page.getByRole("alert").filter({ hasText: "Studio ID did not let you in" }).waitFor();
  await page.getByRole("link", { name: "Sign in with Studio ID" }).waitFor();
});

test("a conversation follows who signed in to another browser, and nobody else", async () => {
  const texts = [];
  for (const round of ["asks", "reads"]) {
    const page = await site.page();
    await page.goto("/sign-in");
    await page.getByRole("link", { name: "Sign in with Studio ID" }).click();
    await atProvider(page);
    await page.waitForURL((url) => url.pathname === "/");
    const answer = await page.evaluate(async (asks) => {
      if (asks) {
        const body = JSON.stringify({ question: "How was the mainframe left?" });
        const headers = { "content-type": "application/json", accept: "application/json" };
        const asked = await fetch("/api/ask/generate", { method: "POST", headers, body });
        await asked.text();
      }
      return (await fetch("/api/ask/conversations")).json();
    }, round === "asks");
    texts.push(answer.conversations.map(({ id }) => id));
    await page.context().close();
  }
  assert.equal(texts[0].length, 1);
  assert.deepEqual(texts[1], texts[0]);
  const stranger = await (await site.page()).request.get(`${site.site.url}/api/ask/conversations`);
  assert.deepEqual((await stranger.json()).conversations, []);
});
