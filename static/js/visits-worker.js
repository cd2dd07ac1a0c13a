// The service worker of « Mes visites du jour »: its page opens without network, from the copy that the page itself kept
// because its reader asked for it (visits.js). It answers for that page alone, and keeps nothing by itself.
(() => {
  "use strict";

  const { forget, forgetPages, send, WEEK } = self.visitsStore;
  const page = new URL("du-jour/", self.registration.scope);
  const PATIENCE = 8000; // a bar of network that never answers is no network

  const sorry =
    "<!doctype html><html lang=fr><meta charset=utf-8><meta name=viewport content='width=device-width'><title>Hors connexion</title>" +
    "<h1>Pas de réseau</h1><p>Vos visites ne sont pas gardées sur ce téléphone, ou le sont depuis plus d’une semaine. Rouvrez cette page avec du réseau.</p>";

  async function kept() {
    const known = await caches.match(page.href, { ignoreVary: true });
    if (known && Date.now() - Number(known.headers.get("X-Kept-At")) < WEEK) return known;
    if (known) await forgetPages();
    return new Response(sorry, { status: 503, headers: { "Content-Type": "text/html; charset=utf-8" } });
  }

  async function opened(request) {
    const patience = new AbortController();
    const clock = setTimeout(() => patience.abort(), PATIENCE);
    try {
      const answer = await fetch(request, { signal: patience.signal });
      if (answer.status === 403 || answer.status === 404) await forget();
      return answer.status >= 500 ? await kept() : answer;
    } catch {
      return kept();
    } finally {
      clearTimeout(clock);
    }
  }

  async function asset(request) {
    try {
      return await fetch(request);
    } catch (lost) {
      const known = await caches.match(request, { ignoreVary: true });
      if (known) return known;
      throw lost;
    }
  }

  self.addEventListener("install", () => self.skipWaiting());
  self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
  self.addEventListener("fetch", (event) => {
    const { request } = event;
    const url = new URL(request.url);
    if (request.method !== "GET" || url.origin !== page.origin) return;
    if (request.mode === "navigate") {
      if (url.pathname === page.pathname) event.respondWith(opened(request));
    } else if (["style", "script", "image", "font"].includes(request.destination)) {
      event.respondWith(asset(request));
    }
  });
  // The network is back although the page is closed (Background Sync, where the browser has it).
  self.addEventListener("sync", (event) => {
    if (event.tag === "visites") event.waitUntil(send(new URL("etat/", self.registration.scope).href));
  });
})();
