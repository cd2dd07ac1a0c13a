// « Mes visites du jour » on a phone: reports leave when they can, and the page opens without network once one asks to keep it.
// Without this file the page works online: each form posts by itself.
(() => {
  "use strict";

  const root = document.querySelector("[data-visits]");
  const store = self.visitsStore;
  if (!root || !store || !self.isSecureContext || !self.indexedDB || !self.caches || !crypto.randomUUID) return;
  const { owner, state, login, worker } = root.dataset;
  const KEPT = "visites-gardees"; // who asked to keep their visits on this phone; no name, a mark of the account
  const WAITING = "visites-en-attente"; // how many reports wait: signing out asks first (app.js)
  const list = root.querySelector("[data-queue]");
  const said = document.getElementById("annonces");

  const element = (tag, className, text) => {
    const made = document.createElement(tag);
    if (className) made.className = className;
    if (text) made.textContent = text;
    return made;
  };
  const hour = (at) => new Date(at).toLocaleTimeString("fr-FR", { hour: "2-digit", minute: "2-digit" });
  const announce = (text) => {
    if (said) said.textContent = text;
  };

  // ------------------------------------------------------------------------------------------------ what waits, in words

  const text = (report) => report.fields.filter(([name, value]) => ["report", "alert_text"].includes(name) && value).map(([, value]) => value).join("\n");

  function line(report, stopped) {
    const item = element("li", "visit-waiting");
    item.append(element("strong", "", report.title), element("span", "small muted", `noté à ${hour(report.at)}`));
    const why =
      report.state === "refused" ? report.said
      : stopped === "signin" ? "Votre session est finie. Connectez-vous : il part ensuite tout seul."
      : "En attente d’envoi : il part dès que le réseau revient.";
    item.append(element("p", report.state === "refused" ? "field-error" : "small", why));
    if (text(report)) item.append(element("p", "break", text(report)));
    const acts = element("div", "row-actions");
    const button = (label, act) => {
      const made = element("button", "btn", label);
      made.type = "button";
      made.addEventListener("click", act);
      acts.append(made);
    };
    if (report.state === "refused") {
      const form = [...root.querySelectorAll("form[data-visit]")].find((one) => one.action === report.url);
      if (form) button("Corriger", () => correct(report, form));
    } else if (stopped === "signin") {
      const link = element("a", "btn btn-primary", "Me connecter");
      link.href = login;
      acts.append(link);
    } else button("Envoyer maintenant", flush);
    if (text(report) && navigator.clipboard) {
      button("Copier le texte", async (event) => {
        await navigator.clipboard.writeText(text(report));
        event.target.textContent = "Copié";
      });
    }
    if (report.state === "refused") button("Effacer", async () => (await store.remove(report.key), draw("")));
    item.append(acts);
    return item;
  }

  async function draw(stopped) {
    const reports = await store.all(owner);
    localStorage.setItem(WAITING, String(reports.filter((report) => report.state === "waiting").length));
    list.hidden = !reports.length;
    list.querySelector("ul").replaceChildren(...reports.map((report) => line(report, stopped)));
  }

  async function correct(report, form) {
    for (const [name, value] of report.fields) {
      for (const field of form.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
        if (field.type === "radio" || field.type === "checkbox") field.checked = field.value === value;
        else if (field.type !== "file" && field.type !== "hidden") field.value = value;
      }
    }
    await store.remove(report.key);
    await draw("");
    form.closest("details").open = true;
    form.querySelector("textarea").focus();
  }

  // ----------------------------------------------------------------------------------------------------------- sending

  function tellSent(report) {
    const form = [...root.querySelectorAll("form[data-visit]")].find((one) => one.action === report.url);
    const done = form?.closest("details")?.parentElement.querySelector("[data-done]");
    if (done) {
      done.hidden = false;
      done.textContent = `Compte rendu envoyé à ${hour(Date.now())}.`;
    }
    announce(`${report.title} : compte rendu envoyé.`);
  }

  async function flush(just) {
    const before = [...(just?.key ? [just] : []), ...await store.all(owner)];
    const { stopped } = await store.send(state);
    if (stopped === "closed") return location.reload();
    const kept = new Set((await store.all(owner)).map((report) => report.key));
    for (const report of before) if (!kept.has(report.key)) tellSent(report); // by this page, or by the worker beside it
    await draw(stopped);
  }

  root.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!form.matches("form[data-visit]")) return;
    event.preventDefault();
    const fields = [...new FormData(form)].filter(([, value]) => !(value instanceof File && !value.size));
    const report = { key: crypto.randomUUID(), owner, url: form.action, title: form.dataset.visit, fields, state: "waiting", at: Date.now() };
    await store.put(report);
    delete form.dataset.changed;
    form.reset();
    form.closest("details").open = false;
    form.closest("details").querySelector("summary").focus();
    announce("Compte rendu gardé, en attente d’envoi.");
    await draw("");
    const ready = await navigator.serviceWorker?.getRegistration();
    ready?.sync?.register("visites").catch(() => {}); // refused by the browser: the page sends by itself
    await flush(report);
  }, { capture: true }); // before app.js marks the form as gone

  addEventListener("online", flush);
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && flush());
  setInterval(() => Number(localStorage.getItem(WAITING)) && flush(), 60e3);

  // ------------------------------------------------------------------------------------------ kept on this phone, or not

  async function keep() {
    const answer = await fetch(location.pathname, { cache: "no-store", redirect: "manual" });
    if (!answer.ok) return;
    const headers = new Headers(answer.headers);
    headers.set("X-Kept-At", String(Date.now()));
    const cache = await caches.open("visites");
    const assets = [...document.querySelectorAll("link[rel=stylesheet], link[rel=icon], script[src], use")]
      .map((one) => (one.href?.baseVal ?? one.href ?? one.src).split("#")[0]);
    await Promise.all([...new Set(assets)].map((one) => cache.add(one)));
    await cache.put(new URL(location.pathname, location.href).href, new Response(await answer.blob(), { headers }));
  }

  async function show() {
    const isKept = localStorage.getItem(KEPT) === owner;
    root.querySelector("[data-ask]").hidden = isKept || !navigator.serviceWorker;
    root.querySelector("[data-kept]").hidden = !isKept;
  }

  async function ask() {
    await navigator.serviceWorker.register(worker);
    await navigator.serviceWorker.ready;
    await keep();
    localStorage.setItem(KEPT, owner);
    announce("Vos visites s’ouvrent maintenant sans réseau sur ce téléphone.");
    await show();
  }

  async function leave() {
    await store.forgetPages();
    await (await navigator.serviceWorker?.getRegistration())?.unregister();
    localStorage.removeItem(KEPT);
    announce("Vos visites ne sont plus gardées sur ce téléphone.");
    await show();
  }

  root.querySelector("[data-ask] button").addEventListener("click", ask);
  root.querySelector("[data-kept] button").addEventListener("click", leave);

  (async () => {
    const known = localStorage.getItem(KEPT);
    if (known && known !== owner) await leave(); // someone else's, who did not sign out
    else if (known) {
      await navigator.serviceWorker?.register(worker).catch(() => {}); // without network: the one that is there
      await keep().catch(() => {});
    }
    await show();
    await draw("");
    await flush();
  })();
})();
