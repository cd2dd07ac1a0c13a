// Comfort only: every page works without this file.
(() => {
  "use strict";

  // A form that came back with errors: the summary is read first.
  document.querySelector("[data-error-summary]")?.focus();

  // Menus made of <details> close on Escape, on a click elsewhere, and when another opens.
  const menus = () => document.querySelectorAll("details[data-menu][open]");
  document.addEventListener("click", (event) => {
    for (const menu of menus()) if (!menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of menus()) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });

  // A second click does not send twice. The server refuses it too; this spares the wait.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post" || form.hasAttribute("hx-post")) return;
    if (event.submitter?.hasAttribute("formtarget")) return; // opens beside: the page stays as it is
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "1";
    delete form.dataset.changed;
    (event.submitter ?? form.querySelector("button"))?.setAttribute("aria-busy", "true");
  });
  addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) {
      delete form.dataset.sent;
      for (const button of form.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
    }
  });

  // iPhones know no « geo: » address: their own map application does.
  if (/iPhone|iPad/.test(navigator.userAgent)) {
    for (const way of document.querySelectorAll("a[href^='geo:0,0?q=']")) way.href = way.href.replace("geo:0,0?q=", "maps:?q=");
  }

  // Signing out leaves nothing of anyone in this browser (visits kept on a phone); what waits to be sent is asked about first.
  document.addEventListener("submit", (event) => {
    if (!event.target.getAttribute("action")?.endsWith("/logout/")) return; // a field may be named « action »
    const waiting = Number(localStorage.getItem("visites-en-attente"));
    const several = waiting > 1;
    const asked = `${waiting} ${several ? "comptes rendus ne sont pas envoyés" : "compte rendu n’est pas envoyé"} : se déconnecter ${several ? "les" : "l’"} efface de ce téléphone. Se déconnecter quand même ?`.replace("l’ efface", "l’efface");
    if (waiting && !confirm(asked)) {
      event.preventDefault();
      return;
    }
    localStorage.clear();
    self.indexedDB?.deleteDatabase("visites");
    self.caches?.keys().then((names) => names.forEach((name) => caches.delete(name)));
    navigator.serviceWorker?.getRegistrations().then((all) => all.forEach((one) => one.unregister()));
  }, { capture: true });

  // Leaving a form with something typed: the browser asks first.
  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (form?.hasAttribute("data-guard")) form.dataset.changed = "1";
  });
  addEventListener("beforeunload", (event) => {
    if (document.querySelector("form[data-changed]")) event.preventDefault();
  });

  // The bulk bar names the count.
  const countPicked = (form) => {
    const bar = form?.querySelector("[data-bulk]");
    if (!bar) return;
    const boxes = [...form.querySelectorAll("tbody .pick input")];
    const picked = boxes.filter((box) => box.checked).length;
    const several = picked > 1;
    const everything = bar.querySelector("input[name=tout]:checked");
    bar.querySelector("[data-bulk-count]").textContent = everything
      ? "Toute la liste"
      : `${picked} ${several ? bar.dataset.plural : bar.dataset.noun} ${several ? "choisis" : "choisi"}`;
    const all = form.querySelector("thead .pick input");
    if (all) {
      all.checked = picked > 0 && picked === boxes.length;
      all.indeterminate = picked > 0 && picked < boxes.length;
    }
  };
  document.addEventListener("change", (event) => {
    const box = event.target;
    if (box.name === "tout") countPicked(box.form);
    if (!box.closest?.(".pick")) return;
    if (box.closest("thead")) for (const other of box.form.querySelectorAll("tbody .pick input")) other.checked = box.checked;
    countPicked(box.form);
  });
  document.addEventListener("reset", (event) => setTimeout(() => countPicked(event.target)));
  for (const bar of document.querySelectorAll("[data-bulk]")) countPicked(bar.closest("form"));

  // An address shown once: a button copies it.
  for (const field of document.querySelectorAll("[data-copy]")) {
    if (!navigator.clipboard) break;
    const button = Object.assign(document.createElement("button"), { type: "button", className: "btn", textContent: "Copier" });
    button.addEventListener("click", async () => {
      field.select();
      await navigator.clipboard.writeText(field.value);
      button.textContent = "Copié";
    });
    field.after(button);
  }

  // A record chosen among the suggestions: its whole name is in the field.
  document.addEventListener("change", (event) => {
    const name = event.target.dataset?.lookupText;
    if (name) event.target.closest("[data-lookup]").querySelector("input[type=text]").value = name;
  });

  // A file dragged over its box.
  for (const kind of ["dragover", "dragleave", "drop"]) {
    document.addEventListener(kind, (event) => {
      const box = event.target.closest?.(".file-drop");
      if (!box) return;
      event.preventDefault();
      box.classList.toggle("dragging", kind === "dragover");
      if (kind !== "drop") return;
      const input = box.querySelector("input[type=file]");
      input.files = event.dataTransfer.files;
      input.dispatchEvent(new Event("change", { bubbles: true }));
      input.dispatchEvent(new Event("input", { bubbles: true }));
    });
  }

  // What htmx brings and a screen reader should hear once: the end of a job, the number of results.
  document.addEventListener("htmx:afterSettle", (event) => {
    const said = event.target.closest?.("[data-announce]") ?? event.target.querySelector?.("[data-announce]");
    const found = event.target.querySelector?.(".pages > .muted");
    const region = document.getElementById("annonces");
    if (region && (said || found)) region.textContent = said ? said.dataset.announce : found.textContent;
    for (const bar of document.querySelectorAll("[data-bulk]")) countPicked(bar.closest("form"));
  });

  // An address names only the filters in use.
  document.addEventListener("htmx:configRequest", (event) => {
    if (!event.detail.elt.matches("form[data-filters]")) return;
    for (const [name, value] of [...event.detail.formData.entries()]) if (value === "") event.detail.formData.delete(name);
  });

  // After an update in place the list is no longer the saved view that the page was drawn with.
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (!event.detail.requestConfig?.elt?.matches?.("form[data-filters]")) return;
    document.querySelector(".views [aria-current]")?.removeAttribute("aria-current");
  });

  // Another view of the list on screen: with the filters as they stand now.
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[data-keeps-query]");
    if (link) link.search = location.search;
  });

  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => print());
  }
})();
