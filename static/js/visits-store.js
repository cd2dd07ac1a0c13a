// Reports of visits that wait on this phone, and how they leave: shared by the page (visits.js) and by its service worker,
// which the server gives with this file in front. A report goes with a one-use key: sent twice, it is entered once.
(() => {
  "use strict";

  const BASE = "visites";
  const TABLE = "envois";
  const WEEK = 7 * 86400e3;

  const settled = (request) =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });

  async function table(mode, act) {
    const opening = indexedDB.open(BASE, 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore(TABLE, { keyPath: "key" });
    const base = await settled(opening);
    try {
      return await settled(act(base.transaction(TABLE, mode).objectStore(TABLE)));
    } finally {
      base.close();
    }
  }

  const put = (report) => table("readwrite", (rows) => rows.put(report));
  const remove = (key) => table("readwrite", (rows) => rows.delete(key));

  // One person's own, the oldest first. What was refused is forgotten after a week; what waits stays until it is sent.
  async function all(owner) {
    const found = await table("readonly", (rows) => rows.getAll());
    const kept = [];
    for (const report of found) {
      if (report.state === "refused" && Date.now() - report.at > WEEK) await remove(report.key);
      else if (!owner || report.owner === owner) kept.push(report);
    }
    return kept.sort((one, other) => one.at - other.at);
  }

  async function forgetPages() {
    for (const name of await caches.keys()) await caches.delete(name);
  }

  // Nothing of anyone stays on this phone.
  async function forget() {
    await forgetPages();
    await table("readwrite", (rows) => rows.clear());
  }

  const GONE = "Cet élève n’est plus parmi ceux que vous suivez : ce compte rendu n’est pas enregistré. Copiez votre texte si besoin.";
  const ODD = "La plateforme n’a pas accepté cet envoi. Copiez votre texte, puis notez la visite depuis la page du placement.";

  async function sendOne(report, token) {
    const body = new FormData();
    for (const [name, value] of report.fields) if (name !== "csrfmiddlewaretoken" && name !== "creation_key") body.append(name, value);
    body.append("creation_key", report.key);
    const headers = { Accept: "application/json", "X-CSRFToken": token };
    const answer = await fetch(report.url, { method: "POST", body, headers, redirect: "manual" });
    if (answer.type === "opaqueredirect") return "signin";
    const isJson = (answer.headers.get("Content-Type") ?? "").startsWith("application/json");
    if (answer.ok && isJson) {
      await remove(report.key);
      return "sent";
    }
    if (answer.status >= 500 || answer.status === 429) return "waiting"; // busy: again later
    const said = isJson ? (await answer.json()).said : answer.status === 404 ? GONE : ODD;
    await put({ ...report, state: "refused", said });
    return "refused";
  }

  // Sends what waits. Tells what became of it: { sent: [reports], stopped: "" | "offline" | "signin" | "closed" }.
  async function sendAll(stateUrl) {
    const sent = [];
    const waiting = (await all()).filter((report) => report.state === "waiting");
    if (!waiting.length) return { sent, stopped: "" };
    try {
      const answer = await fetch(stateUrl, { headers: { Accept: "application/json" }, redirect: "manual", cache: "no-store" });
      if (answer.type === "opaqueredirect") return { sent, stopped: "signin" };
      if (answer.status === 403 || answer.status === 404) {
        await forget(); // the account is closed here: nothing of its pupils stays
        return { sent, stopped: "closed" };
      }
      if (!answer.ok) return { sent, stopped: "offline" };
      const state = await answer.json();
      for (const report of waiting) {
        if (report.owner !== state.owner) continue; // another person signed in on this phone
        const outcome = await sendOne(report, state.csrf);
        if (outcome === "sent") sent.push(report);
        if (outcome === "signin") return { sent, stopped: "signin" };
      }
      return { sent, stopped: "" };
    } catch {
      return { sent, stopped: "offline" };
    }
  }

  // One sender at a time, page or worker.
  const send = (stateUrl) =>
    navigator.locks ? navigator.locks.request(BASE, () => sendAll(stateUrl)) : sendAll(stateUrl);

  self.visitsStore = { put, remove, all, forget, forgetPages, send, WEEK };
})();
